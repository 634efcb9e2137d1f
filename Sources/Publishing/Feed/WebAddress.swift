/// The address of a folder on the web.
///
/// Taken is only what stays an address when a name is put behind it, and what everybody may be told: no query, no
/// fragment, no password.
struct WebAddress: Sendable, Hashable {
    /// The address, with one slash at its end.
    let text: String

    /// Reads the address of a folder; throws what is wrong with it.
    init(base: String) throws(FeedError) {
        if let reason = Self.reason(against: base) {
            throw .setting("the feed's address \(base) \(reason); write it as in https://example.org/radio")
        }
        var bytes = Array(base.utf8)
        while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        text = String(decoding: bytes, as: UTF8.self) + "/"
    }

    private static func reason(against base: String) -> String? {
        guard let scheme = ["https://", "http://"].first(where: { base.utf8.starts(with: $0.utf8) }) else {
            return "does not begin with https:// or http://"
        }
        let rest = Array(base.utf8.dropFirst(scheme.utf8.count))
        if rest.contains(UInt8(ascii: "?")) { return "has a query" }
        if rest.contains(UInt8(ascii: "#")) { return "has a fragment" }
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        guard isPlace(rest[..<slash]) else { return "names no host that is reached without a password" }
        guard Percent.isPath(rest[slash...]) else { return "has characters that have to be written with %" }
        return nil
    }

    /// Whether the bytes are a host, by name or by number, and maybe a port.
    private static func isPlace(_ bytes: ArraySlice<UInt8>) -> Bool {
        let bracket = bytes.first == UInt8(ascii: "[") ? bytes.firstIndex(of: UInt8(ascii: "]")) : nil
        let end = bracket.map { $0 + 1 } ?? bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let name = bracket == nil ? bytes[..<end] : bytes[..<end].dropFirst().dropLast()
        let signs = bracket == nil ? "-." : ":."
        return !name.isEmpty && name.allSatisfy { Percent.isAlphanumeric($0) || signs.utf8.contains($0) }
            && isPort(bytes[end...])
    }

    /// Whether nothing is left, or a colon and a number that a port can have.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return true }
        let digits = bytes.dropFirst()
        guard bytes.first == UInt8(ascii: ":"), digits.allSatisfy(Percent.isDigit) else { return false }
        return UInt16(String(decoding: digits, as: UTF8.self)) != nil
    }
}
