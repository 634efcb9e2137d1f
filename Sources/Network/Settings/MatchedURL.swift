/// A URL in the parts by which git finds out what a configuration says for it (git's `urlmatch`).
struct MatchedURL {
    private let scheme: String
    private let user: String?
    /// In small letters, with `*` where it is a pattern.
    private let host: String
    private let port: String
    /// From the first slash on, without one at the end, and with the names of folders as they are without percent signs.
    private let path: [UInt8]

    /// How closely a pattern fits, in git's order: by host, then by path, then by whether it names the user.
    struct Closeness: Comparable {
        let host: Int
        let path: Int
        let hasUser: Bool

        static let none = Closeness(host: 0, path: 0, hasUser: false)

        static func < (left: Closeness, right: Closeness) -> Bool {
            (left.host, left.path, left.hasUser ? 1 : 0) < (right.host, right.path, right.hasUser ? 1 : 0)
        }
    }

    /// Takes a URL apart; nil where it is none.
    init?(_ text: String, isPattern: Bool = false) {
        guard let (scheme, rest) = Self.split(text) else { return nil }
        self.scheme = scheme
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let sign = authority.lastIndex(of: "@")
        user = sign.map { authority[..<$0].prefix { $0 != ":" } }.map { Self.decoded(String($0)) }
        var host = sign.map { authority[authority.index(after: $0)...] } ?? authority
        var port = Self.ports[scheme] ?? ""
        if let colon = host.lastIndex(of: ":"), host.last != "]" {
            let number = host[host.index(after: colon)...]
            guard number.allSatisfy({ $0.isASCII && ($0.isNumber || isPattern && $0 == "*") }) else { return nil }
            if !number.isEmpty { port = String(number.drop { $0 == "0" }) }
            host = host[..<colon]
        }
        guard !host.isEmpty else { return nil }
        self.host = host.lowercased()
        self.port = port
        path = Self.path(String(rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }))
    }

    /// Whether it is for a part of a server.
    var hasPath: Bool { !path.isEmpty }

    private static let ports = ["http": "80", "https": "443", "ssh": "22"]

    private static func split(_ text: String) -> (scheme: String, rest: Substring)? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        return (text[..<colon].lowercased(), text[text.index(colon, offsetBy: 3)...])
    }

    /// How closely a pattern fits this URL; nil where it does not.
    func closeness(of pattern: MatchedURL) -> Closeness? {
        guard pattern.scheme == scheme, pattern.port == port, hasHost(pattern.host) else { return nil }
        if let wanted = pattern.user, wanted != user { return nil }
        guard path.starts(with: pattern.path),
            path.count == pattern.path.count || path[pattern.path.count] == UInt8(ascii: "/")
        else { return nil }
        return Closeness(
            host: pattern.host.utf8.count, path: pattern.path.count + 1, hasUser: pattern.user != nil)
    }

    /// Each `*` of a pattern stands for one part of a name between dots.
    private func hasHost(_ pattern: String) -> Bool {
        let (wanted, parts) = (Self.labels(pattern), Self.labels(host))
        return wanted.count == parts.count && zip(wanted, parts).allSatisfy { $0 == "*" || $0 == $1 }
    }

    private static func labels(_ host: String) -> [Substring] {
        host.split(separator: ".", omittingEmptySubsequences: false)
    }

    private static func path(_ text: String) -> [UInt8] {
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return Array(parts.map { "/" + decoded(String($0)) }.joined().utf8)
    }

    /// A text without percent signs, where it is text without them.
    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16),
                rest.count >= 2
            else {
                bytes.append(byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
