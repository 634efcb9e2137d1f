import Digest

/// A value that lost a merge, kept until a person decides.
public struct Conflict: Sendable, Hashable {
    /// What a conflict is known by: `<field>@<losing stamp>#<8 hex of the value's SHA-256>`.
    public struct Key: Sendable, Hashable, LosslessStringConvertible {
        /// The field of the record.
        public let field: String
        /// The stamp of the value that lost.
        public let stamp: Stamp
        /// The first eight digits of the SHA-256 of the value's canonical text.
        public let digits: String

        /// Makes the key of a value that lost; of an absent value, as if it were `null`.
        public init(field: String, stamp: Stamp, value: JSON?) {
            self.field = field
            self.stamp = stamp
            digits = String(ContentHash(of: (value ?? .null).canonical()).hex.prefix(8))
        }

        /// Makes a key of text; `nil` unless it has exactly the form above.
        public init?(_ text: String) {
            let bytes = Array(text.utf8)
            // Read from the end: stamps contain an `@` of their own, and a field's name may contain anything.
            let suffix = 1 + 29 + 1 + 8
            guard bytes.count > suffix else { return nil }
            let tail = Array(bytes.suffix(suffix))
            guard tail[0] == UInt8(ascii: "@"), tail[30] == UInt8(ascii: "#"), ASCII.hex(tail[31...]) != nil,
                let stamp = Stamp(String(decoding: tail[1..<30], as: UTF8.self))
            else { return nil }
            self.stamp = stamp
            field = String(decoding: bytes.dropLast(suffix), as: UTF8.self)
            digits = String(decoding: tail[31...], as: UTF8.self)
        }

        /// The key as text.
        public var description: String { "\(field)@\(stamp)#\(digits)" }
    }

    /// What it is known by.
    public let key: Key
    /// When it came to be.
    public let at: Stamp
    /// The value before both sides changed it; `nil` when there was none.
    public let base: JSON?
    /// The value that lost; `nil` when that side had taken it away.
    public let value: JSON?

    /// The field that two sides changed, or a set and its element with a dot between them.
    public var field: String { key.field }

    /// In the place of a value, an object with this one member says the hash of a text that lies beside the record.
    public static let longMember = "long"
    /// The field of a conflict in which a side lost as a whole.
    public static let wholeRecord = "record"
    /// The field of a conflict that says that somebody removed the record while somebody else changed it; its value is
    /// true.
    public static let removal = "removed"

    init?(key: String, values: JSONObject) {
        guard let key = Key(key), let at = values["at"]?.asString.flatMap({ Stamp($0) }) else { return nil }
        self.key = key
        self.at = at
        base = values["base"]
        value = values["value"]
    }
}
