import Catalog

/// Goes back through the history for the last operation that a person did here on purpose and that is not undone yet.
///
/// Not looked for are merges, what others did, what another replica did, what no Offbeat did, undos, and the first
/// version.
struct OperationSearch {
    private let person: PersonID?
    private let replica: ReplicaID
    /// The undos met so far, by what they undid.
    private var undos: [Stamp: [HistoryEntry]] = [:]
    /// Operations met so far that are undone, each with its undos, the newest first.
    private(set) var undone: [(operation: HistoryEntry, undos: [HistoryEntry])] = []
    /// All operations met so far, by the replica that did them.
    private var operations: [ReplicaID: [(stamp: Stamp, entry: HistoryEntry)]] = [:]

    init(by person: PersonID?, at replica: ReplicaID) {
        self.person = person
        self.replica = replica
    }

    /// Takes the next version, newest first; says whether it is one to be undone.
    mutating func takes(_ entry: HistoryEntry) -> Bool {
        guard let operation = entry.operation else { return false }
        operations[operation.replica, default: []].append((operation, entry))
        if let undone = entry.undoes { undos[undone, default: []].append(entry) }
        if let undos = undos[operation] {
            undone.append((entry, undos))
            return false
        }
        return entry.undoes == nil && entry.parents.count == 1 && operation.replica == replica
            && entry.person == person
    }

    /// The version that gave a stamp: of those of its replica the last that began before it.
    func author(of stamp: Stamp) -> HistoryEntry? {
        operations[stamp.replica]?.filter { $0.stamp <= stamp }.max { $0.stamp < $1.stamp }?.entry
    }
}
