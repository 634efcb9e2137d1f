import Catalog

/// An address on the web that something is appended to: where a service is asked, or where files are served.
struct TargetAddress: Hashable {
    /// The address as it is kept: without a slash at the end.
    let text: String
    /// What a token is bound to: the host in small letters, with the port where one is said.
    let host: String
    /// Whether nobody on the way can read what is sent: it is encrypted, or does not leave this computer.
    let isPrivate: Bool

    /// Reads an address; nil for what is none.
    ///
    /// One with a name and password in it is none: what is synced must hold no secret.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.unfit.contains($0) }) else { return nil }
        var text = text[...]
        while text.hasSuffix("/") { text = text.dropLast() }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let scheme = parts[0].lowercased()
        let end = parts[1].firstIndex { "/?#".contains($0) } ?? parts[1].endIndex
        let host = parts[1][..<end].lowercased()
        guard scheme == "https" || scheme == "http", let name = Self.name(in: host) else { return nil }
        self.text = String(text)
        self.host = host
        isPrivate = scheme == "https" || Self.isThisComputer(name)
    }

    /// Whether something can be appended to it.
    var isBase: Bool { !text.contains { $0 == "?" || $0 == "#" } }

    private static let unfit = Array(#""<>\^`{|}"#.utf8)

    /// The host without its port; nil where there is none, or something else beside it.
    private static func name(in host: String) -> String? {
        var name = host[...]
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
            let port = host[host.index(after: colon)...]
            guard port.utf8.allSatisfy(isDigit), let number = Int(port), (1...65_535).contains(number) else {
                return nil
            }
            name = host[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") {
            let inner = name.dropFirst().dropLast()
            let isAddress = inner.utf8.allSatisfy {
                isDigit($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E
            }
            return isAddress && inner.contains(":") ? String(name) : nil
        }
        let isName = name.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2E }
        return isName && !name.isEmpty && name.first != "." ? String(name) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isThisComputer(_ name: String) -> Bool {
        if name == "localhost" || name == "[::1]" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.allSatisfy { $0 != nil } && parts[0] == 127
    }
}

extension TargetAddress {
    /// Reads what a person wrote for an option; `example` is one that would do.
    init(_ text: String, for option: String, example: String) throws(Failure) {
        guard let address = TargetAddress(text) else {
            throw Failure(
                .usage, "--\(option): '\(text)' is no address",
                hint: "write it as \(example), without a name, a password or a blank in it")
        }
        self = address
    }

    /// The same for one that something is appended to.
    init(base text: String, for option: String, example: String) throws(Failure) {
        try self.init(text, for: option, example: example)
        if !isBase {
            throw Failure(
                .usage, "--\(option): something is appended to '\(text)', which has a ? or # in it",
                hint: "write it as \(example)")
        }
    }
}
