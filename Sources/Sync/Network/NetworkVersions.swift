public import Files
public import Git
public import Network
public import Store
import Synchronization

/// Versions at a remote on another computer, by git's own protocol.
public final class NetworkVersions: VersionTransport {
    private static let main = "refs/heads/main"
    private static let analyses = "refs/heads/analyses"

    /// Is told how many objects have come, and how many there are to be.
    public typealias Arriving = @Sendable (_ done: Int, _ total: Int) -> Void

    let remote: NetworkRemote
    private let arriving: Arriving
    private let state = Mutex(State())

    private struct State: Sendable {
        /// The conversation in which the heads were asked for: what they lead to can be fetched in it.
        var open: GitConversation?
        /// Whether it was seen to.
        var deniesNonFastForwards = false
        /// How often in a row the server spoke of a lost race that nobody had won.
        var unmoved = 0
    }

    /// Takes a remote. Nothing is asked of it yet.
    public init(at remote: NetworkRemote, arriving: @escaping Arriving = { _, _ in }) {
        self.remote = remote
        self.arriving = arriving
    }

    deinit { take()?.leave() }

    /// Whether it has refused another move already: nobody can ask before.
    public var deniesNonFastForwards: Bool { state.withLock { $0.deniesNonFastForwards } }

    private func take() -> GitConversation? {
        state.withLock { state in
            defer { state.open = nil }
            return state.open
        }
    }

    /// What the branches stand at now.
    ///
    /// - Throws: `.refused` where there are branches, and none of them is main: that is no store's remote.
    public func heads() throws -> RemoteHeads {
        take()?.leave()
        let conversation = try GitConversation(with: .uploadPack, at: remote)
        let advertisement = conversation.advertisement
        let heads = RemoteHeads(main: advertisement[Self.main], analyses: advertisement[Self.analyses])
        if heads.main == nil,
            let other = advertisement.references(below: "refs/heads/").first(where: { $0.name != Self.analyses })
        {
            conversation.leave()
            throw SyncError(
                .refused,
                "\(remote.place) holds no store: it has the branch \(other.name.dropFirst(11)), and no main",
                hint: "check the URL; a new remote is an empty repository")
        }
        state.withLock { $0.open = conversation }
        return heads
    }

    /// Brings what these lead to into the store.
    public func fetch(_ heads: RemoteHeads, into store: Store) throws -> ObjectTransfer.Outcome {
        try store.receive(heads, at: remote.place) { landing, objects, known in
            _ = try fetch(heads, lackedBy: objects, knowing: known, into: landing)
        }
    }

    /// Lends what has come of the remote's versions.
    public func lend<R>(
        _ heads: RemoteHeads, whole: Bool, in folder: FilePath, to body: (Repository) throws -> R
    ) throws -> R {
        let landing = try Landing(in: folder)
        let pack = try fetch(heads, lackedBy: nil, knowing: [], into: landing)
        return try withExtendedLifetime(landing) {
            let objects = try landing.objects()
            if whole, pack?.isClosed == false { try requireAll(heads, in: objects) }
            return try body(objects)
        }
    }

    /// Looks for all that these lead to, as ``Store/receive(_:from:at:)`` does with what a store takes in.
    private func requireAll(_ heads: RemoteHeads, in objects: Repository) throws(SyncError) {
        do throws(GitError) { try objects.requireAll(leadingTo: heads.all) } catch {
            throw SyncError(
                .damaged, "\(remote.place) does not send all that its versions consist of: \(error.message)",
                hint: "ask who keeps it to run `git fsck` there; nothing here was changed")
        }
    }

    private func fetch(
        _ heads: RemoteHeads, lackedBy objects: Repository?, knowing known: [ObjectID], into landing: Landing
    ) throws -> FetchedPack? {
        let conversation = try take() ?? GitConversation(with: .uploadPack, at: remote)
        let session = FetchSession(
            over: conversation.channel, after: conversation.advertisement, agent: remote.agent,
            progress: { [arriving] progress in
                if progress.total > 0 { arriving(progress.objects, progress.total) }
            })
        do { return try session.fetch(heads.all, lackedBy: objects, knowing: known, into: landing.packs) } catch {
            throw SyncError.ofTravel(error, at: remote.place)
        }
    }

    /// Nobody can tell.
    public func turn(atMost seconds: Double) -> Turn? { nil }

    /// The server sees to that.
    public func clearAway() {}

    /// Packs what the remote lacks.
    ///
    /// The first branch of all goes by itself: servers take the one that comes first for the main one.
    public func prepare(
        _ heads: RemoteHeads, over standing: RemoteHeads, from store: Store
    ) throws -> any PreparedPush {
        // Nothing more is fetched in this round, and files may be on their way for hours.
        take()?.leave()
        let moves = [(Self.analyses, standing.analyses, heads.analyses), (Self.main, standing.main, heads.main)]
            .compactMap { name, from, to in to.map { PushCommand(name, from: from, to: $0) } }
            .filter { $0.old != $0.new }
        var groups = [moves]
        if standing.main == nil { groups = moves.reversed().map { [$0] } }
        var known = standing.all
        var parcels: [NetworkParcel] = []
        for group in groups where !group.isEmpty {
            let heads = group.compactMap(\.new)
            let packed = try store.pack(heads.map { Version($0) }, lackedByWhatStandsAt: known)
            parcels.append(NetworkParcel(commands: group, versions: packed))
            known += heads
        }
        return NetworkPush(parcels, through: self)
    }

    func noteDenial() { state.withLock { $0.deniesNonFastForwards = true } }

    func noteMove() { state.withLock { $0.unmoved = 0 } }

    /// Whether to try once more where the server speaks of a lost race that nobody has won.
    func mayTryUnmoved() -> Bool {
        state.withLock { state in
            state.unmoved += 1
            return state.unmoved == 1
        }
    }
}
