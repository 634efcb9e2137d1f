public import Files

/// Where a remote is, as its URL says; read as git reads URLs.
public enum RemoteAddress: Hashable, Sendable {
    /// A folder that this computer can open: on a disk, on a network mount, on a stick.
    case folder(FilePath)
    /// Another computer, reached by this protocol: `ssh`, `https`…
    case network(String)
    /// Nothing: there is no URL.
    case nowhere

    /// Reads a URL; a relative path begins at `base`.
    ///
    /// `host:path` is another computer's, unless a slash comes before the colon.
    public init(_ url: String, from base: FilePath) {
        if let scheme = Self.scheme(of: url) {
            let path = FilePath(bytes: Self.decoded(url.utf8.dropFirst(scheme.utf8.count + "://".utf8.count)))
            self = scheme == "file" && path.isAbsolute ? .folder(path) : .network(scheme)
        } else if Self.namesHost(url) {
            self = .network("ssh")
        } else if url.isEmpty {
            self = .nowhere
        } else {
            let path = FilePath(url)
            self = .folder(path.isAbsolute ? path : base.appending(path))
        }
    }

    /// The folder; nil for another computer.
    public var folder: FilePath? {
        if case .folder(let path) = self { path } else { nil }
    }

    private static func scheme(of url: String) -> String? {
        guard let end = url.utf8.firstIndex(of: UInt8(ascii: ":")), url.utf8[end...].starts(with: "://".utf8),
            end != url.utf8.startIndex
        else { return nil }
        let scheme = url.utf8[..<end]
        let isScheme = scheme.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "+")
        }
        return isScheme ? String(url[..<end]).lowercased() : nil
    }

    private static func namesHost(_ url: String) -> Bool {
        guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return colon != url.utf8.startIndex && !url.utf8[..<colon].contains(UInt8(ascii: "/"))
    }

    /// The bytes for which `%20` and the like stand.
    private static func decoded(_ text: Substring.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(Substring(rest.prefix(2))), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
