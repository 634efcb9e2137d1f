public import Blobs
import Catalog
public import Files
import Git
import Synchronization
import Trace

/// One versioned folder: a bare git repository with files in the git-lfs layout.
///
/// A store is read through a `Snapshot`, which is one version and never changes, and written through `write`, which
/// makes a new version and takes the one door, `Writer.advance`. Nothing else moves the head; so whoever keeps
/// something derived from the store needs only to compare versions. A store never asks who is calling: what a person
/// may see or do is decided above it.
///
/// Any number of threads and processes may read while one writes.
public final class Store: Sendable {
    /// The store's directory.
    public let path: FilePath
    /// The content-addressed files.
    public let blobs: BlobStore
    /// What the store takes from the world around it: time, machine, patience.
    public let context: StoreContext

    /// What it has of the store that it lies over; nil for a store of its own.
    public let loan: Loan?

    /// The directory that will be the store's: another one than `path` as long as it is built.
    let home: FilePath
    let repository: Repository
    let observers = Mutex(Observers())

    /// The branch that holds the records.
    static let head = "refs/heads/main"

    /// Opens the store at a directory.
    ///
    /// Throws `.notAStore` where there is none, and `.newerFormat` for one that a later program made.
    ///
    /// - Parameter loan: what a scratch store has of the one that it lies over.
    public convenience init(at path: FilePath, context: StoreContext, over loan: Loan? = nil) throws(StoreError) {
        try self.init(at: path, home: path, context: context, loan: loan)
    }

    init(at path: FilePath, home: FilePath, context: StoreContext, loan: Loan? = nil) throws(StoreError) {
        self.path = path
        self.home = home
        self.context = context
        self.loan = loan
        repository = try StoreError.wrapping("open", path.string) { () throws(GitError) in
            try context.trace.measure(.store, "opened \(path)") { () throws(GitError) in
                try Repository(at: path, trace: context.trace)
            }
        }
        blobs = BlobStore(
            directory: Self.files(in: path), borrowingFrom: loan.map { Self.files(in: $0.base) },
            quota: loan?.quota?.bytes, trace: context.trace)
    }

    static func files(in path: FilePath) -> FilePath { path.appending("lfs") }

    /// Where half-written files lie until they get their names; each writer has a directory of its own there.
    var temporaryParent: FilePath { Self.temporaryParent(in: path) }

    static func temporaryParent(in path: FilePath) -> FilePath { files(in: path).appending("tmp") }

    /// The version that the head names now.
    public func version() throws(StoreError) -> Version {
        let id = try StoreError.wrapping("read", Self.head) { () throws(GitError) in
            try repository.resolve(Self.head)
        }
        guard let id else {
            throw StoreError(
                .notAStore, "\(path) has no version: its branch main is missing",
                hint: "name a store that `offbeat init` made, or restore refs/heads/main")
        }
        return Version(id)
    }

    /// The store as it is now.
    public func snapshot() throws(StoreError) -> Snapshot {
        try context.trace.measure(.store, "read the head") { () throws(StoreError) in try snapshot(of: version()) }
    }

    /// The store as it was at a version.
    public func snapshot(of version: Version) throws(StoreError) -> Snapshot {
        let commit = try commit(of: version)
        let snapshot = Snapshot(version: version, root: commit.tree, repository: repository)
        // A store of a newer format is refused before anything of it is believed.
        _ = try snapshot.info()
        return snapshot
    }

    /// Whether the records of a version are here, as they may not be where the store was put back from a backup.
    public func hasRecords(of version: Version) throws(StoreError) -> Bool {
        guard let commit = try? commit(of: version) else { return false }
        return repository.contains(commit.tree)
    }

    func commit(of version: Version) throws(StoreError) -> Commit {
        try StoreError.wrapping("read", "version \(version.short)") { () throws(GitError) in
            try repository.readCommit(version.id)
        }
    }

    /// Finds the version that a person names: `HEAD`, `HEAD~3`, or four or more digits of its id.
    public func version(named name: String) throws(StoreError) -> Version {
        let parts = name.split(separator: "~", omittingEmptySubsequences: false)
        let back = parts.count == 2 ? Int(parts[1].isEmpty ? "1" : parts[1]) : (parts.count == 1 ? 0 : nil)
        guard let back, back >= 0 else { throw .noSuchVersion(name) }
        var version = try parts[0] == "HEAD" ? version() : version(withPrefix: String(parts[0]), in: name)
        for _ in 0..<back {
            guard let parent = try commit(of: version).parents.first else { throw .noSuchVersion(name) }
            version = Version(parent)
        }
        return version
    }

    private func version(withPrefix prefix: String, in name: String) throws(StoreError) -> Version {
        guard prefix.utf8.count >= 4, prefix.utf8.count <= 40, prefix.utf8.allSatisfy(Self.isHexDigit) else {
            throw .noSuchVersion(name)
        }
        let found = try StoreError.wrapping("look up", prefix) { () throws(GitError) in
            try repository.find(prefix: prefix, kind: .commit)
        }
        var candidates: [ObjectID] = []
        for id in found where try isKnown(Version(id)) { candidates.append(id) }
        guard let first = candidates.first else { throw .noSuchVersion(name) }
        guard candidates.count == 1 else {
            let list = candidates.map { Version($0).short }.joined(separator: ", ")
            throw StoreError(.ambiguous, "\(prefix) names several versions: \(list)", hint: "give more digits")
        }
        return Version(first)
    }

    /// Whether a version is one of this store's own past. What came to be in the store below since a scratch store was made
    /// lies among its objects, but is none of it.
    private func isKnown(_ version: Version) throws(StoreError) -> Bool {
        guard loan != nil else { return true }
        if try leads(from: version, to: self.version()) { return true }
        return try analysesVersion().map { (own) throws(StoreError) in try leads(from: version, to: own) } ?? false
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
