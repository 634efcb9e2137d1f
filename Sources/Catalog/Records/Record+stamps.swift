extension Record {
    /// The stamp of a field: when its value, or its absence, was last decided.
    public func stamp(of field: String) -> Stamp {
        if case .stamped = Kind.schema[field]?.shape, let own = fields[field].flatMap(Self.stamp(in:)) {
            return own
        }
        return fields["edits"]?[field]?.asString.flatMap { Stamp($0) } ?? created
    }

    /// The stamp of an element of a set, removed ones included; `nil` when it was never in it.
    public func stamp(of element: String, in field: String) -> Stamp? {
        fields[field]?[element].flatMap(Self.stamp(in:))
    }

    /// When anything in the record was last changed: the greatest stamp in it.
    public var modified: Stamp {
        var latest = created
        for entry in fields["edits"]?.asObject?.entries ?? [] {
            if let stamp = entry.value.asString.flatMap({ Stamp($0) }) { latest = max(latest, stamp) }
        }
        Self.findLatest(in: .object(fields), &latest)
        return latest
    }

    private static func stamp(in value: JSON) -> Stamp? { value["at"]?.asString.flatMap { Stamp($0) } }

    /// Looks for `at` at any depth, so that what a newer program added counts as well.
    private static func findLatest(in value: JSON, _ latest: inout Stamp) {
        switch value {
        case .object(let object):
            if let stamp = object["at"]?.asString.flatMap({ Stamp($0) }) { latest = max(latest, stamp) }
            for entry in object.entries { findLatest(in: entry.value, &latest) }
        case .array(let elements):
            for element in elements { findLatest(in: element, &latest) }
        default: break
        }
    }
}
