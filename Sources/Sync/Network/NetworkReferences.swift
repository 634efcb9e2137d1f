import Files
import Git
public import Network
public import Store
import Synchronization

/// References at a remote on another computer, each for a small file.
public final class NetworkReferences: ReferenceTransport {
    private let remote: NetworkRemote
    private let store: Store
    /// What files say that have come already: one of a name never changes.
    private let known = Mutex<[ObjectID: [UInt8]]>([:])

    private static let limit = 1 << 16

    /// Takes the references of a remote; what comes of them lies in the store for a moment.
    public init(at remote: NetworkRemote, for store: Store) {
        self.remote = remote
        self.store = store
    }

    /// Where it is, for a person.
    public var place: String { remote.place }

    /// The references whose names begin so, sorted by name.
    public func references(below prefix: String) throws -> [NamedFile] {
        let conversation = try GitConversation(with: .uploadPack, at: remote)
        return try read(conversation.advertisement.references(below: prefix), conversation)
    }

    /// One reference; nil where there is none of that name.
    public func reference(_ name: String) throws -> NamedFile? {
        let conversation = try GitConversation(with: .uploadPack, at: remote)
        guard let id = conversation.advertisement[name] else {
            conversation.leave()
            return nil
        }
        return try read([Reference(name: name, id: id)], conversation).first
    }

    /// Brings the files in the same conversation, those that are not known yet.
    private func read(_ references: [Reference], _ conversation: GitConversation) throws -> [NamedFile] {
        let lacking = known.withLock { known in references.map(\.id).filter { known[$0] == nil } }
        if lacking.isEmpty {
            conversation.leave()
        } else {
            let landing = try Landing(over: store)
            var limits = FetchLimits()
            limits.packBytes = lacking.count * Self.limit
            limits.objectBytes = Self.limit
            let session = FetchSession(
                over: conversation.channel, after: conversation.advertisement, agent: remote.agent, limits: limits)
            do { _ = try session.fetch(lacking, into: landing.packs) } catch {
                throw SyncError.ofTravel(error, at: remote.place)
            }
            let objects = try landing.objects()
            known.withLock { known in
                for id in lacking { known[id] = try? objects.readBlob(id, limit: Self.limit) }
            }
        }
        return known.withLock { known in
            references.map { NamedFile(name: $0.name, id: $0.id, bytes: known[$0.id]) }
        }
    }

    /// Makes a reference. False where there is one already.
    ///
    /// Where the server's answer is lost, or means several things, it is looked at what the reference stands for: nobody else
    /// makes one for the same bytes.
    public func create(_ name: String, standingFor bytes: [UInt8]) throws -> Bool {
        let packed = try store.pack(file: bytes)
        let outcome = try change(PushCommand(name, from: nil, to: packed.id), pack: packed.pack)
        switch outcome {
        case .done: return true
        case .stands(let id) where id != nil: return id == packed.id
        case .stands: throw unmoved(name, "made")
        case .refused(let error), .unmoved(let error): throw error
        }
    }

    /// Takes a reference away. False where it stands for something else by now, or is gone.
    public func remove(_ reference: NamedFile) throws -> Bool {
        let outcome = try change(PushCommand(reference.name, from: reference.id, to: nil), pack: nil)
        switch outcome {
        case .done: return true
        case .stands(let id) where id == reference.id: throw unmoved(reference.name, "taken away")
        case .stands: return false
        case .refused(let error), .unmoved(let error): throw error
        }
    }

    private enum Change {
        case done
        /// It was not done, or nobody knows, and this is what the reference stands for now.
        case stands(ObjectID?)
        case refused(SyncError)
        /// The server speaks of a lost race, and it stands for what it did before.
        case unmoved(SyncError)
    }

    private func change(_ command: PushCommand, pack: FilePath?) throws -> Change {
        let first = try attempt(command, pack: pack)
        // A lost race that nobody has won is told once, perhaps, and then for another reason.
        guard case .unmoved = first else { return first }
        let second = try attempt(command, pack: pack)
        guard case .unmoved(let error) = second else { return second }
        return .refused(error)
    }

    private func attempt(_ command: PushCommand, pack: FilePath?) throws -> Change {
        let lines = ServerWords()
        do {
            let conversation = try GitConversation(with: .receivePack, at: remote)
            let session = PushSession(
                over: conversation.channel, after: conversation.advertisement, agent: remote.agent
            ) { progress in
                if let words = progress.words { lines.add(words) }
            }
            let outcome = try session.push([command], pack: pack).first
            if outcome == .done { return .done }
            let now = try standing(command.name)
            guard now == command.old, let outcome else { return .stands(now) }
            let error = HostRefusal(outcome.reason, lines.all, of: command.name, at: remote.place).error
            if case .refused = outcome { return .refused(error) }
            return .unmoved(error)
        } catch let error as WireError where error.code == .unanswered {
            // What it stands for tells.
        } catch { throw SyncError.ofTravel(error, at: remote.place) }
        return .stands(try standing(command.name))
    }

    private func standing(_ name: String) throws -> ObjectID? {
        let conversation = try GitConversation(with: .uploadPack, at: remote)
        conversation.leave()
        return conversation.advertisement[name]
    }

    private func unmoved(_ name: String, _ what: String) -> SyncError {
        SyncError(.offline, "\(name) was not \(what) at \(remote.place)", hint: "try again")
    }
}
