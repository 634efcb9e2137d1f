public import Catalog
import Git

extension Store {
    /// The versions that gave some stamps, as far as a walk of bounded length finds them.
    ///
    /// A stamp was given by the last operation of its replica that began no later, or by the version that took in what a
    /// guest did, and no more than a day before it: so
    /// far a commit's time may differ from its stamps'. The history is walked back from a version until all are found, but
    /// no further than a day before the earliest that is missing, and over no more than ten thousand versions. The cost
    /// follows the age of what is looked for, not the length of the history.
    public func versions(
        giving stamps: some Sequence<Stamp>, before version: Version
    ) throws -> [Stamp: HistoryEntry] {
        var search = StampSearch(for: stamps)
        if search.isDone { return [:] }
        try forEachVersion(from: version) { search.goesOn(after: $0) }
        return search.found
    }
}

/// Looks for the operations that gave some stamps.
private struct StampSearch {
    private static let limit = 10_000
    private static let day: UInt64 = 86_400_000

    private(set) var found: [Stamp: HistoryEntry] = [:]
    private var missing: [ReplicaID: Set<Stamp>]
    private var earliest: UInt64 = 0
    private var count = 0

    init(for stamps: some Sequence<Stamp>) {
        missing = Dictionary(grouping: stamps, by: \.replica).mapValues { Set($0) }
        findEarliest()
    }

    var isDone: Bool { missing.isEmpty }

    /// Takes the next version, newest first; says whether another is to follow.
    mutating func goesOn(after entry: HistoryEntry) -> Bool {
        count += 1
        if entry.at + Self.day < earliest { return false }
        if let operation = entry.operation { take(entry, of: operation.replica) { operation <= $0 } }
        // All that a guest did came with the one version by which it was kept.
        if let absorbed = entry.absorbs { take(entry, of: absorbed.replica) { _ in true } }
        return !isDone && count < Self.limit
    }

    private mutating func take(_ entry: HistoryEntry, of replica: ReplicaID, where mayGive: (Stamp) -> Bool) {
        guard let stamps = missing[replica] else { return }
        let given = stamps.filter { mayGive($0) && entry.at + Self.day >= $0.milliseconds }
        for stamp in given { found[stamp] = entry }
        let rest = stamps.subtracting(given)
        missing[replica] = rest.isEmpty ? nil : rest
        if !given.isEmpty { findEarliest() }
    }

    private mutating func findEarliest() { earliest = missing.values.joined().min()?.milliseconds ?? 0 }
}
