import Digest
public import Files

/// What is to be checked.
public struct CheckRequest: Sendable {
    /// Whether every stored object and file is read and hashed, needed or not.
    public var isDeep = false
    /// How much of the files is hashed, in percent; chosen by chance, so that repeated checks come to all of them.
    public var percent: Int?
    /// Where a copy of the journal may lie for a moment: the check itself writes nothing to the store.
    public var scratch: FilePath

    /// The store below, where this is a scratch store: files that lie there are here too.
    public var lender: FilePath?

    /// If set, just these files are hashed, whatever else is asked for.
    var hashedAlone: Set<ContentHash>?
    /// Whether the journal is looked at again where it seems to be wrong, as it does for a moment while others write.
    var isPatient = true

    /// Asks for the quick check.
    public init(scratch: FilePath) { self.scratch = scratch }

    /// The share of the files that is hashed.
    public var hashedPercent: Int { percent ?? (isDeep ? 100 : 0) }
}

/// How a check tells how far it is, and learns that it should stop.
public struct CheckWatch: Sendable {
    /// Is told what is being looked at, how much of it is done, of how much, and whether bytes are counted.
    public var report: @Sendable (_ what: String, _ done: Int64, _ total: Int64?, _ isBytes: Bool) -> Void
    /// Throws what ends the check.
    public var checkStopped: @Sendable () throws -> Void

    /// Makes a watch; without words it tells nobody and never stops.
    public init(
        report: @escaping @Sendable (String, Int64, Int64?, Bool) -> Void = { _, _, _, _ in },
        checkStopped: @escaping @Sendable () throws -> Void = {}
    ) {
        self.report = report
        self.checkStopped = checkStopped
    }
}

/// How much was looked at.
public struct CheckCounts: Sendable, Hashable {
    /// Commits of the history.
    public internal(set) var versions = 0
    /// Objects of git that something needs; with a deep check, all.
    public internal(set) var objects = 0
    /// Packs.
    public internal(set) var packs = 0
    /// Branches, tags and the like.
    public internal(set) var refs = 0
    /// Records of the present version.
    public internal(set) var records = 0
    /// Tracks of the present version.
    public internal(set) var tracks = 0
    /// Pointers of the present version.
    public internal(set) var pointers = 0
    /// Files that some version names.
    public internal(set) var files = 0
    /// Files whose bytes were hashed.
    public internal(set) var hashed = 0
    /// How many bytes those have.
    public internal(set) var bytes: Int64 = 0
    /// Files that were never here and may be fetched from a remote, and those that a collection has set aside.
    public internal(set) var elsewhere = 0
    /// Half-written things of programs that are gone; the next writer sweeps them.
    public internal(set) var leftovers = 0
    /// What was looked at in a remote; nil where none was.
    public internal(set) var remote: RemoteCheckCounts?
}

/// How much was looked at in a remote.
public struct RemoteCheckCounts: Sendable, Hashable {
    /// Objects of git that its branches lead to, as far as they were read.
    public var objects = 0
    /// Files that the versions name which its branches stand at.
    public var files = 0
    /// Files whose bytes were hashed.
    public var hashed = 0
    /// How many bytes those have.
    public var bytes: Int64 = 0

    /// Nothing yet.
    public init() {}
}

/// What a check found.
public struct CheckReport: Sendable {
    /// How much was looked at.
    public internal(set) var counts = CheckCounts()
    /// What is wrong.
    public internal(set) var problems: [Problem] = []

    /// Whether nothing is wrong, or all of it was mended.
    public var isSound: Bool { problems.allSatisfy(\.repaired) }

    /// Adds what was found in a remote, or why nothing could be looked at there.
    public mutating func add(_ found: [Problem], ofRemote counts: RemoteCheckCounts?) {
        problems += found
        self.counts.remote = counts
    }
}
