import Catalog

/// What the documents of requests and answers look like, in JSON Schema, by name.
enum Schemas {
    static let all = joined([own, session, guests, syncing])

    private static func joined(_ parts: [JSONObject]) -> JSONObject {
        JSONObject(parts.flatMap { part in part.entries.map { ($0.key, $0.value) } })
    }

    private static let own: JSONObject = [
        "Problem": object(
            [
                "type": text, "title": text, "status": ["type": "integer"], "detail": text, "code": text,
                "hint": optionalText,
            ], required: ["title", "status", "detail", "code"]),
        "Track": ["type": "object", "required": ["id", "title"]],
        "TrackList": object(
            [
                "version": text, "total": ["type": "integer"],
                "tracks": ["type": "array", "items": reference("Track")], "next": optionalText,
            ], required: ["version", "total", "tracks", "next"]),
    ]

    static let text: JSON = ["type": "string"]
    static let optionalText: JSON = ["type": ["string", "null"]]

    static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    static func object(_ properties: JSONObject, required: [String]) -> JSON {
        [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map(JSON.string)),
        ]
    }
}
