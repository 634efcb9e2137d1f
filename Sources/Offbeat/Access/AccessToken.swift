public import Catalog
public import Digest

/// What lets a person in where a library is served: who has the secret acts for that person.
///
/// The secret itself is told once, when it is made. Only its digest is kept, on this computer alone.
public struct AccessToken: Sendable, Hashable {
    /// By what it is named where it is taken back; it says nothing of the secret.
    public let id: String
    /// The person for whom it speaks.
    public let person: PersonID
    /// What it is for, in the words of whoever made it.
    public let name: String?
    /// When it was made, in milliseconds since 1970.
    public let created: Int64
    /// Until when it is good; nil for as long as nobody takes it back.
    public let expires: Int64?
    /// The digest of the secret.
    public let digest: ContentHash

    /// Whether it is good at a moment, in milliseconds since 1970.
    public func isGood(at now: Int64) -> Bool { expires.map { now < $0 } ?? true }
}

extension AccessToken {
    /// The digest by which a secret is known: nobody can tell from the time that a comparison takes how much of a guess was right.
    public static func digest(of secret: String) -> ContentHash { ContentHash(of: Array(secret.utf8)) }

    /// Reads what the file says of one; nil for what cannot be meant.
    init?(_ value: JSON) {
        func moment(_ name: String) -> Int64? {
            value[name]?.asString.flatMap { Timestamp($0) }?.milliseconds
        }
        guard let id = value["id"]?.asString, let person = value["person"]?.asString.flatMap({ PersonID($0) }),
            let created = moment("created"),
            let digest = value["sha256"]?.asString.flatMap({ ContentHash(hex: $0) }),
            // One whose end cannot be read must not be good for ever.
            value["expires"] == nil || moment("expires") != nil
        else { return nil }
        self.init(
            id: id, person: person, name: value["name"]?.asString, created: created, expires: moment("expires"),
            digest: digest)
    }

    /// What the file says.
    var json: JSON {
        var fields: JSONObject = [
            "id": .string(id), "person": .string(person.hex),
            "created": .string(Timestamp(milliseconds: created).description), "sha256": .string(digest.hex),
        ]
        fields["name"] = name.map(JSON.string)
        fields["expires"] = expires.map { .string(Timestamp(milliseconds: $0).description) }
        return .object(fields)
    }
}
