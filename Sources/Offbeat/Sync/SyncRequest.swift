public import Cache
import Store
public import Sync

/// What a sync is to do.
public struct SyncRequest: Sendable {
    /// The remote's name; nil for the only one, or `origin`.
    public var remote: String?
    /// What is decided about the round beforehand.
    public var terms = Round.Terms()
    /// Whether only the plan is wanted.
    public var isDryRun = false

    /// The usual one.
    public init() {}
}

/// What came of a sync.
public struct SyncOutcome: Sendable {
    /// The remote's name.
    public let remote: String
    /// What became of the versions.
    public let round: RoundReport
    /// Files that came, and their bytes.
    public internal(set) var downloaded = (files: 0, bytes: Int64(0))
    /// Files that are wanted here and that the remote does not have.
    public internal(set) var absent = 0
    /// Files that the remote has, but with other bytes than their names say.
    public internal(set) var damaged = 0

    /// Where the remote is now, if its server has led to another place than its URL names.
    public internal(set) var newPlace: String?

    /// The views that it touched.
    public internal(set) var invalidated: [CacheView] = []

    mutating func note(_ fetched: (came: Download, absent: Int)) {
        downloaded = (fetched.came.files, fetched.came.bytes)
        absent = fetched.absent
        damaged = fetched.came.damaged.count
    }

    /// How many fields both sides had changed, and wait for a person now.
    public var conflicts: Int { round.merges.conflicts.count }

    /// Whether it is only what would be done.
    public internal(set) var isPlan = false

    /// What happened, in a word.
    public enum Result: String, Sendable {
        case upToDate = "up-to-date"
        case pulled, pushed, merged
    }

    /// What happened to the versions, in a word.
    public var result: Result {
        if round.isMerge { return .merged }
        if round.from != round.to { return .pulled }
        return round.pushed > 0 ? .pushed : .upToDate
    }
}
