import Blobs
import Catalog
public import Files
public import Git
public import Store

/// Versions at a remote that is a folder: they are written into it, and its branches are moved by compare-and-swap.
public struct FolderVersions: VersionTransport {
    private static let main = "refs/heads/main"
    private static let analyses = "refs/heads/analyses"

    let repository: SharedRepository
    let scaffold: RemoteScaffold

    /// Opens the remote of a store; `name` is what it is called there.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is something else than this store's remote.
    public init(at remote: FolderRemote, called name: String, of store: Store) throws {
        let known = try store.heads().all + store.lastSeen(of: name).all
        repository = try remote.open(for: store.snapshot().info().id, knowing: known)
        scaffold = RemoteScaffold(in: repository)
    }

    /// Opens a remote that is to be cloned.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is no store.
    public init(cloning remote: FolderRemote) throws(SyncError) {
        repository = try remote.openForCloning()
        scaffold = RemoteScaffold(in: repository)
    }

    /// Who but its owner may use what is written there.
    public var modes: SharedModes { scaffold.modes }

    /// Whether its configuration says so.
    public var deniesNonFastForwards: Bool { repository.deniesNonFastForwards }

    /// What the branches stand at now.
    public func heads() throws -> RemoteHeads {
        do {
            return RemoteHeads(main: try repository.head(Self.main), analyses: try repository.head(Self.analyses))
        } catch { throw SyncError(error, at: repository.path) }
    }

    /// Brings what these lead to into the store.
    public func fetch(_ heads: RemoteHeads, into store: Store) throws -> ObjectTransfer.Outcome {
        try store.receive(heads, from: repository.objects)
    }

    /// Lends the remote's own objects.
    public func lend<R>(
        _ heads: RemoteHeads, whole: Bool, in folder: FilePath, to body: (Repository) throws -> R
    ) throws -> R {
        try body(repository.objects)
    }

    /// Stands in line for a lock in the folder.
    public func turn(atMost seconds: Double) -> Turn? {
        Turn.wait(at: repository.path.appending("lfs/turn"), atMost: seconds, modes: modes)
    }

    /// Clears away what is left there of those who are gone.
    public func clearAway() { scaffold.clearAway() }

    /// Gathers what the remote lacks, in a temporary directory of its own.
    public func prepare(
        _ heads: RemoteHeads, over standing: RemoteHeads, from store: Store
    ) throws -> any PreparedPush {
        let temporary = try scaffold.temporaryDirectory()
        let outgoing = try store.gather(
            heads.all.map { Version($0) }, lackedBy: repository.objects, standingAt: standing.all,
            temporary: temporary)
        let moves = [(Self.analyses, standing.analyses, heads.analyses), (Self.main, standing.main, heads.main)]
            .compactMap { name, from, to in to.map { BranchMove(name: name, from: from, to: $0) } }
        return FolderPush(
            outgoing, moves.filter { $0.from != $0.to }, to: repository, scaffold, temporary: temporary)
    }
}

/// A branch that is to be moved.
struct BranchMove {
    let name: String
    let from: ObjectID?
    let to: ObjectID
}

/// What is about to be written into a folder.
private final class FolderPush: PreparedPush {
    private let outgoing: Outgoing
    private let moves: [BranchMove]
    private let repository: SharedRepository
    private let scaffold: RemoteScaffold
    private let temporary: TemporaryDirectory

    init(
        _ outgoing: Outgoing, _ moves: [BranchMove], to repository: SharedRepository, _ scaffold: RemoteScaffold,
        temporary: TemporaryDirectory
    ) {
        self.outgoing = outgoing
        self.moves = moves
        self.repository = repository
        self.scaffold = scaffold
        self.temporary = temporary
    }

    var files: [Pointer] { outgoing.files }
    var commits: Int { outgoing.outcome.commits }

    func send() throws {
        do {
            // Who has lost already need not write anything.
            for move in moves where try repository.head(move.name) != move.from { throw lost() }
            let batch = WriteBatch(temporary: temporary, modes: scaffold.modes, inside: repository.path)
            try outgoing.write(into: batch)
            try batch.commit()
            for move in moves {
                try repository.move(
                    move.name, from: move.from, to: move.to, temporary: temporary, modes: scaffold.modes)
            }
        } catch let error as GitError {
            throw SyncError(error, at: repository.path)
        } catch let error as FileError {
            throw SyncError(error)
        }
        // The push is done whatever becomes of this; the next one tries again.
        _ = try? scaffold.consolidate(temporary)
    }

    private func lost() -> SyncError {
        SyncError(.raceLost, "somebody else was faster at \(repository.path)", hint: "try again")
    }
}
