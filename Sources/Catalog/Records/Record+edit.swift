extension Record {
    /// Sets a field, or takes it away with `nil`, as decided at a stamp.
    ///
    /// - Parameters:
    ///   - field: a known field that is no set, or an extension field (`x-…`).
    ///   - value: the new value, within the limits of the schema.
    ///   - stamp: greater than the field's present stamp, or equal to it within one operation.
    /// - Returns: whether anything changed; an equal value keeps its stamp.
    @discardableResult
    public mutating func set(_ field: String, to value: JSON?, at stamp: Stamp) throws(CatalogError) -> Bool {
        let shape = try editableShape(field)
        if case .set = shape { throw CatalogError(.notEditable, "\(field) is a set: add to it or remove from it") }
        if case .stamped = shape {
            return try setStamped(field, to: value, shape, at: stamp)
        }
        guard fields[field] != value else { return false }
        if let value { try Self.check(value, shape, field) } else { try checkRequired(field) }
        try checkStamp(stamp, replaces: self.stamp(of: field), field)
        fields[field] = value
        note(field, at: stamp)
        return true
    }

    /// Puts an element into a set.
    ///
    /// - Parameters:
    ///   - element: its name.
    ///   - field: the set.
    ///   - stamp: greater than the element's present stamp, or equal to it within one operation.
    ///   - values: the element's further fields, put over those that it has.
    /// - Returns: whether anything changed.
    @discardableResult
    public mutating func add(
        _ element: String, to field: String, at stamp: Stamp, with values: JSONObject = [:]
    ) throws(CatalogError) -> Bool {
        let shape = try setShape(field)
        let present = presentElement(element, of: field)
        var updated = present ?? JSONObject()
        for entry in values.entries { updated[entry.key] = entry.value }
        updated["at"] = present?["at"]
        guard updated != present else { return false }
        updated["at"] = .string(stamp.description)
        try Self.check(.object([element: .object(updated)]), shape, field)
        try checkElementStamp(stamp, element, field)
        setElement(element, of: field, to: updated)
        return true
    }

    /// Takes an element out of a set; a trace of it stays, so that the removal outlives merges.
    ///
    /// - Returns: whether it was there.
    @discardableResult
    public mutating func remove(_ element: String, from field: String, at stamp: Stamp) throws(CatalogError) -> Bool
    {
        _ = try setShape(field)
        guard presentElement(element, of: field) != nil else { return false }
        try checkElementStamp(stamp, element, field)
        setElement(element, of: field, to: ["at": .string(stamp.description), "gone": true])
        return true
    }

    /// Marks a conflict as resolved; its key stays, so that it does not return with an older branch.
    ///
    /// - Returns: whether it was open.
    @discardableResult
    public mutating func resolve(_ conflict: Conflict.Key, at stamp: Stamp) -> Bool {
        let key = conflict.description
        guard presentElement(key, of: "conflicts") != nil else { return false }
        setElement(key, of: "conflicts", to: ["at": .string(stamp.description), "gone": true])
        return true
    }

    private mutating func setStamped(
        _ field: String, to value: JSON?, _ shape: Shape, at stamp: Stamp
    ) throws(CatalogError) -> Bool {
        guard var object = value?.asObject else {
            throw CatalogError(.invalidValue, "\(field) must be an object, and cannot be taken away")
        }
        object["at"] = fields[field]?["at"]
        guard fields[field] != .object(object) else { return false }
        object["at"] = .string(stamp.description)
        try Self.check(.object(object), shape, field)
        try checkStamp(stamp, replaces: self.stamp(of: field), field)
        fields[field] = .object(object)
        return true
    }

    /// Writes down when a field was decided; what was decided when the record was made needs no entry.
    mutating func note(_ field: String, at stamp: Stamp) {
        var edits = fields["edits"]?.asObject ?? JSONObject()
        if stamp == created, edits[field] == nil { return }
        edits[field] = .string(stamp.description)
        fields["edits"] = .object(edits)
    }

    mutating func setElement(_ element: String, of field: String, to value: JSONObject) {
        var set = fields[field]?.asObject ?? JSONObject()
        set[element] = .object(value)
        fields[field] = .object(set)
    }
}

/// What an edit has to fulfil.
extension Record {
    private func editableShape(_ field: String) throws(CatalogError) -> Shape {
        if let known = Kind.schema[field] {
            guard !known.isFixed else { throw CatalogError(.notEditable, "\(field) cannot be changed") }
            return known.shape
        }
        guard ExtensionField.isValid(field) else {
            throw CatalogError(
                .unknownField,
                "a \(Kind.noun) has no field \"\(field)\""
                    + Suggestion.hint(for: field, in: Kind.schema.fields.filter { !$0.isFixed }.map(\.name)))
        }
        return .text(Limits.comment)
    }

    private func setShape(_ field: String) throws(CatalogError) -> Shape {
        let shape = try editableShape(field)
        guard case .set = shape else { throw CatalogError(.notEditable, "\(field) is not a set: set its value") }
        return shape
    }

    private func checkRequired(_ field: String) throws(CatalogError) {
        guard Kind.schema[field]?.isRequired == true else { return }
        throw CatalogError(.invalidValue, "a \(Kind.noun) must have a \(field)")
    }

    private func checkStamp(
        _ stamp: Stamp, replaces present: Stamp, _ what: @autoclosure () -> String
    ) throws(CatalogError) {
        guard stamp >= present else {
            throw CatalogError(.staleStamp, "\(what()) was changed at \(present), later than \(stamp)")
        }
    }

    private func checkElementStamp(_ stamp: Stamp, _ element: String, _ field: String) throws(CatalogError) {
        guard let present = self.stamp(of: element, in: field) else { return }
        try checkStamp(stamp, replaces: present, "\(element) in \(field)")
    }

    private static func check(_ value: JSON, _ shape: Shape, _ field: String) throws(CatalogError) {
        do throws(Fault) {
            try shape.check(value, .editing)
        } catch {
            let place = error.path.isEmpty ? field : "\(field).\(error.path)"
            throw CatalogError(error.isLimit ? .overLimit : .invalidValue, "\(place) \(error.reason)")
        }
    }
}
