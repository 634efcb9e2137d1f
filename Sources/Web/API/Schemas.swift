import Catalog

/// What the documents of requests and answers look like, in JSON Schema, by name.
enum Schemas {
    static let all = JSONObject(
        [
            common, session, guests, syncing, tracks, PersonAPI.schemas, WorkspaceAPI.schemas, PostSchemas.all,
            VersionAPI.schemas, ConflictAPI.schemas, StatusAPI.schemas, CacheAPI.schemas,
        ].flatMap { $0.entries.map { ($0.key, $0.value) } })

    private static let common: JSONObject = [
        "Problem": object(
            [
                "type": text, "title": text, "status": ["type": "integer"], "detail": text, "code": text,
                "hint": optionalText,
            ], required: ["title", "status", "detail"])
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
