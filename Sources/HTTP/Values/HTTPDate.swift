import Glibc

/// A moment as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`. The other two forms of old are not read.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Seconds since 1970.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT", let day = Int64(words[1]),
            1...31 ~= day, let month = months.firstIndex(where: { $0 == words[2] }), let year = Int64(words[3]),
            1970...9999 ~= year
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
        guard clock.count == 3, 0...23 ~= clock[0], 0...59 ~= clock[1], 0...60 ~= clock[2] else { return nil }
        return days(year, Int64(month) + 1, day) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    }

    /// Days since 1970; the year begins with March here, so that the day that not every year has is its last.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let inYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + inYear - 719_468
    }
}

extension HTTPHeaders {
    /// What the server's clock said when it answered, in seconds since 1970; nil where it does not tell.
    public var date: Int64? { self["Date"].flatMap { HTTPDate.seconds($0) } }

    /// How long a server wants us to wait by `Retry-After`, which is in seconds or a moment; nil where it does not say, or
    /// not so that it can be read. A moment is counted from the server's own `Date` where it tells that: its clock may be
    /// another than ours.
    public var retryAfter: Duration? {
        guard let text = self["Retry-After"] else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            return .seconds(min(Int64(text) ?? .max, 1 << 31))
        }
        guard let moment = HTTPDate.seconds(text) else { return nil }
        let now = date ?? Int64(time(nil))
        return .seconds(max(0, moment - now))
    }
}
