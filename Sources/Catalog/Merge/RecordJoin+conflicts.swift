import Digest

/// What is kept for a person, and how large it may be.
extension RecordJoin {
    /// A losing text of more bytes than this lies beside its record.
    private static var longest: Int { 16 << 10 }
    /// Or of more than this, where the record would be too large otherwise.
    private static var longestOfMany: Int { 256 }

    /// Whether texts can lie beside records of this kind.
    private static var hasFolder: Bool { Kind.schema["track"] != nil || Kind.schema["audio"] != nil }

    /// The record with its conflicts.
    func finished() -> MergedRecord<Kind> {
        for limit in [Self.longest, Self.longestOfMany] {
            if limit == Self.longestOfMany, !hasLost(over: limit) { break }
            if let merged = merged(longest: limit), (try? merged.record.encode()) != nil { return merged }
        }
        return theLaterAlone()
    }

    private func hasLost(over limit: Int) -> Bool {
        Self.hasFolder
            && lost.contains { _, element in
                ["base", "value"].contains { (element[$0]?.asString?.utf8.count ?? 0) > limit }
            }
    }

    private func merged(longest: Int) -> MergedRecord<Kind>? {
        var fields = fields
        var texts: [ContentHash: [UInt8]] = [:]
        let before = sides.compactMap { $0.fields["conflicts"]?.asObject }
        var new: [String] = []
        var conflicts = fields["conflicts"]?.asObject ?? JSONObject()
        conflicts.add(
            lost.map { key, element in
                let name = key.description
                if !before.contains(where: { $0[name] != nil }) { new.append(name) }
                return (name, Self.hasFolder ? shortened(element, longest, &texts) : element)
            })
        conflicts.removeAll { isSettled($0.key, $0.value, fields) }
        if !conflicts.isEmpty || fields["conflicts"] != nil { fields["conflicts"] = .object(conflicts) }
        guard let record = try? Record<Kind>(fields: fields) else { return nil }
        var merged = MergedRecord(record: record)
        let isNew = Set(new)
        merged.lost = record.conflicts.filter { isNew.contains($0.key.description) }
        merged.longTexts = texts
        return merged
    }

    /// Whether a value that was kept is the one that stands now, so that there is nothing to decide.
    private func isSettled(_ name: String, _ element: JSON, _ fields: JSONObject) -> Bool {
        guard element["gone"] != true, let key = Conflict.Key(name), let value = element["value"] else {
            return false
        }
        guard let current = fields[key.field] else { return false }
        if Kind.schema[key.field]?.merging == .file { return current["oid"] == value["oid"] }
        if let hash = value[Conflict.longMember]?.asString, let text = current.asString {
            return ContentHash(of: Array(text.utf8)).hex == hash
        }
        return current == value
    }

    /// Puts the hashes of long texts in their places.
    private func shortened(
        _ element: JSONObject, _ longest: Int, _ texts: inout [ContentHash: [UInt8]]
    ) -> JSONObject {
        var element = element
        for member in ["base", "value"] {
            guard let text = element[member]?.asString, text.utf8.count > longest else { continue }
            let bytes = Array(text.utf8)
            let hash = ContentHash(of: bytes)
            texts[hash] = bytes
            element[member] = [Conflict.longMember: .string(hash.hex)]
        }
        return element
    }

    /// The later side alone, where both are too much for one record. All of the other is kept beside it, and what it
    /// knows of files by itself, since they need their pointers.
    private func theLaterAlone() -> MergedRecord<Kind> {
        let cells = sides.map { Cell(value: .object($0.fields), stamp: $0.modified) }
        let isFirst = cells[0].prevails(over: cells[1])
        let (later, other) = isFirst ? (sides[0], sides[1]) : (sides[1], sides[0])
        var merged = MergedRecord(record: later, isTooLarge: true)
        guard Self.hasFolder else { return merged }
        let value = JSON.object(other.fields)
        let bytes = value.canonical()
        let hash = ContentHash(of: bytes)
        let key = Conflict.Key(field: Conflict.wholeRecord, stamp: other.modified, value: value)
        let whole: JSONObject = [
            "at": other.modified.json, "value": [Conflict.longMember: .string(hash.hex)],
        ]
        let known = later.fields["conflicts"]?.asObject ?? JSONObject()
        var conflicts = known
        conflicts.add([(key.description, whole)] + files(of: other, beside: later))
        merged.record.fields["conflicts"] = .object(conflicts)
        guard (try? merged.record.encode()) != nil else { return MergedRecord(record: later, isTooLarge: true) }
        merged.longTexts = [hash: bytes]
        merged.lost = merged.record.conflicts.filter { known[$0.key.description] == nil }
        return merged
    }

    /// The files that one side knows and the other does not, as conflicts.
    private func files(of other: Record<Kind>, beside later: Record<Kind>) -> [(String, JSONObject)] {
        var found: [(String, JSONObject)] = []
        for conflict in other.conflicts where conflict.file != nil {
            let name = conflict.key.description
            if let element = other.fields["conflicts"]?[name]?.asObject { found.append((name, element)) }
        }
        guard let file = other.file, file != later.file else { return found }
        let field = Record<Kind>.fileField
        let stamp = other.stamp(of: field)
        let value = other.fields[field]?.asObject.map { $0.without("at") }.map(JSON.object)
        var element: JSONObject = ["at": stamp.json]
        element["value"] = value
        found.append((Conflict.Key(field: field, stamp: stamp, value: value).description, element))
        return found
    }
}

extension JSONObject {
    /// Adds elements of a set, unless what is known of them is as late: a decided conflict stays decided.
    fileprivate mutating func add(_ elements: [(name: String, values: JSONObject)]) {
        for (name, values) in elements {
            let known = Cell(element: self[name])
            let cell = CellJoin(known, Cell(element: .object(values)), base: nil, .settled).result
            var joined = cell.value?.asObject ?? values
            joined["at"] = cell.stamp?.json
            self[name] = .object(joined)
        }
    }
}
