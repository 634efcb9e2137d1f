import Digest

/// What stands at one place of a record, a field or an element of a set, and when that was decided.
struct Cell: Sendable, Hashable {
    /// What stands there, without a stamp of its own; nil where there is nothing.
    var value: JSON?
    /// When it was decided; nil where nothing ever was, which loses to anything.
    var stamp: Stamp?

    /// Whether it stands against the other. What was decided later does; of two of one time the value with the greater
    /// text, so that nothing depends on which side is whose.
    func prevails(over other: Cell) -> Bool {
        if stamp != other.stamp { return Self.isLater(stamp, than: other.stamp) }
        return Self.isGreater(value, than: other.value)
    }

    /// Whether somebody changed the value without saying when, as plain git does.
    func isByHand(since base: Cell) -> Bool { value != base.value && !Self.isLater(stamp, than: base.stamp) }

    static func isLater(_ stamp: Stamp?, than other: Stamp?) -> Bool {
        guard let stamp else { return false }
        return other.map { stamp > $0 } ?? true
    }

    static func isGreater(_ value: JSON?, than other: JSON?) -> Bool {
        guard let value, let other else { return value != nil && other == nil }
        return other.canonical().lexicographicallyPrecedes(value.canonical())
    }

    /// The stamp of what a merge puts together itself: later than all that it was made of, and the same on each laptop
    /// that makes it of the same.
    static func stamp(of inputs: [Cell], base: Cell?) -> Stamp {
        let all = inputs + [base].compactMap(\.self)
        let last = all.compactMap(\.stamp).map(\.clock).max() ?? 0
        let sorted = inputs.sorted { $1.prevails(over: $0) }
        let text = JSON.array((sorted + [base].compactMap(\.self)).map(\.description)).canonical()
        let hash = ContentHash(of: text).bytes.prefix(6).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return Stamp(clock: last == .max ? last : last + 1, replica: ReplicaID(truncating: hash))
    }

    private var description: JSON {
        .array([stamp.map { .string($0.description) } ?? .null, value.map { .array([$0]) } ?? .null])
    }
}
