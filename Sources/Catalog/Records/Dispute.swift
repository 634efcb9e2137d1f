import Digest

/// One field of a record, or one element of a set, of which a merge kept more than one value for a person.
public struct Dispute: Sendable, Hashable {
    /// The field; of a set the element behind a dot.
    public let field: String
    /// What stands; nil where nothing does.
    public let current: JSON?
    /// What lost, the earliest first.
    public let others: [Conflict]
}

extension Record {
    /// What waits for a person, by field.
    public var disputes: [Dispute] {
        var groups: [(field: String, conflicts: [Conflict])] = []
        for conflict in conflicts {
            if let place = groups.firstIndex(where: { UTF8Order.equal($0.field, conflict.field) }) {
                groups[place].conflicts.append(conflict)
            } else {
                groups.append((conflict.field, [conflict]))
            }
        }
        return groups.map { field, conflicts in
            let others = conflicts.sorted { ($0.key.stamp, $0.key.digits) < ($1.key.stamp, $1.key.digits) }
            return Dispute(field: field, current: standing(in: field), others: others)
        }
    }

    /// What stands where others lost.
    private func standing(in field: String) -> JSON? {
        switch field {
        case Conflict.removal: return false
        case Conflict.wholeRecord: return .object(fields.without("conflicts"))
        default:
            let place = place(named: field)
            guard let element = place.element else { return value(of: place.field) }
            return presentElement(element, of: place.field).map { .object($0.without("at")) }
        }
    }

    /// The place that a conflict names.
    private func place(named name: String) -> FieldPlace {
        let whole = FieldPlace(field: name, element: nil)
        guard Kind.schema[name] == nil, fields[name] == nil, let dot = name.utf8.firstIndex(of: UInt8(ascii: "."))
        else { return whole }
        let field = String(name[..<dot])
        let isSet = if case .set = Kind.schema[field]?.shape { true } else { fields[field]?.asObject != nil }
        return isSet ? FieldPlace(field: field, element: String(name[name.utf8.index(after: dot)...])) : whole
    }

    // MARK: Deciding

    /// Puts a value that lost in the place of what stands. What is said of a file goes with it: of one that lost nothing
    /// is known.
    ///
    /// - Parameters:
    ///   - value: the value; nil takes away what stands.
    ///   - field: the field as its conflict names it.
    ///   - stamp: gives a new stamp, greater than those handed to it.
    public mutating func take(
        lost value: JSON?, in field: String, stamp: ([Stamp?]) -> Stamp
    ) throws(Unreadable) {
        let place = place(named: field)
        var other = self
        if let element = place.element {
            other.setElement(element, of: place.field, to: value?.asObject ?? ["gone": true])
        } else {
            for member in Self.members(of: place) { other.fields[member] = nil }
            other.fields[place.field] = together(value, in: place.field)
        }
        take(place, from: other, stamp: stamp)
        self = try Record(fields: fields)
    }

    /// Of values by name only those lost that both sides gave: the others stay.
    private func together(_ value: JSON?, in field: String) -> JSON? {
        guard Kind.schema[field]?.merging == .united, var all = fields[field]?.asObject else { return value }
        for entry in value?.asObject?.entries ?? [] { all[entry.key] = entry.value }
        return .object(all)
    }

    /// Makes the record what another was that lost as a whole. What waits for a person goes on waiting, but for what
    /// stands now by this.
    public mutating func take(lost other: Record, stamp: ([Stamp?]) -> Stamp) {
        _ = takeBack(from: other, to: self, sparing: { $0.field == "conflicts" }, stamp: stamp)
        for dispute in disputes {
            for conflict in dispute.others where stands(conflict, in: dispute) {
                resolve(conflict.key, at: stamp([conflict.at, conflict.key.stamp]))
            }
        }
    }

    private func stands(_ conflict: Conflict, in dispute: Dispute) -> Bool {
        guard let file = conflict.file else { return conflict.value == dispute.current }
        return file == self.file
    }

    /// Marks all conflicts of a field as resolved.
    public mutating func settle(_ dispute: Dispute, at stamp: Stamp) {
        for conflict in dispute.others { resolve(conflict.key, at: stamp) }
    }

    /// Reads the value of a field as a person writes it; nothing takes the field away.
    public static func value(of field: String, from text: String) throws(CatalogError) -> JSON? {
        if text.isEmpty { return nil }
        switch Kind.schema[field]?.shape {
        case .line, .text, .choice, .hash, .identifier, .name, .localTime: return .string(text)
        case nil where ExtensionField.isValid(field): return .string(text)
        case .integer, .number, .bool:
            guard case .some(let value) = try? JSON.parse(text) else {
                throw CatalogError(.invalidValue, "\(field): \"\(text)\" is no number and no truth value")
            }
            return value
        default: throw CatalogError(.notEditable, "\(field) is nothing that is written as one text")
        }
    }
}
