/// Reads the times of a query: `-7d`, `2026-01-01`, `2026-01`, `2026`, and spans of them.
enum QueryTime {
    /// Reads a span; a single day, month or year is the whole of it, and a single age is all since then.
    static func span(_ text: String) -> Query.TimeSpan? {
        guard let (low, high) = ends(of: text) else {
            if let age = age(text) { return Query.TimeSpan(from: .ago(age), to: nil) }
            guard let period = period(text) else { return nil }
            return Query.TimeSpan(from: .at(period.from), to: .at(period.to))
        }
        let from: Query.Moment? = age(low).map { .ago($0) } ?? period(low).map { .at($0.from) }
        let to: Query.Moment? = age(high).map { .ago($0) } ?? period(high).map { .at($0.to) }
        guard low.isEmpty || from != nil, high.isEmpty || to != nil, from != nil || to != nil else { return nil }
        return Query.TimeSpan(from: from, to: to)
    }

    /// Splits text at its `..`; `nil` when it has none.
    static func ends(of text: String) -> (low: String, high: String)? {
        let bytes = Array(text.utf8)
        let dot = UInt8(ascii: ".")
        guard let middle = bytes.indices.dropLast().first(where: { bytes[$0] == dot && bytes[$0 + 1] == dot })
        else {
            return nil
        }
        return (
            String(decoding: bytes[..<middle], as: UTF8.self),
            String(decoding: bytes[(middle + 2)...], as: UTF8.self)
        )
    }

    /// Reads `-7d` as milliseconds: a number of minutes (`min`), hours, days, weeks, months of 30 days, or years.
    private static func age(_ text: String) -> Int64? {
        guard text.utf8.first == UInt8(ascii: "-") else { return nil }
        let digits = text.utf8.dropFirst().prefix(while: ASCII.isDigit)
        guard digits.count <= 6, let number = ASCII.decimal(digits),
            let unit = units[String(text.utf8.dropFirst(1 + digits.count)) ?? ""]
        else { return nil }
        return Int64(number) * unit
    }

    private static let units: [String: Int64] = [
        "min": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "m": 2_592_000_000, "y": 31_536_000_000,
    ]

    /// Reads a year, month or day in UTC, from its first millisecond to the first one after it.
    private static func period(_ text: String) -> (from: Int64, to: Int64)? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { ASCII.decimal($0) }
        guard (1...3).contains(parts.count), numbers.count == parts.count, parts[0].count == 4,
            parts.dropFirst().allSatisfy({ $0.count == 2 }),
            let start = LocalTime(
                year: numbers[0], month: numbers.count > 1 ? numbers[1] : 1, day: numbers.count > 2 ? numbers[2] : 1
            )
        else { return nil }
        var days = 0
        switch numbers.count {
        case 3: days = 1
        case 2: days = LocalTime.days(inMonth: numbers[1], ofYear: numbers[0])
        default: days = (1...12).reduce(0) { $0 + LocalTime.days(inMonth: $1, ofYear: numbers[0]) }
        }
        return (start.secondsAsUTC * 1_000, (start.secondsAsUTC + Int64(days) * 86_400) * 1_000)
    }
}
