import Blobs
import Catalog
import Files
import Git

/// One look at a whole store that changes nothing of it, not a byte.
///
/// It needs no lock and may run beside writers: references are read first, then what they lead to, then files; so what
/// a writer adds meanwhile is not looked at, and what is missing is looked for again before it is called so.
final class Inspection {
    let path: FilePath
    let context: StoreContext
    let request: CheckRequest
    let watch: CheckWatch
    let repository: Repository
    let blobs: BlobStore

    var counts = CheckCounts()
    private(set) var problems: [Problem] = []
    private var known: Set<Problem.Key> = []
    /// The version that `main` names, if it can be read.
    var head: Version?
    /// The versions that branches name: the library's, and that of the analyses.
    var branchHeads: Set<ObjectID> = []
    /// The files that some version names.
    var named = NamedFiles()
    /// Packs of which one of the two files is missing, which may be what a killed program left.
    var unfinishedPacks: [PackReading] = []
    /// Files that the journal says are here, and are not.
    var vanished: Set<Pointer> = []

    init(at path: FilePath, context: StoreContext, request: CheckRequest, watch: CheckWatch) throws(StoreError) {
        self.path = path
        self.context = context
        self.request = request
        self.watch = watch
        try Self.requireStore(at: path)
        repository = try StoreError.wrapping("open", path.string) { () throws(GitError) in
            try Repository(objectsOf: path)
        }
        blobs = BlobStore(
            directory: Store.files(in: path), borrowingFrom: request.lender.map { Store.files(in: $0) })
    }

    /// A store may lack one of its parts, or it could not be repaired; but objects and files there must be.
    private static func requireStore(at path: FilePath) throws(StoreError) {
        let parts = ["objects", "lfs", "HEAD", "refs"].map { FileSystem.exists(path.appending($0)) }
        guard parts[0], parts[1], parts[2] || parts[3] else {
            throw StoreError(
                .notAStore, "\(path) is not an Offbeat store",
                hint: "make one with `offbeat init`, or name one with --store")
        }
    }

    /// Looks at everything.
    func run() throws -> CheckReport {
        let hashing = try beginHashing()
        try inspectConfiguration()
        let references = try inspectReferences()
        try inspectPacks()
        try inspectHistory(of: references)
        if request.isDeep { try inspectLooseObjects() }
        if let head { try HeadInspection(of: head, for: self).run() }
        try inspectJournal()
        try inspectFiles(hashing)
        try inspectReplica()
        try inspectLocks()
        try countLeftovers()
        return CheckReport(counts: counts, problems: problems)
    }

    /// Notes a problem, unless it is known already.
    func add(_ problem: Problem) {
        if known.insert(problem.key).inserted { problems.append(problem) }
    }

    /// Notes that one more of a great number was looked at.
    func advance(_ what: String, _ done: Int, of total: Int? = nil) throws {
        guard done % 256 == 0 else { return }
        try watch.checkStopped()
        watch.report(what, Int64(done), total.map(Int64.init), false)
    }
}
