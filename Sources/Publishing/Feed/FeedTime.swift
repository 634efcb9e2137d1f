import Catalog

/// How feeds write times and lengths.
enum FeedTime {
    /// The days of the week, in the order in which 1970 began.
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The time as RSS has it, after RFC 822 with four digits for the year: `Fri, 20 Nov 2026 09:00:00 GMT`.
    static func rfc822(_ time: Timestamp) -> String {
        let text = time.description
        // A time is always written so that it can be read.
        guard let local = LocalTime(text.prefix(19)) else { return text }
        let date = local.date
        let day = (local.secondsAsUTC - remainder(local.secondsAsUTC, 86_400)) / 86_400
        let weekday = days[Int(remainder(day, 7))]
        return "\(weekday), \(two(date.day)) \(months[date.month - 1]) \(text.prefix(4)) "
            + "\(text.dropFirst(11).prefix(8)) GMT"
    }

    /// A length in whole seconds, none shorter than one; nil where there is none.
    ///
    /// Both formats would take fractions, but there are readers that give up a whole feed over one.
    static func seconds(_ milliseconds: Int64?) -> Int64? {
        guard let milliseconds, milliseconds > 0 else { return nil }
        return max(1, milliseconds / 1_000 + (milliseconds % 1_000 >= 500 ? 1 : 0))
    }

    private static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let rest = value % divisor
        return rest < 0 ? rest + divisor : rest
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
