/// How the clocks of one time zone go: its offsets from UTC, and when they change.
///
/// A plain value, read from the bytes of the time zone database (RFC 8536); whoever has files hands them in.
public struct ZoneRules: Sendable {
    /// When an offset begins to hold, in seconds since 1970, in order.
    let changes: [(at: Int64, offset: Int)]
    /// The offset before the first change, in seconds east of Greenwich.
    let first: Int
    /// What holds after the last change, year by year.
    let tail: ZoneTail?

    init(first: Int, changes: [(at: Int64, offset: Int)], tail: ZoneTail?) {
        self.first = first
        self.changes = changes
        self.tail = tail
    }

    /// How many seconds the zone is east of Greenwich at a moment, given in seconds since 1970.
    public func offset(at seconds: Int64) -> Int {
        // Far beyond the year 9999, and safe to reckon with.
        let seconds = min(max(seconds, -1 << 40), 1 << 40)
        if let tail, seconds >= changes.last?.at ?? .min { return tail.offset(at: seconds) }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : changes[low - 1].offset
    }
}

/// What a time on the clock of a zone means.
public enum ZonedTime: Sendable, Hashable {
    /// One moment.
    case once(Timestamp)
    /// Two moments, since the clocks are put back over it.
    case twice(earlier: Timestamp, later: Timestamp)
    /// None, since the clocks are put forward over it: the moment at which it would have been, had they not been, and
    /// what the clocks show then.
    case never(instead: Timestamp, shown: LocalTime)

    /// The moment to act at: of two the first, of none the one that it would have been.
    public var moment: Timestamp {
        switch self {
        case .once(let moment), .twice(let moment, _), .never(let moment, _): moment
        }
    }
}

extension ZoneRules {
    /// Finds the moments at which the clocks show a time.
    public func moments(of local: LocalTime) -> ZonedTime {
        let asUTC = local.secondsAsUTC
        // No clock is further than a day from UTC, and none is changed twice in two days.
        let (before, after) = (offset(at: asUTC - 86_400), offset(at: asUTC + 86_400))
        let found = Set([before, after]).map { asUTC - Int64($0) }
            .filter { $0 + Int64(offset(at: $0)) == asUTC }.sorted()
        func moment(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }
        if found.count == 2 { return .twice(earlier: moment(found[0]), later: moment(found[1])) }
        if let only = found.first { return .once(moment(only)) }
        let instead = asUTC - Int64(before)
        return .never(
            instead: moment(instead), shown: LocalTime(secondsAsUTC: instead + Int64(offset(at: instead))))
    }
}
