public import Catalog
import Store

extension ConflictSummary {
    /// The document that scripts and pages read, but for its number in the list.
    public var json: JSON {
        [
            "kind": .string(kind), "id": .string(id), "field": .string(field), "current": current ?? .null,
            "others": .array(others.map(\.json)),
        ]
    }
}

extension ConflictSummary.Other {
    fileprivate var json: JSON {
        ["value": value ?? .null, "by": by.map(JSON.string) ?? .null, "at": .string(at.description)]
    }
}

extension Sequence<ConflictSummary> {
    /// The document of a list, in which each has its number.
    public var json: JSON {
        .array(
            zip(1..., self).map { number, conflict in
                var document = conflict.json.asObject ?? JSONObject()
                document["n"] = .integer(Int64(number))
                return .object(document)
            })
    }
}

extension ResolveOutcome {
    /// The document that scripts and pages read.
    public var json: JSON {
        var document: JSONObject = ["version": .string(version.description)]
        switch result {
        case .track(let track): document["track"] = track.json
        case .record(let fields): document["record"] = .object(fields)
        case .removed: document["removed"] = [.string(id)]
        }
        return .object(document)
    }
}
