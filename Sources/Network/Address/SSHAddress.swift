/// Who and what is named at the other end of ssh, as git reads `ssh://user@host:port/path` and `user@host:path`.
public struct SSHAddress: Hashable, Sendable, CustomStringConvertible {
    /// The name there; nil leaves it to ssh.
    public let user: String?
    /// The host, or the name that ssh's configuration has for it; an IPv6 address is without brackets.
    public let host: String
    /// The port; nil leaves it to ssh.
    public let port: UInt16?
    /// The path of the repository there. It begins with `/` or `~`, or at the home.
    public let path: String

    /// Names a repository. What comes from a URL is read by ``NetworkAddress``, which refuses what is dangerous.
    public init(user: String?, host: String, port: UInt16?, path: String) {
        self.user = user
        self.host = host
        self.port = port
        self.path = path
    }

    /// Reads what follows `ssh://`.
    init(long text: Substring) throws(NetworkError) {
        let authority = text.prefix { $0 != "/" }
        let path = try PercentCoding.decode(text[authority.endIndex...])
        let (user, place) = Self.split(authority)
        let (host, port) = try Self.place(place)
        try self.init(
            checkedUser: user.map { (user) throws(NetworkError) in try PercentCoding.decode(user) },
            host: PercentCoding.decode(host), port: port, path: path)
    }

    /// Reads `user@host:path`. A port stands in brackets with the host, since a colon begins the path.
    init(short text: String) throws(NetworkError) {
        guard let colon = Self.colon(before: text[...]), !text[..<colon].contains("/") else {
            throw NetworkAddress.wrong("it names no other computer", hint: "use an ssh:// or https:// URL")
        }
        // Git starts a program of that name for such a URL.
        guard !text[colon...].hasPrefix("::") else {
            throw NetworkAddress.wrong(
                "nothing is known of \(text[..<colon])::", hint: "use an ssh:// or https:// URL")
        }
        let authority = text[..<colon]
        var (user, place) = authority.hasPrefix("[") ? (nil, authority) : Self.split(authority)
        var port: UInt16?
        if place.hasPrefix("["), place.hasSuffix("]") {
            place = place.dropFirst().dropLast()
            // `[user@host:port]:path` is the other way to write it.
            if user == nil { (user, place) = Self.split(place) }
            (place, port) = try Self.place(Self.isBareNumber(place) ? "[\(place)]" : place)
        }
        try self.init(
            checkedUser: user.map(String.init), host: String(place), port: port,
            path: String(text[text.index(after: colon)...]))
    }

    private init(checkedUser user: String?, host: String, port: UInt16?, path: String) throws(NetworkError) {
        guard !host.isEmpty, !host.contains(where: { $0 == "/" || $0 == "@" || $0.isWhitespace }) else {
            throw NetworkAddress.wrong("it names no proper host")
        }
        guard user?.contains(":") != true else {
            throw NetworkAddress.wrong("it has a password in it, which ssh takes from nobody", hint: "use a key")
        }
        // `/~user` is how a URL writes `~user`.
        let place = path.hasPrefix("/~") ? String(path.dropFirst()) : path
        guard !place.isEmpty, place != "/" else { throw NetworkAddress.wrong("it names no repository on \(host)") }
        if [user, host, place].contains(where: { $0?.hasPrefix("-") == true }) {
            throw NetworkAddress.wrong("a part of it begins with a hyphen, which programs take for an option")
        }
        self.init(user: user.flatMap { $0.isEmpty ? nil : $0 }, host: host, port: port, path: place)
    }

    /// The user, which the last `@` ends, and what follows.
    private static func split(_ text: Substring) -> (user: Substring?, place: Substring) {
        guard let mark = text.lastIndex(of: "@") else { return (nil, text) }
        return (text[..<mark], text[text.index(after: mark)...])
    }

    /// The colon that ends the host; one in brackets is part of an address.
    private static func colon(before text: Substring) -> Substring.Index? {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else { return nil }
        guard let bracket = text[..<colon].firstIndex(of: "["),
            bracket == text.startIndex || text[text.index(before: bracket)] == "@"
        else { return colon }
        var depth = 0
        for index in text[bracket...].indices {
            if text[index] == "[" { depth += 1 } else if text[index] == "]" { depth -= 1 }
            if depth == 0 { return text[index...].dropFirst().first == ":" ? text.index(after: index) : nil }
        }
        return nil
    }

    /// Whether it is an IPv6 address without brackets of its own.
    private static func isBareNumber(_ text: Substring) -> Bool {
        !text.hasPrefix("[") && text.count(where: { $0 == ":" }) > 1
    }

    /// Reads `host`, `host:port`, `[address]`, `[address]:port`. An empty port is none.
    private static func place(_ text: Substring) throws(NetworkError) -> (host: Substring, port: UInt16?) {
        var (host, rest) = (text.prefix { $0 != ":" }, text.drop { $0 != ":" })
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw NetworkAddress.wrong("a bracket is not closed") }
            (host, rest) = (text[..<end].dropFirst(), text[end...].dropFirst())
        }
        if rest.isEmpty || rest == ":" { return (host, nil) }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(digits), port > 0
        else { throw NetworkAddress.wrong("it has no proper port") }
        return (host, port)
    }

    /// `user@host`, or the host alone: what ssh is told.
    var destination: String { user.map { "\($0)@\(host)" } ?? host }

    /// A URL that is read as the same address.
    public var description: String {
        let isNumber = host.contains(":")
        guard path.hasPrefix("/") || path.hasPrefix("~") else {
            let place = (user.map { "\($0)@" } ?? "") + (isNumber && port == nil ? "[\(host)]" : host)
            return port.map { "[\(user.map { "\($0)@" } ?? "")\(isNumber ? "[\(host)]" : host):\($0)]:\(path)" }
                ?? "\(place):\(path)"
        }
        let place = isNumber ? "[\(host)]" : PercentCoding.encode(host)
        let name = user.map { "\(PercentCoding.encode($0))@" } ?? ""
        let slash = path.hasPrefix("/") ? "" : "/"
        return "ssh://\(name)\(place)\(port.map { ":\($0)" } ?? "")\(slash)\(PercentCoding.encode(path))"
    }
}
