/// What is decided by itself in a record: a field, or one element of a set.
public struct FieldPlace: Sendable, CustomStringConvertible {
    /// The field.
    public let field: String
    /// The element, where the field is a set.
    public let element: String?

    /// The field, and the element behind a dot.
    public var description: String { element.map { "\(field).\($0)" } ?? field }
}

extension Record {
    /// What stands at a place, and when that was decided.
    struct Decided {
        /// The value without its stamp; nil where there is none.
        let value: JSON?
        /// One stamp; of a file those of all that is said of it; nil for an element that never was in its set.
        let stamps: [Stamp?]
    }

    /// Which file a record speaks of, and what else is said of that file: they are decided as one.
    private static var fileFields: [String] {
        Kind.schema["audio"] == nil ? [] : ["audio"] + ["facts", "madeFrom"].filter { Kind.schema[$0] != nil }
    }

    /// The fields that are no person's decision to be put back: what the store is, who decides who publishes, and what was
    /// decided about a post or went out.
    static var settledFields: [String] { ["arbiter", "created", "decisions", "format", "links", "merge"] }

    private static func isSettled(_ field: String) -> Bool {
        field == Kind.identityField || field == "edits" || settledFields.contains(field)
    }

    /// The places of this record and another, in the order of their names.
    func places(with other: Record) -> [FieldPlace] {
        let all = [fields, fields["edits"]?.asObject, other.fields, other.fields["edits"]?.asObject]
        let companions = Self.fileFields.dropFirst()
        return JSONObject.keys(of: all).flatMap { field -> [FieldPlace] in
            if Self.isSettled(field) || companions.contains(field) { return [] }
            guard case .set = Kind.schema[field]?.shape else { return [FieldPlace(field: field, element: nil)] }
            return JSONObject.keys(of: [fields[field]?.asObject, other.fields[field]?.asObject])
                .map { FieldPlace(field: field, element: $0) }
        }
    }

    /// What stands at a place.
    func decided(at place: FieldPlace) -> Decided {
        if let element = place.element {
            let values = presentElement(element, of: place.field).map { JSON.object($0.without("at")) }
            return Decided(value: values, stamps: [stamp(of: element, in: place.field)])
        }
        let members = Self.members(of: place)
        let values = members.compactMap { member in value(of: member).map { (member, $0) } }
        return Decided(
            value: members.count == 1 ? values.first?.1 : .object(JSONObject(values)),
            stamps: members.map { stamp(of: $0) })
    }

    static func members(of place: FieldPlace) -> [String] {
        place.field == "audio" && !fileFields.isEmpty ? fileFields : [place.field]
    }

    /// A field's value without a stamp of its own.
    func value(of field: String) -> JSON? {
        guard case .stamped = Kind.schema[field]?.shape else { return fields[field] }
        return fields[field]?.asObject.map { .object($0.without("at")) }
    }

    /// All that the record says, place by place, each with its value and the stamps under which that was decided; a place
    /// whose value was taken away is among them.
    public var decided: [(place: FieldPlace, value: JSON?, stamps: [Stamp])] {
        places(with: self).map { place in
            let decided = decided(at: place)
            return (place, decided.value, decided.stamps.compactMap(\.self))
        }
    }

    /// Takes what another record has at a place, as decided anew; of a file only what differs.
    ///
    /// - Parameters:
    ///   - all: whether also what is equal gets a new stamp.
    ///   - stamp: gives a new stamp, greater than those handed to it.
    mutating func take(
        _ place: FieldPlace, from other: Record, all: Bool = false, stamp: ([Stamp?]) -> Stamp
    ) {
        if let element = place.element {
            let now = stamp([self.stamp(of: element, in: place.field), other.stamp(of: element, in: place.field)])
            var values = other.presentElement(element, of: place.field) ?? ["gone": true]
            values["at"] = .string(now.description)
            return setElement(element, of: place.field, to: values)
        }
        for field in Self.members(of: place) where all || value(of: field) != other.value(of: field) {
            if all, other.fields[field] == nil { continue }
            take(field, from: other, at: stamp([self.stamp(of: field), other.stamp(of: field)]))
        }
    }

    private mutating func take(_ field: String, from other: Record, at stamp: Stamp) {
        guard case .stamped = Kind.schema[field]?.shape, var object = other.fields[field]?.asObject else {
            fields[field] = other.fields[field]
            return note(field, at: stamp)
        }
        object["at"] = .string(stamp.description)
        fields[field] = .object(object)
    }
}

extension JSONObject {
    /// The keys of several objects, each once, in order.
    static func keys(of objects: [JSONObject?]) -> [String] {
        // Each is sorted already, so two at a time are walked side by side.
        objects.reduce([]) { known, object in
            guard let object, !object.isEmpty else { return known }
            return known.isEmpty ? object.keys : merged(known, object.keys)
        }
    }

    private static func merged(_ one: [String], _ other: [String]) -> [String] {
        var all: [String] = []
        all.reserveCapacity(max(one.count, other.count))
        var (left, right) = (one[...], other[...])
        while let first = left.first, let second = right.first {
            let order = UTF8Order.compare(first, second)
            all.append(order <= 0 ? first : second)
            if order <= 0 { left.removeFirst() }
            if order >= 0 { right.removeFirst() }
        }
        return all + left + right
    }

    /// The object without one member.
    func without(_ key: String) -> JSONObject {
        var object = self
        object[key] = nil
        return object
    }
}
