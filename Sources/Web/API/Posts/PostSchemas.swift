import Catalog

/// What the documents of posts look like.
enum PostSchemas {
    private static let state: JSON = [
        "type": "string", "enum": .array(PostState.allCases.map { .string($0.rawValue) }),
    ]
    private static let nullOr: @Sendable (JSON) -> JSON = { ["anyOf": [$0, ["type": "null"]]] }
    private static let local: JSON = ["type": "string", "examples": ["2030-11-20T09:00"]]
    private static let platforms: JSON = ["type": ["array", "null"], "items": Schemas.text]
    private static let note: JSON = ["type": ["string", "null"], "maxLength": .integer(Int64(Limits.comment))]
    private static let text: JSON = ["type": "string", "maxLength": .integer(Int64(Limits.postText))]
    private static let title: JSON = ["type": ["string", "null"], "maxLength": .integer(Int64(Limits.title))]

    private static let decision = Schemas.whole([
        "id": Schemas.text, "by": Schemas.text, "at": Schemas.time, "kind": Schemas.text,
        "note": Schemas.optionalText, "valid": Schemas.truth, "attempt": Schemas.optionalNumber,
        "target": Schemas.optionalText,
    ])

    private static let undone = Schemas.list(
        Schemas.whole([
            "id": Schemas.text, "target": Schemas.optionalText, "reason": Schemas.optionalText, "state": state,
        ]))

    static let all: JSONObject = [
        "Post": Schemas.whole([
            "id": Schemas.text, "workspace": Schemas.text, "title": Schemas.optionalText, "text": Schemas.text,
            "track": Schemas.optionalText, "platforms": Schemas.list(Schemas.text),
            "author": Schemas.optionalText, "state": state,
            "schedule": nullOr(Schemas.whole(["local": local, "zone": Schemas.optionalText])),
            "scheduledAt": Schemas.optionalTime,
            "image": nullOr(
                Schemas.whole(["oid": Schemas.text, "size": Schemas.number, "format": Schemas.text])),
            "links": ["type": "object"], "decisions": Schemas.list(decision), "conflicts": Schemas.number,
            "created": Schemas.time, "modified": Schemas.time,
        ]),
        "PostList": Schemas.whole([
            "version": Schemas.text, "total": Schemas.number, "posts": Schemas.list(Schemas.reference("Post")),
            "next": Schemas.optionalText,
            "unreadable": Schemas.list(Schemas.whole(["path": Schemas.text, "reason": Schemas.text])),
            "cache": ["type": "string", "enum": ["hit", "refreshed", "built"]],
        ]),
        "NewPost": Schemas.form(
            [
                "text": text, "title": title, "track": Schemas.optionalText,
                "platforms": platforms, "at": nullOr(local), "zone": Schemas.optionalText,
                "submit": ["type": ["boolean", "null"]],
            ], required: ["text"]),
        "PostEdit": Schemas.form([
            "text": text, "title": title, "track": Schemas.optionalText, "platforms": platforms,
        ]),
        "ChangedPost": Schemas.whole([
            "version": Schemas.text, "post": Schemas.reference("Post"), "remarks": Schemas.list(Schemas.text),
        ]),
        "Note": Schemas.form(["note": note]),
        "Nothing": Schemas.form([:]),
        "Schedule": Schemas.form(["at": local, "zone": Schemas.optionalText, "note": note], required: ["at"]),
        "Settlement": Schemas.form(["sent": ["type": ["string", "null"]], "note": note], required: ["sent"]),
        "Published": Schemas.whole([
            "version": Schemas.text, "post": Schemas.reference("Post"),
            "published": Schemas.list(Schemas.reference("Post")), "failed": undone, "lost": undone,
            "attention": undone, "remarks": Schemas.list(Schemas.text),
        ]),
    ]
}
