/// The kind of a person's record.
public enum PersonKind: RecordKind {
    /// What tells two of them apart.
    public typealias Identity = PersonID
    /// What it is, in a word.
    public static let noun = "person"
    /// The fields of a record of this kind.
    public static let schema = Schema.record(
        Schema.conflicts,
        .init("email", .line(Limits.name)),
        .init("handle", .name, isRequired: true),
        .init("id", .identifier, isRequired: true, isFixed: true),
        .init("name", .line(Limits.name))
    )
}

/// A person of the store.
public typealias Person = Record<PersonKind>

extension Record where Kind == PersonKind {
    /// Makes a new person.
    public init(id: PersonID, handle: Handle, name: String? = nil, email: String? = nil, created: Stamp) {
        var values: JSONObject = ["handle": .string(handle.text)]
        if let name, !name.isEmpty { values["name"] = .string(name) }
        if let email, !email.isEmpty { values["email"] = .string(email) }
        self.init(id: id, created: created, with: values)
    }

    /// What the person is called on the command line; the schema sees to it that there is one.
    public var handle: Handle? { parsed("handle") }

    /// The person's name.
    public var name: String? { text("name") }

    /// The person's e-mail address.
    public var email: String? { text("email") }
}
