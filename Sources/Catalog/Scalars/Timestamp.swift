/// A point in time, in milliseconds since 1970, written as RFC 3339 in UTC: `2026-11-20T09:00:00.000Z`.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
    public let milliseconds: Int64

    /// Makes a time of milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes a time of RFC 3339 text; `nil` for anything else.
    ///
    /// Taken are any number of decimals up to nine (beyond milliseconds they are cut off), `Z` or an offset. Refused
    /// are lower case, a blank instead of `T`, the second 60, and days that the calendar does not have.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, let local = LocalTime(bytes: bytes[..<19]) else { return nil }
        var rest = bytes[19...]
        var fraction: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix(while: ASCII.isDigit)
            guard (1...9).contains(digits.count) else { return nil }
            let three = (digits.prefix(3) + Array(repeating: UInt8(ascii: "0"), count: 2)).prefix(3)
            fraction = Int64(ASCII.decimal(three) ?? 0)
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let offset = Self.offset(rest) else { return nil }
        milliseconds = local.secondsAsUTC * 1_000 + fraction - Int64(offset) * 60_000
    }

    /// Minutes east of Greenwich, of `Z` or `+01:00`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let bytes = Array(bytes)
        if bytes == [UInt8(ascii: "Z")] { return 0 }
        guard bytes.count == 6, bytes[3] == UInt8(ascii: ":"), let hours = ASCII.decimal(bytes[1...2]),
            let minutes = ASCII.decimal(bytes[4...5]), hours < 24, minutes < 60
        else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    /// Tells whether `left` is earlier than `right`.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: LosslessStringConvertible {
    /// The text with milliseconds and `Z`; times outside the years 0 to 9999 as the first or last of them.
    public var description: String {
        let clamped = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let (seconds, fraction) = clamped.flooredDivision(by: 1_000)
        return LocalTime(secondsAsUTC: seconds).description + "." + LocalTime.padded(Int(fraction), 3) + "Z"
    }
}

extension Int64 {
    /// Divides towards minus infinity, so that the remainder is never negative.
    func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
