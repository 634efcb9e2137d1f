/// Which stamps repeat an earlier decision: an undo puts a value back under a new stamp, and decides nothing new by it.
///
/// With this, what was decided before an operation that is undone by now can still be told from what somebody decided
/// since.
public struct Echoes: Sendable {
    private var origins: [Stamp: Stamp?] = [:]

    /// Knows of no undo.
    public init() {}

    /// Whether no stamp repeats another.
    public var isEmpty: Bool { origins.isEmpty }

    /// The stamp of the decision that a stamp stands for; nil where it stands for a value that never was.
    public func origin(of stamp: Stamp?) -> Stamp? {
        var current = stamp
        // Each step leads to an earlier stamp; in a history that was made up they might lead around.
        for _ in 0...origins.count {
            guard let known = current, let earlier = origins[known] else { return current }
            current = earlier
        }
        return stamp
    }

    /// Takes note of what an undo did to one record.
    ///
    /// - Parameters:
    ///   - undo: the record that it left behind.
    ///   - found: the record that it found; nil where it brought the record back.
    ///   - original: the record before the operation that was undone.
    public mutating func note<Kind>(
        undo: Record<Kind>, found: Record<Kind>?, original: Record<Kind>
    ) {
        for place in undo.places(with: original) {
            let (new, old) = (undo.decided(at: place), original.decided(at: place))
            guard new.value == old.value else { continue }
            let before = found?.decided(at: place).stamps ?? []
            for (stamp, origin) in zip(new.stamps, old.stamps) {
                guard let stamp, stamp != origin, !before.contains(stamp) else { continue }
                origins[stamp] = .some(origin)
            }
        }
    }
}
