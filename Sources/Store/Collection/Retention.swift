/// How long something is kept: `90d`, `12h`, `0` or `forever`.
public enum Retention: Sendable, Hashable, CustomStringConvertible {
    /// So many milliseconds.
    case milliseconds(UInt64)
    /// Without end.
    case forever

    /// So many days.
    public static func days(_ count: UInt64) -> Retention { .milliseconds(count * millisecondsPerDay) }

    /// Reads `forever`, `0`, or a whole number of weeks, days or hours: `2w`, `90d`, `12h`; nil for anything else.
    public init?(_ text: String) {
        if text == "forever" {
            self = .forever
            return
        }
        let units = [
            "0": 0, "h": Self.millisecondsPerDay / 24, "d": Self.millisecondsPerDay,
            "w": 7 * Self.millisecondsPerDay,
        ]
        let digits = text == "0" ? text[...] : text.dropLast()
        guard let unit = text.last.flatMap({ units[String($0)] }),
            !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = UInt64(digits)
        else { return nil }
        let (product, overflows) = count.multipliedReportingOverflow(by: unit)
        guard !overflows, text == "0" || unit > 0 else { return nil }
        self = .milliseconds(product)
    }

    private static let millisecondsPerDay: UInt64 = 86_400_000

    /// Whether what happened at `moment` is still to be kept `now`; both in milliseconds since 1970.
    ///
    /// What seems to happen in the future is kept: one of the two clocks is wrong, and nothing is to go for that.
    public func keeps(_ moment: Int64, now: UInt64) -> Bool {
        guard case .milliseconds(let length) = self else { return true }
        let now = Int64(clamping: now)
        return moment > now || now - moment < Int64(clamping: length)
    }

    /// When something of a moment may go; nil for never. Both in milliseconds since 1970.
    func end(after moment: UInt64) -> Int64? {
        guard case .milliseconds(let length) = self else { return nil }
        return Int64(clamping: moment.addingReportingOverflow(length).partialValue)
    }

    /// The text that is read as this.
    public var description: String {
        guard case .milliseconds(let length) = self else { return "forever" }
        if length == 0 { return "0" }
        return length % Self.millisecondsPerDay == 0
            ? "\(length / Self.millisecondsPerDay)d" : "\(length / (Self.millisecondsPerDay / 24))h"
    }
}
