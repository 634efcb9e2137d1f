/// Reading single values, for the typed fields of each kind.
extension Record {
    /// A field's text; `nil` when it is absent or empty.
    public func text(_ field: String) -> String? {
        guard let text = fields[field]?.asString, !text.isEmpty else { return nil }
        return text
    }

    /// A field's text as something that is written as text; `nil` when it is absent or not of that form.
    func parsed<Value: LosslessStringConvertible>(_ field: String, as type: Value.Type = Value.self) -> Value? {
        fields[field]?.asString.flatMap { Value($0) }
    }

    /// The elements that are in a set now, by the order of their names, with their further fields.
    public func elements(of field: String) -> [(element: String, values: JSONObject)] {
        (fields[field]?.asObject?.entries ?? []).compactMap { entry in
            guard let values = entry.value.asObject, values["gone"] != true else { return nil }
            return (entry.key, values)
        }
    }

    /// Whether an element is in a set now.
    public func contains(_ element: String, in field: String) -> Bool { presentElement(element, of: field) != nil }

    /// The further fields of an element that is in a set now.
    func presentElement(_ element: String, of field: String) -> JSONObject? {
        guard let values = fields[field]?[element]?.asObject, values["gone"] != true else { return nil }
        return values
    }

    /// What lost a merge and waits for a person, by field and stamp.
    public var conflicts: [Conflict] {
        elements(of: "conflicts").compactMap { Conflict(key: $0.element, values: $0.values) }
    }

    /// The extension fields (`x-…`) with their values.
    public var extensions: [(name: String, value: JSON)] {
        fields.entries.filter { $0.key.utf8.starts(with: "x-".utf8) }.map { ($0.key, $0.value) }
    }
}

/// The fields that teams make up for themselves, each a text: `x-isrc`, `x-mood`…
public enum ExtensionField {
    /// Tells whether a name is `x-` and then letters, digits, hyphens or underscores of ASCII.
    public static func isValid(_ name: String) -> Bool {
        let rest = name.utf8.dropFirst(2)
        return name.utf8.starts(with: "x-".utf8) && (1...Limits.extensionName).contains(rest.count)
            && rest.allSatisfy {
                ASCII.isDigit($0) || ASCII.isLower($0 | 0x20) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }
}
