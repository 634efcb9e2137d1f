/// Which bytes of something an answer with status 206 holds, as its `Content-Range` says.
public struct HTTPRange: Sendable, Hashable {
    /// The first byte, from 0.
    public let first: Int64
    /// The last byte.
    public let last: Int64
    /// How many there are of the whole; nil where the server does not say, or says what cannot be.
    public let whole: Int64?

    /// How many these are.
    public var count: Int64 { last - first + 1 }

    /// Reads `bytes 5-9/10` or `bytes 5-9/*`; nil for anything else, also for bytes that cannot be. Some servers put how much
    /// is left where the whole should be: that is left out.
    public init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]) else { return nil }
        let whole = parts[1] == "*" ? nil : Self.number(parts[1])
        guard first <= last, last < .max, whole != nil || parts[1] == "*" else { return nil }
        (self.first, self.last) = (first, last)
        self.whole = whole.flatMap { $0 > last ? $0 : nil }
    }

    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        return Int64(text)
    }
}

extension HTTPHeaders {
    /// What a `Content-Range` says; nil where there is none that can be read.
    public var contentRange: HTTPRange? { self["Content-Range"].flatMap { HTTPRange($0) } }

    /// The length of the body that is promised.
    public var contentLength: Int64? { self["Content-Length"].flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 } }
}
