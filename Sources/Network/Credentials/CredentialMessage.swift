/// What is said to `git credential` and what it answers: lines of `name=value`, ended by an empty one.
struct CredentialMessage {
    /// Longer lines are read by no git.
    private static let lineLimit = 65_535
    private static let sizeLimit = 1 << 18

    private(set) var fields: [Credential.Field] = []

    /// Adds a line.
    ///
    /// - Throws: where the value would be read as something else: a line break in the name of a user could ask for the
    ///   password of another server.
    mutating func add(_ name: String, _ value: String) throws(NetworkError) {
        guard Self.isProper(name: name, value: value) else {
            throw NetworkError(
                .denied,
                "the \(name) that git credential is to be asked for has a line break in it, or is too long",
                hint: "look at the remote's address")
        }
        fields.append(Credential.Field(name: name, value: value))
    }

    private static func isProper(name: String, value: String) -> Bool {
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "=") }
        return isName && name.utf8.count + value.utf8.count < lineLimit && isProper(value: value)
    }

    /// Whether a value can stand in a line.
    static func isProper(value: String) -> Bool { value.utf8.allSatisfy { $0 != 0x0A && $0 != 0x0D && $0 != 0 } }

    /// The bytes to be sent.
    var bytes: [UInt8] { Array(fields.map { "\($0.name)=\($0.value)\n" }.joined().utf8) + [0x0A] }

    /// Reads an answer; nil where it is none that git gives.
    static func read(_ bytes: [UInt8]) -> [Credential.Field]? {
        guard bytes.count <= sizeLimit else { return nil }
        var fields: [Credential.Field] = []
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            guard line.count < lineLimit, let sign = line.firstIndex(of: UInt8(ascii: "=")), sign > line.startIndex
            else { return nil }
            let name = String(decoding: line[..<sign], as: UTF8.self)
            let value = String(decoding: line[line.index(after: sign)...], as: UTF8.self)
            guard isProper(name: name, value: value) else { return nil }
            // An empty value begins a list anew.
            if name.hasSuffix("[]"), value.isEmpty {
                fields.removeAll { $0.name == name }
            } else {
                fields.append(Credential.Field(name: name, value: value))
            }
        }
        return fields
    }
}
