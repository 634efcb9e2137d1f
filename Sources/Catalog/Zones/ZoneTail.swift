/// The rule for all years after the last change that a zone's file lists: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneTail: Sendable, Hashable {
    /// A day of each year.
    enum Day: Sendable, Hashable {
        /// From 1 to 365; the 29th of February is never counted.
        case ofCommonYear(Int)
        /// From 0 to 365; the 29th of February is counted.
        case ofYear(Int)
        /// A weekday, 0 for Sunday, in a week of a month; the fifth week is the last.
        case weekday(month: Int, week: Int, day: Int)
    }

    /// When the clocks are changed, each year: a day, and seconds from its beginning.
    struct Change: Sendable, Hashable {
        let day: Day
        let seconds: Int
    }

    /// Summer time.
    struct Summer: Sendable, Hashable {
        let offset: Int
        let begin: Change
        let end: Change
    }

    /// Seconds east of Greenwich, when it is not summer.
    let standard: Int
    let summer: Summer?

    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standard }
        let year = LocalTime(secondsAsUTC: seconds + Int64(standard)).date.year
        let begin = summer.begin.seconds(in: year) - Int64(standard)
        let end = summer.end.seconds(in: year) - Int64(summer.offset)
        // South of the equator summer ends before it begins.
        let isSummer = begin < end ? (begin..<end).contains(seconds) : !(end..<begin).contains(seconds)
        return isSummer ? summer.offset : standard
    }
}

extension ZoneTail.Change {
    /// The moment in a year, on the clock that is about to be changed.
    fileprivate func seconds(in year: Int) -> Int64 {
        let january = LocalTime(year: year, month: 1, day: 1)?.secondsAsUTC ?? 0
        let isLeap = LocalTime.days(inMonth: 2, ofYear: year) == 29
        switch day {
        case .ofCommonYear(let day):
            return january + Int64((isLeap && day >= 60 ? day : day - 1) * 86_400 + seconds)
        case .ofYear(let day): return january + Int64(day * 86_400 + seconds)
        case .weekday(let month, let week, let weekday):
            let first = LocalTime(year: year, month: month, day: 1)?.secondsAsUTC ?? january
            // 1970 began on a Thursday.
            let firstWeekday = Int((first / 86_400 + 4).flooredDivision(by: 7).remainder)
            var day = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            if day >= LocalTime.days(inMonth: month, ofYear: year) { day -= 7 }
            return first + Int64(day * 86_400 + seconds)
        }
    }
}

extension ZoneTail {
    /// Reads the rule; nil unless all of it is understood.
    init?(_ text: [UInt8]) {
        var reader = Reader(rest: text[...])
        guard reader.skipName(), let standard = reader.time() else { return nil }
        self.standard = -standard
        if reader.rest.isEmpty {
            summer = nil
            return
        }
        guard reader.skipName() else { return nil }
        // Summer is an hour ahead unless it says otherwise.
        let offset = reader.rest.first == UInt8(ascii: ",") ? self.standard + 3_600 : reader.time().map { -$0 }
        guard let offset, let begin = reader.change(), let end = reader.change(), reader.rest.isEmpty else {
            return nil
        }
        summer = Summer(offset: offset, begin: begin, end: end)
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// Skips `CET` or `<+03>`.
        mutating func skipName() -> Bool {
            if skip("<") {
                rest = rest.drop { $0 != UInt8(ascii: ">") }
                return skip(">")
            }
            let name = rest.prefix { ASCII.isLower($0 | 0x20) }
            rest = rest.dropFirst(name.count)
            return name.count >= 3
        }

        mutating func number() -> Int? {
            let digits = rest.prefix(while: ASCII.isDigit)
            rest = rest.dropFirst(digits.count)
            return digits.count > 4 ? nil : ASCII.decimal(digits)
        }

        /// Reads `[+-]hh[:mm[:ss]]` as seconds.
        mutating func time() -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard var seconds = number().map({ $0 * 3_600 }) else { return nil }
            for unit in [60, 1] where skip(":") {
                guard let part = number() else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// Reads `,M3.5.0/2`, `,J60` or `,59`.
        mutating func change() -> Change? {
            guard skip(","), let day = day() else { return nil }
            guard skip("/") else { return Change(day: day, seconds: 7_200) }
            return time().map { Change(day: day, seconds: $0) }
        }

        private mutating func day() -> Day? {
            if skip("J") { return number().flatMap { (1...365).contains($0) ? .ofCommonYear($0) : nil } }
            guard skip("M") else { return number().flatMap { (0...365).contains($0) ? .ofYear($0) : nil } }
            guard let month = number(), (1...12).contains(month), skip("."), let week = number(),
                (1...5).contains(week), skip("."), let day = number(), (0...6).contains(day)
            else { return nil }
            return .weekday(month: month, week: week, day: day)
        }
    }
}
