public import Catalog
import Store

extension LogEntry {
    /// The document that scripts and pages read.
    public var json: JSON {
        [
            "version": .string(entry.version.description),
            "at": .string(Timestamp(milliseconds: Int64(entry.at)).description), "by": .string(by),
            "subject": .string(entry.subject), "changes": .integer(Int64(changes)),
        ]
    }
}

extension FieldChanges {
    /// The document that scripts and pages read.
    public var json: JSON {
        [
            "kind": .string(kind), "id": .string(id), "what": .string(change.kind.rawValue),
            "fields": .array(fields.map(JSON.string)),
        ]
    }
}

extension UndoReport {
    /// The document that scripts and pages read.
    public var json: JSON {
        [
            "version": .string(version.description),
            "undone": [
                "version": .string(undone.version.description), "subject": .string(undone.subject),
                "at": .string(Timestamp(milliseconds: Int64(undone.at)).description),
                "changes": .array(changes.map(\.json)),
            ],
            "kept": .array(kept.map(\.json)),
        ]
    }
}

extension UndoReport.Change {
    fileprivate var json: JSON {
        [
            "kind": .string(kind), "id": .string(id), "what": .string(what.rawValue),
            "fields": .array(fields.map(JSON.string)),
        ]
    }
}

extension UndoReport.Kept {
    fileprivate var json: JSON {
        [
            "kind": .string(kind), "id": .string(id), "field": field.map(JSON.string) ?? .null,
            "reason": .string(reason),
        ]
    }
}
