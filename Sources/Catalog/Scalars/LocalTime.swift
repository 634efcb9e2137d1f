/// A date and a time of day without a zone: `2026-11-20T09:00:00`, the years 0 to 9999.
public struct LocalTime: Sendable, Hashable, Comparable {
    /// The seconds from 1970 to this time, as if it were in UTC.
    public let secondsAsUTC: Int64

    /// Makes a time of its seconds from 1970, as if it were in UTC.
    public init(secondsAsUTC: Int64) { self.secondsAsUTC = secondsAsUTC }

    /// Makes a time of text; `nil` unless it has exactly the form above and the calendar has that day.
    public init?(_ text: some StringProtocol) { self.init(bytes: Array(text.utf8)[...]) }

    /// Makes a time of a calendar day and a time of day; `nil` when there is none such.
    public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (0...9_999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, ofYear: year)).contains(day),
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second)
        else { return nil }
        let days = Self.daysFrom1970(year: year, month: month, day: day)
        secondsAsUTC = Int64(days * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    init?(bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = ASCII.decimal(bytes[0..<4]), let month = ASCII.decimal(bytes[5..<7]),
            let day = ASCII.decimal(bytes[8..<10]), let hour = ASCII.decimal(bytes[11..<13]),
            let minute = ASCII.decimal(bytes[14..<16]), let second = ASCII.decimal(bytes[17..<19])
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    /// The calendar day.
    public var date: (year: Int, month: Int, day: Int) {
        Self.date(daysFrom1970: Int(secondsAsUTC.flooredDivision(by: 86_400).quotient))
    }

    /// Tells whether `left` is earlier than `right`.
    public static func < (left: LocalTime, right: LocalTime) -> Bool { left.secondsAsUTC < right.secondsAsUTC }
}

extension LocalTime: LosslessStringConvertible {
    /// The text of 19 characters.
    public var description: String {
        let (year, month, day) = date
        let second = Int(secondsAsUTC.flooredDivision(by: 86_400).remainder)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
            + "\(Self.padded(second / 3_600, 2)):\(Self.padded(second / 60 % 60, 2)):\(Self.padded(second % 60, 2))"
    }

    static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}

/// The Gregorian calendar, counted in years that begin in March, so that leap days come last.
extension LocalTime {
    private static func daysFrom1970(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        // The year before year 0 has its March in year -1: shift by one cycle of 400 years to stay positive.
        let (cycle, yearOfCycle) = (marchYear + 400).quotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return (cycle - 1) * 146_097 + dayOfCycle - 719_468
    }

    private static func date(daysFrom1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (cycle, dayOfCycle) = Int64(days + 719_468).flooredDivision(by: 146_097)
        let day = Int(dayOfCycle)
        let yearOfCycle = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = Int(cycle) * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// How many days a month has.
    static func days(inMonth month: Int, ofYear year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
