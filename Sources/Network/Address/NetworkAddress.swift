public import HTTP

/// Where a remote is that is not a folder of this computer.
public enum NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// At the other end of ssh.
    case ssh(SSHAddress)
    /// At a web server; `user` stands before the host in the URL, if anybody does. A password in a URL is never kept.
    case web(HTTPURL, user: String?)

    /// Reads the URL of a remote as git reads it, and drops the password where there is one.
    public init(_ url: String) throws(NetworkError) { self = try Self.read(url).address }

    /// Reads the URL of a remote as git reads it, and hands out the password that is in it on its own.
    ///
    /// Understood are `https://` and `http://`, `ssh://` with its other names `git+ssh://` and `ssh+git://`, and
    /// `user@host:path`. What looks like an option to a program is refused, and so are control characters: both would be
    /// read as something else by ssh, by a credential helper or by a terminal. No error repeats the URL.
    public static func read(_ url: String) throws(NetworkError) -> (address: NetworkAddress, password: String?) {
        if url.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw wrong("it has a control character in it") }
        guard let end = url.range(of: "://"), let scheme = URLScheme(url[..<end.lowerBound]) else {
            return (.ssh(try SSHAddress(short: url)), nil)
        }
        let rest = url[end.upperBound...]
        switch scheme {
        case .ssh: return (.ssh(try SSHAddress(long: rest)), nil)
        case .web(let name): return try web(name, rest)
        case .other(let name):
            throw wrong("nothing is known of \(name)://", hint: "use an ssh:// or https:// URL, or a folder")
        }
    }

    private static func web(
        _ scheme: String, _ rest: Substring
    ) throws(NetworkError) -> (address: NetworkAddress, password: String?) {
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let parts = authority.split(separator: "@", omittingEmptySubsequences: false)
        // Programs disagree on which of several parts the host from the user: nobody has to guess here.
        guard parts.count <= 2, let host = parts.last else { throw wrong("it has more than one @ before the path") }
        let names =
            parts.count < 2 ? [] : parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var decoded: [String] = []
        for name in names { decoded.append(try PercentCoding.decode(name)) }
        let user = decoded.first.flatMap { $0.isEmpty ? nil : $0 }
        do throws(HTTPError) {
            let url = try HTTPURL("\(scheme)://\(host)\(rest[authority.endIndex...])")
            return (.web(url, user: user), decoded.count == 2 ? decoded[1] : nil)
        } catch { throw NetworkError(.local, "the remote's URL cannot be used: \(error)") }
    }

    /// How it is shown to a person: with the user, without a password, and without a web address's query, which may hold
    /// secrets too.
    public var description: String {
        switch self {
        case .ssh(let address): address.description
        case .web(let url, let user):
            "\(url.isSecure ? "https" : "http")://\(user.map { "\(PercentCoding.encode($0))@" } ?? "")\(url.place)"
                + url.target.prefix { $0 != "?" }
        }
    }

    static func wrong(_ what: String, hint: String? = nil) -> NetworkError {
        NetworkError(.local, "the remote's URL cannot be used: \(what)", hint: hint)
    }
}

/// What a URL begins with.
private enum URLScheme {
    case ssh
    case web(String)
    case other(String)

    /// Nil for what git does not take for a scheme, so that the text is read as `host:path`.
    init?(_ text: Substring) {
        let isScheme = text.utf8.allSatisfy { byte in
            switch byte | 0x20 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): true
            default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "+")
            }
        }
        guard isScheme, !text.isEmpty else { return nil }
        switch text.lowercased() {
        case "ssh", "git+ssh", "ssh+git": self = .ssh
        case "http", "https": self = .web(text.lowercased())
        case let name: self = .other(name)
        }
    }
}

extension String {
    /// Where another text first stands in it.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        let (bytes, mark) = (utf8, Array(other.utf8))
        var start = bytes.startIndex
        while start != bytes.endIndex {
            if bytes[start...].starts(with: mark) { return start..<bytes.index(start, offsetBy: mark.count) }
            bytes.formIndex(after: &start)
        }
        return nil
    }
}
