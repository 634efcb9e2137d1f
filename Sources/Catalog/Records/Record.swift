/// Says what a kind of record consists of.
public protocol RecordKind: Sendable {
    /// What tells two records of this kind in one place apart.
    associatedtype Identity: LosslessStringConvertible & Hashable & Sendable

    /// What it is, in a word.
    static var noun: String { get }
    /// The field that holds the identity.
    static var identityField: String { get }
    /// The known fields. Others are carried through reading, editing and writing.
    static var schema: Schema { get }
}

extension RecordKind {
    /// The field that holds the identity: `id`.
    public static var identityField: String { "id" }
}

/// One record of the store: its fields as JSON, checked against the schema of its kind.
///
/// A plain value. What is read and written again unchanged has the same meaning, unknown fields included, and once
/// canonical the same bytes. Each field has a stamp: its entry in `edits`, or else `created`; the elements of sets
/// and `audio` carry their own. The typed fields stand in an extension for each kind (`Track`, `Post`…).
public struct Record<Kind: RecordKind>: Sendable, Hashable {
    /// Which record it is.
    public let id: Kind.Identity

    /// When it was made: the stamp of every field that was not edited since.
    public let created: Stamp

    /// All fields, known or not.
    public internal(set) var fields: JSONObject

    /// Makes a record of its fields, as a merge puts them together or a file holds them.
    ///
    /// - Parameters:
    ///   - fields: all of them.
    ///   - expected: the identity that the record's path says.
    public init(fields: JSONObject, expecting expected: Kind.Identity? = nil) throws(Unreadable) {
        do throws(Fault) {
            try Shape.check(fields, Kind.schema.fields, .reading)
        } catch {
            throw Unreadable(.wrongField, "the \(Kind.noun)'s field \"\(error.path)\" \(error.reason)")
        }
        guard let idText = fields[Kind.identityField]?.asString, let id = Kind.Identity(idText) else {
            throw Unreadable(.wrongField, "the \(Kind.noun)'s field \"\(Kind.identityField)\" is missing")
        }
        guard let created = fields["created"]?.asString.flatMap({ Stamp($0) }) else {
            throw Unreadable(.wrongField, "the \(Kind.noun)'s field \"created\" is missing")
        }
        if let expected, expected != id {
            throw Unreadable(
                .wrongPlace, "the \(Kind.noun)'s path says \(expected), its \(Kind.identityField) \(id)")
        }
        self.id = id
        self.created = created
        self.fields = fields
    }

    /// Makes a new record.
    init(id: Kind.Identity, created: Stamp, with values: JSONObject) {
        self.id = id
        self.created = created
        var fields = values
        fields[Kind.identityField] = .string(id.description)
        fields["created"] = .string(created.description)
        fields["edits"] = .object(JSONObject())
        self.fields = fields
    }

    /// Reads a record from its file.
    ///
    /// Strict in the types of known fields; layout, order of keys and unknown fields are free, so a record that was
    /// edited by hand reads.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - expected: the identity that the record's path says.
    public static func read(
        _ bytes: [UInt8], expecting expected: Kind.Identity? = nil
    ) throws(Unreadable) -> Record {
        try Record(fields: try Self.object(bytes), expecting: expected)
    }

    /// Reads the JSON alone.
    static func object(_ bytes: [UInt8]) throws(Unreadable) -> JSONObject {
        guard bytes.count <= Catalog.recordLimit else {
            throw Unreadable(.tooLarge, "the \(Kind.noun) is larger than \(Catalog.recordLimit) bytes")
        }
        let value: JSON
        do throws(JSONError) {
            value = try JSON.parse(bytes)
        } catch {
            throw Unreadable(.malformed, "the \(Kind.noun) is no valid JSON: \(error)", cause: error)
        }
        guard let object = value.asObject else {
            throw Unreadable(.malformed, "the \(Kind.noun) is \(value.kindName), expected an object")
        }
        return object
    }

    /// The canonical text of the record; throws when it is larger than `Catalog.recordLimit`.
    public func encode() throws(CatalogError) -> [UInt8] {
        let bytes = JSON.object(fields).canonical()
        guard bytes.count <= Catalog.recordLimit else {
            throw CatalogError(
                .overLimit,
                "the \(Kind.noun) \(id) would take \(bytes.count) bytes, more than \(Catalog.recordLimit): shorten it"
            )
        }
        return bytes
    }
}
