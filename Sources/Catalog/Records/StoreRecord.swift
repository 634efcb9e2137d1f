/// The kind of the store's own record.
public enum StoreKind: RecordKind {
    /// What tells two of them apart.
    public typealias Identity = StoreID
    /// What it is, in a word.
    public static let noun = "store"
    /// The fields of a record of this kind.
    public static let schema = Schema.record(
        .init("arbiter", .identifier, merging: .least),
        Schema.conflicts,
        .init("format", .integer(1...1_000_000), isRequired: true, merging: .greatest),
        .init("id", .identifier, isRequired: true, isFixed: true),
        .init("merge", .integer(1...1_000_000), isRequired: true, merging: .greatest),
        .init("name", .line(Limits.name)),
        .init("sharing", .choice(Sharing.allCases.map(\.rawValue)), merging: .strictest)
    )
}

/// The store's own record, `offbeat.json`.
public typealias StoreRecord = Record<StoreKind>

extension Record where Kind == StoreKind {
    /// Makes the record of a new store, in the format and with the merge rules of this program.
    public init(id: StoreID, name: String?, sharing: Sharing = .everyone, created: Stamp) {
        var values: JSONObject = [
            "format": .integer(Int64(Catalog.format)), "merge": .integer(Int64(Catalog.mergeRules)),
            "sharing": .string(sharing.rawValue),
        ]
        if let name, !name.isEmpty { values["name"] = .string(name) }
        self.init(id: id, created: created, with: values)
    }

    /// Reads the record, and refuses a store whose format or merge rules are newer than this program's.
    ///
    /// The two numbers are looked at first, since a newer format may look otherwise in all the rest.
    public static func readStore(_ bytes: [UInt8]) throws(Unreadable) -> StoreRecord {
        let object = try object(bytes)
        for (field, known) in [("format", Catalog.format), ("merge", Catalog.mergeRules)] {
            if let version = object[field]?.asInteger, version > known {
                throw Unreadable(
                    .newerFormat, "the store has \(field) \(version), this program knows \(known): update Offbeat")
            }
        }
        return try StoreRecord(fields: object)
    }

    /// What the store is called.
    public var name: String? { text("name") }

    /// The version of the tree's layout.
    public var format: Int { fields["format"]?.asInteger.flatMap { Int(exactly: $0) } ?? Catalog.format }

    /// The version of the merge rules that every replica of this store uses.
    public var mergeRules: Int { fields["merge"]?.asInteger.flatMap { Int(exactly: $0) } ?? Catalog.mergeRules }

    /// The repository that arbitrates who publishes.
    public var arbiter: ArbiterID? { parsed("arbiter") }

    /// Who sees what; an unknown word counts as the stricter.
    public var sharing: Sharing {
        guard let word = text("sharing") else { return .everyone }
        return Sharing(rawValue: word) ?? .workspaces
    }
}
