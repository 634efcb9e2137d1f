/// What became of taking a step back in one record.
public struct TakenBack: Sendable {
    /// The places that are as they were before.
    public internal(set) var changed: [FieldPlace] = []
    /// The places that were left, each with the stamp of what is there now; none where that came without a stamp, by plain
    /// git.
    public internal(set) var kept: [(place: FieldPlace, stamp: Stamp?)] = []
}

extension Record {
    /// Takes back what a step changed: each place where `before` and `after` differ gets the value of `before` again,
    /// under a new stamp, unless somebody decided it anew since.
    ///
    /// What `after` decided is still in force where this record has its value under its stamp, or under one that only
    /// repeats it. With `after` equal to this record everything is, and the record becomes what `before` was.
    ///
    /// - Parameters:
    ///   - before: the record before the step.
    ///   - after: the record that the step made of it.
    ///   - echoes: which stamps only repeat earlier ones.
    ///   - spares: says of a place that it is to stay as it is.
    ///   - stamp: gives a new stamp, greater than those handed to it.
    public mutating func takeBack(
        from before: Record, to after: Record, echoes: Echoes = Echoes(),
        sparing spares: (FieldPlace) -> Bool = { _ in false }, stamp: ([Stamp?]) -> Stamp
    ) -> TakenBack {
        var result = TakenBack()
        for place in before.places(with: after) {
            if before.decided(at: place).value == after.decided(at: place).value { continue }
            if spares(place) || !hasDecision(of: after, at: place, echoes) {
                result.kept.append((place, newStamp(at: place, since: after)))
            } else {
                take(place, from: before, stamp: stamp)
                result.changed.append(place)
            }
        }
        return result
    }

    /// Whether a step that made this record of `before` changed anything that can be taken back at all.
    public func hasRevocableChange(since before: Record) -> Bool {
        before.places(with: self).contains { before.decided(at: $0).value != decided(at: $0).value }
    }

    /// The first place that somebody changed since the record was `earlier`, with the stamp of what is there now, if it
    /// has one; nil where all is as it was.
    public func firstChange(since earlier: Record, echoes: Echoes = Echoes()) -> (place: FieldPlace, stamp: Stamp?)?
    {
        for field in Self.settledFields where fields[field] != earlier.fields[field] {
            return (FieldPlace(field: field, element: nil), modified)
        }
        return places(with: earlier).first { !hasDecision(of: earlier, at: $0, echoes) }
            .map { ($0, newStamp(at: $0, since: earlier)) }
    }

    /// The same record with a new stamp for everything that it says, so that it holds against a removal elsewhere.
    public func restamped(stamp: ([Stamp?]) -> Stamp) -> Record {
        var record = self
        for place in places(with: self) where decided(at: place).value != nil {
            record.take(place, from: self, all: true, stamp: stamp)
        }
        return record
    }

    /// Gives the file that the record speaks of a new stamp, where not the record but its pointer is put back.
    public mutating func restampFile(_ field: String, stamp: ([Stamp?]) -> Stamp) {
        take(FieldPlace(field: field, element: nil), from: self, all: true, stamp: stamp)
    }

    private func hasDecision(of other: Record, at place: FieldPlace, _ echoes: Echoes) -> Bool {
        let (mine, theirs) = (decided(at: place), other.decided(at: place))
        return mine.value == theirs.value
            && mine.stamps.map(echoes.origin) == theirs.stamps.map(echoes.origin)
    }

    private func newStamp(at place: FieldPlace, since earlier: Record) -> Stamp? {
        let known = earlier.decided(at: place).stamps
        return decided(at: place).stamps.compactMap(\.self).filter { !known.contains($0) }.max()
    }
}
