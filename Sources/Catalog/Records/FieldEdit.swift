/// One `field=value` of a person's edit of a track.
public struct FieldEdit: Sendable, Hashable {
    /// The field.
    public let field: String
    /// The new value; `nil` to take it away.
    public let value: JSON?

    /// The fields of a track that a person edits by hand, beside the extension fields (`x-…`).
    public static let fields = [
        "title", "artist", "album", "genre", "year", "trackNumber", "comment", "rating", "bpm", "key", "grid",
        "owner",
    ]

    /// Reads `field=value`; an empty value takes the field away.
    ///
    /// - Parameters:
    ///   - text: what the person wrote.
    ///   - person: finds a person by handle; ids are understood without it.
    public init(
        parsing text: String, person: (String) -> PersonID? = { PersonID($0) }
    ) throws(CatalogError) {
        guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw CatalogError(.invalidSyntax, "\"\(text)\" is no edit: write field=value, for example title=Intro")
        }
        try self.init(
            field: String(text[..<equals]), text: String(text[text.utf8.index(after: equals)...]), person: person)
    }

    /// Makes an edit of a field's name and its value as text.
    public init(
        field: String, text: String, person: (String) -> PersonID? = { PersonID($0) }
    ) throws(CatalogError) {
        try self.init(field: field) { () throws(CatalogError) in
            text.isEmpty ? nil : try Self.value(field, text, person)
        }
    }

    /// Makes an edit of a field's name and its value as a document has it; `null` takes the field away.
    ///
    /// A key, a grid and an owner are given as people write them, so that what they read is what they may write.
    public init(
        field: String, json: JSON, person: (String) -> PersonID? = { PersonID($0) }
    ) throws(CatalogError) {
        try self.init(field: field) { () throws(CatalogError) in
            switch (json, field) {
            case (.null, _): return nil
            case (.string(let text), "year"), (.string(let text), "trackNumber"), (.string(let text), "rating"),
                (.string(let text), "bpm"):
                throw Self.invalid(field, text, "a number")
            case (.string(let text), _): return text.isEmpty ? nil : try Self.value(field, text, person)
            case (_, "grid"), (_, "key"), (_, "owner"):
                throw CatalogError(.invalidValue, "\(field) has to be a text")
            default: return json
            }
        }
    }

    private init(field: String, _ read: () throws(CatalogError) -> JSON?) throws(CatalogError) {
        let isExtension = ExtensionField.isValid(field)
        guard isExtension || Self.fields.contains(where: { UTF8Order.equal($0, field) }) else {
            throw CatalogError(
                .unknownField, "there is no field \"\(field)\"" + Suggestion.hint(for: field, in: Self.fields))
        }
        self.field = field
        value = try read()
        guard let value, let shape = isExtension ? .text(Limits.comment) : TrackKind.schema[field]?.shape else {
            return
        }
        do throws(Fault) {
            try shape.check(value, .editing)
        } catch {
            throw CatalogError(error.isLimit ? .overLimit : .invalidValue, "\(field) \(error.reason)")
        }
    }

    private static func value(
        _ field: String, _ text: String, _ person: (String) -> PersonID?
    ) throws(CatalogError) -> JSON {
        switch field {
        case "year", "trackNumber", "rating":
            guard let number = Int64(text) else { throw invalid(field, text, "a whole number") }
            return .integer(number)
        case "bpm":
            guard case .some(let number) = try? JSON.parse(text), number.asDouble != nil else {
                throw invalid(field, text, "a number such as 128 or 127.5")
            }
            return number
        case "key":
            guard let key = MusicalKey(text) else {
                throw invalid(field, text, "a key such as \"A minor\" or \"F#\"")
            }
            return .string(key.description)
        case "grid":
            guard let grid = BeatGrid(text) else {
                throw invalid(field, text, "a tempo and a beat, such as 128@0.35")
            }
            return .object(grid.json)
        case "owner":
            if let id = person(text) { return .string(id.hex) }
            throw CatalogError(.invalidValue, "owner: there is no person \"\(text)\"")
        default: return .string(text)
        }
    }

    private static func invalid(_ field: String, _ text: String, _ expected: String) -> CatalogError {
        CatalogError(.invalidValue, "\(field): \"\(text)\" is not \(expected)")
    }
}
