/// The URL of something that can be asked for by HTTP: scheme, host, port, and what is asked of that host.
///
/// It is stricter than the standard, so that nothing in it can be read in two ways: only `http` and `https`; no user and no
/// password, which belong into a header; a host of letters, digits, dots, hyphens and underlines, or an IPv6 address in
/// brackets; visible ASCII without quotes, backslashes and angle brackets, all else percent-encoded; no fragment.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether it is asked by TLS.
    public let isSecure: Bool
    /// The host in small letters; an IPv6 address is in brackets.
    public let host: String
    /// The port, also where it is not written.
    public let port: UInt16
    /// What is asked of the host: the path, which begins with a slash, and the query where there is one.
    public let target: String

    /// Reads a URL, and says what is wrong with it otherwise; without repeating it, since it may hold a password.
    public init(_ text: String) throws(HTTPError) {
        guard text.utf8.count <= Self.lengthLimit, text.utf8.allSatisfy(Self.isAllowed) else {
            throw HTTPError(.badURL, "the URL is too long, or has a character that has to be percent-encoded in it")
        }
        let lowered = text.prefix(8).lowercased()
        isSecure = lowered.hasPrefix("https://")
        guard isSecure || lowered.hasPrefix("http://") else {
            throw HTTPError(.badURL, "the URL does not begin with https:// or http://")
        }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest[authority.endIndex...]
        guard !authority.contains("@") else {
            throw HTTPError(.badURL, "the URL has a user or a password in it, which do not belong there")
        }
        guard !target.contains("#") else {
            throw HTTPError(.badURL, "the URL has a fragment, which no server sees")
        }
        (host, port) = try Self.split(authority, default: isSecure ? 443 : 80)
        self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
    }

    /// Longer ones are refused by servers.
    private static let lengthLimit = 8_192

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            false
        default: 0x21...0x7E ~= byte
        }
    }

    private static func split(
        _ authority: Substring, default port: UInt16
    ) throws(HTTPError) -> (host: String, port: UInt16) {
        let isBracketed = authority.hasPrefix("[")
        let end =
            isBracketed
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
        let host = authority[..<(end ?? authority.endIndex)]
        let rest = authority[host.endIndex...]
        let inner = isBracketed ? host.dropFirst().dropLast() : host
        let isHost = inner.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."):
                true
            case UInt8(ascii: ":"): isBracketed
            case UInt8(ascii: "g")...UInt8(ascii: "z"), UInt8(ascii: "G")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                !isBracketed
            default: false
            }
        }
        guard isHost, !inner.isEmpty, !isBracketed || host.hasSuffix("]"), inner.first != "-" else {
            throw HTTPError(.badURL, "the URL has no proper host")
        }
        if rest.isEmpty { return (host.lowercased(), port) }
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let number = UInt16(String(rest.dropFirst())), number > 0
        else { throw HTTPError(.badURL, "the URL has no proper port") }
        return (host.lowercased(), number)
    }

    /// Host and port, the port only where it is not the scheme's own: what may be shown of a URL anywhere.
    public var place: String { port == (isSecure ? 443 : 80) ? host : "\(host):\(port)" }

    /// Scheme, host and port: what a secret that was made for one of them must not leave.
    public var origin: String { "\(isSecure ? "https" : "http")://\(place)" }

    /// Whether the host is this computer, whatever its network: what is sent there is seen by nobody on the way.
    public var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { UInt8($0)?.description == String($0) }
    }

    /// The whole URL, which may hold secrets in its path or query.
    public var description: String { origin + target }

    /// The URL of something below this path; `path` is percent-encoded already. A query is left out.
    public func appending(_ path: String) throws(HTTPError) -> HTTPURL {
        let base = target.prefix { $0 != "?" }
        let needsSlash = !base.hasSuffix("/")
        return try HTTPURL(origin + base + (needsSlash ? "/" : "") + path)
    }

    /// Whether a request may go on there when this URL's server sends it there: the same host sees it, and nobody who did
    /// not before.
    func mayLead(to other: HTTPURL) -> Bool {
        if other.origin == origin { return true }
        return !isSecure && other.isSecure && other.host == host && port == 80 && other.port == 443
    }
}
