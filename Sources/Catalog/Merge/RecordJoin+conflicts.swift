import Digest

/// What is kept for a person, and how large it may be.
extension RecordJoin {
    /// A losing text of more bytes than this lies beside its record.
    private static var longest: Int { 16 << 10 }

    /// Whether texts can lie beside records of this kind.
    private static var hasFolder: Bool { Kind.schema["track"] != nil || Kind.schema["audio"] != nil }

    /// The record with its conflicts.
    func finished() -> MergedRecord<Kind> {
        for limit in [Self.longest, 256] {
            if let merged = merged(longest: limit), (try? merged.record.encode()) != nil { return merged }
        }
        return theLaterAlone()
    }

    private func merged(longest: Int) -> MergedRecord<Kind>? {
        var fields = fields
        var texts: [ContentHash: [UInt8]] = [:]
        var conflicts = fields["conflicts"]?.asObject ?? JSONObject()
        let before = sides.compactMap { $0.fields["conflicts"]?.asObject }
        var new: [String] = []
        for (key, element) in lost {
            let name = key.description
            if !before.contains(where: { $0[name] != nil }) { new.append(name) }
            let element = Self.hasFolder ? shortened(element, longest, &texts) : element
            let known = Cell(element: conflicts[name])
            let cell = CellJoin(known, Cell(element: .object(element)), base: nil, .settled).result
            var values = cell.value?.asObject ?? element
            values["at"] = cell.stamp?.json
            conflicts[name] = .object(values)
        }
        for entry in conflicts.entries where isSettled(entry.key, entry.value, fields) {
            conflicts[entry.key] = nil
        }
        if !conflicts.isEmpty || fields["conflicts"] != nil { fields["conflicts"] = .object(conflicts) }
        guard let record = try? Record<Kind>(fields: fields) else { return nil }
        var merged = MergedRecord(record: record)
        merged.lost = record.conflicts.filter { new.contains($0.key.description) }
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

    /// The later side alone, where both are too much for one record. All of the other is kept beside it.
    private func theLaterAlone() -> MergedRecord<Kind> {
        let cells = sides.map { Cell(value: .object($0.fields), stamp: $0.modified) }
        let isFirst = cells[0].prevails(over: cells[1])
        let (later, other) = isFirst ? (sides[0], sides[1]) : (sides[1], sides[0])
        var merged = MergedRecord(record: later, isTooLarge: true)
        guard Self.hasFolder else { return merged }
        let value = JSON.object(other.fields)
        let bytes = value.canonical()
        let key = Conflict.Key(field: Conflict.wholeRecord, stamp: other.modified, value: value)
        merged.record.setElement(
            key.description, of: "conflicts",
            to: [
                "at": other.modified.json,
                "value": [Conflict.longMember: .string(ContentHash(of: bytes).hex)],
            ])
        guard (try? merged.record.encode()) != nil else { return MergedRecord(record: later, isTooLarge: true) }
        merged.longTexts = [ContentHash(of: bytes): bytes]
        merged.lost = merged.record.conflicts.filter { $0.key == key }
        return merged
    }
}
