import Cache
public import Catalog
import Store
import Sync

extension SyncOutcome {
    /// The document that scripts and pages read.
    public var json: JSON {
        var document: JSONObject = [
            "remote": .string(remote), "from": .string(round.from.description),
            "to": .string(round.to.description), "result": .string(result.rawValue),
            "pulled": .integer(Int64(round.pulled)), "pushed": .integer(Int64(round.pushed)),
            "conflicts": .integer(Int64(conflicts)),
            "files": [
                "uploaded": .integer(Int64(round.uploaded.files)),
                "downloaded": .integer(Int64(downloaded.files)), "bytesUp": .integer(round.uploaded.bytes),
                "bytesDown": .integer(downloaded.bytes), "absent": .integer(Int64(absent)),
                "damaged": .integer(Int64(damaged)),
            ],
            "invalidated": .array(invalidated.map { .string($0.description) }),
            "rounds": .integer(Int64(round.rounds)),
        ]
        if isPlan { document["dryRun"] = .bool(true) }
        return .object(document)
    }
}
