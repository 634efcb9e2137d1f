import Blobs
import Catalog
import Files
import Git
public import Store

/// A look at a remote that is a folder: whether its branches stand at versions that are all there, with their files.
///
/// Nothing is written there. What this store was told to be there by its last sync counts as being there, and only the
/// versions that the branches stand at are looked at, with all their files, and those that came since; a deep check looks
/// at the whole history and every byte.
public struct RemoteCheck: Sendable {
    let store: Store
    /// What the remote is called here.
    public let name: String
    let repository: SharedRepository
    let files: FolderFiles
    let request: CheckRequest
    let watch: CheckWatch

    /// Where the remote is.
    var path: FilePath { repository.path }

    static let branches = [main, analyses]
    static let main = "refs/heads/main"
    static let analyses = "refs/heads/analyses"

    /// Opens the remote of a store; `name` is what it is called there.
    ///
    /// - Throws: `.offline` where there is nothing now, `.refused` where there is something else than this store's remote,
    ///   `.damaged` where that cannot be told.
    public init(
        of store: Store, with remote: FolderRemote, called name: String, _ request: CheckRequest,
        watch: CheckWatch = CheckWatch()
    ) throws {
        let known = try store.heads().all + store.lastSeen(of: name).all
        repository = try remote.openForChecking(for: store.snapshot().info().id, knowing: known) { version in
            known.contains { (try? store.leads(from: Version(version), to: Version($0))) == true }
        }
        files = FolderFiles(at: remote.path, modes: SharedModes(configValue: repository.sharing))
        self.store = store
        self.name = name
        self.request = request
        self.watch = watch
    }

    /// Looks.
    public func run() throws -> RemoteCheckReport {
        let inspection = try look(hashing: nil)
        return RemoteCheckReport(counts: inspection.counts, problems: inspection.findings.map(\.problem))
    }

    /// - Parameter alone: if set, just these files are hashed, whatever is asked for.
    func look(hashing alone: Set<Pointer>?) throws -> RemoteInspection {
        let inspection = try RemoteInspection(of: self)
        try inspection.run(hashing: alone)
        return inspection
    }
}

/// What a check of a remote found.
public struct RemoteCheckReport: Sendable {
    /// How much was looked at.
    public let counts: RemoteCheckCounts
    /// What is wrong.
    public let problems: [Problem]
}
