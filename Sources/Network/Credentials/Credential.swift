import Glibc

/// What a server is told about who asks: a name with a password, or whatever else a helper of git gives for it.
///
/// It is not printed: there is no description of it, and it is handed to `git credential` and into a header alone.
struct Credential: Sendable {
    /// What `git credential` answered, in its order, but for what says where it is for.
    let fields: [Field]

    struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    init(_ fields: [Field]) { self.fields = fields }

    init(user: String, password: String) {
        fields = [Field(name: "username", value: user), Field(name: "password", value: password)]
    }

    /// The last value of that name, as git takes it.
    subscript(_ name: String) -> String? { fields.last { $0.name == name }?.value }

    /// Whether another answer of the helper is to be asked for where the server is not content yet.
    var isContinued: Bool { self["continue"] == "1" || self["continue"] == "true" }

    /// What the helper wants to be reminded of.
    var state: [String] { fields.filter { $0.name == "state[]" }.map(\.value) }

    /// Whether it does not hold any more.
    var isExpired: Bool {
        guard let moment = self["password_expiry_utc"].flatMap({ Int64($0) }) else { return false }
        return moment <= Int64(time(nil))
    }

    /// Whether it is the same secret.
    func isSame(as other: Credential) -> Bool {
        ["username", "password", "authtype", "credential"].allSatisfy { self[$0] == other[$0] }
    }

    /// Whether it goes as Basic, which a server may not take.
    var isBasic: Bool { self["authtype"] == nil || self["credential"] == nil }

    /// The value of `Authorization`; nil where there is nothing to say.
    var authorization: String? {
        if let type = self["authtype"], let credential = self["credential"] { return "\(type) \(credential)" }
        guard let user = self["username"], let password = self["password"] else { return nil }
        return "Basic " + Base64.encoded(Array("\(user):\(password)".utf8))
    }
}

/// Bytes as letters and digits, four for three.
enum Base64 {
    private static let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let piece = bytes[start..<min(start + 3, bytes.count)]
            let padded = Array(piece) + [0, 0]
            let number = UInt32(padded[0]) << 16 | UInt32(padded[1]) << 8 | UInt32(padded[2])
            for place in 0..<4 {
                let sign = signs[Int(number >> UInt32(18 - 6 * place) & 63)]
                text.append(place <= piece.count ? sign : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
