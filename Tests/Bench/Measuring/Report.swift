import Catalog

/// All findings, and where they are from.
struct Report: Sendable {
    let machine: Machine
    let place: String
    var findings: [Finding] = []

    /// The figures for programs.
    var json: [UInt8] {
        let document: JSON = [
            "cores": JSON(Double(machine.cores)), "findings": .array(findings.map(\.json)),
            "kernel": .string(machine.kernel), "load": .string(machine.load),
            "memoryBytes": JSON(Double(machine.memoryBytes)), "place": .string(place),
        ]
        return document.canonical()
    }
}

extension Finding {
    fileprivate var json: JSON {
        var object: JSONObject = [
            "judged": judged.json, "ours": ours.json, "row": .string(row), "unit": .string(unit.rawValue),
            "what": .string(what),
        ]
        if let other { object["other"] = ["name": .string(other.name), "sample": other.sample.json] }
        if let isMet { object["met"] = .bool(isMet) }
        if !note.isEmpty { object["note"] = .string(note) }
        switch goal {
        case .times(let limit): object["goal"] = ["limit": JSON(limit), "of": "ours / other"]
        case .more(let limit): object["goal"] = ["limit": JSON(limit), "of": "ours - other"]
        case .atMost(let limit): object["goal"] = ["limit": JSON(limit), "of": "ours"]
        case .none: break
        }
        return .object(object)
    }
}

extension Sample {
    fileprivate var json: JSON {
        [
            "max": JSON(greatest), "median": JSON(median), "min": JSON(least),
            "values": .array(values.map { JSON($0) }),
        ]
    }
}
