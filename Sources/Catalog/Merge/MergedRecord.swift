public import Digest

/// What came of joining two laptops' records of one thing.
public struct MergedRecord<Kind: RecordKind>: Sendable {
    /// The record, conflicts included.
    public internal(set) var record: Record<Kind>
    /// What lost in this merge and waits for a person: none of it was known to either side.
    public internal(set) var lost: [Conflict] = []
    /// Texts that the record's conflicts name by their hash, as they are too long to stand in it.
    public internal(set) var longTexts: [ContentHash: [UInt8]] = [:]
    /// Whether both together would be larger than a record may be: then it is the later one alone.
    public internal(set) var isTooLarge = false
}

extension Record {
    /// Joins two laptops' records of one thing.
    ///
    /// The result depends on what was written, and not on which side is whose. Each field and each element of a set goes
    /// by its own stamp. What both changed since `base` to different values is decided by the later stamp, and the other
    /// value is kept in `conflicts`.
    ///
    /// - Parameters:
    ///   - other: the other laptop's.
    ///   - base: the record that both were made from; nil where they were made apart, or it cannot be read.
    public func merged(with other: Record, base: Record?) -> MergedRecord<Kind> {
        if self == other || other == base { return MergedRecord(record: self) }
        if self == base { return MergedRecord(record: other) }
        let join = RecordJoin(self, other, base: base)
        return join.finished()
    }

    /// The record as it stands after somebody else removed it, since it was changed meanwhile: with a conflict that says
    /// so.
    ///
    /// The key of that conflict depends on `base` alone, what was removed; so a person decides once.
    ///
    /// - Returns: the record, and the conflict unless it was known; nil where the record has no room for it.
    public func keptAgainstRemoval(since base: Record) -> (record: Record, conflict: Conflict?)? {
        let key = Conflict.Key(field: Conflict.removal, stamp: base.modified, value: true)
        var record = self
        if fields["conflicts"]?[key.description] != nil { return (self, nil) }
        record.setElement(key.description, of: "conflicts", to: ["at": base.modified.json, "value": true])
        guard (try? record.encode()) != nil else { return nil }
        return (record, record.conflicts.first { $0.key == key })
    }
}
