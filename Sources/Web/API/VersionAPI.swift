import Catalog
import Offbeat
import Serving
import Store

/// What was done, and taking it back.
enum VersionAPI {
    static let routes: [Route] = [
        Route(
            .post, "/api/undo", "Take back what you last did on this computer", tag: "versions",
            answers: [.json("Undo", "What was taken back, and what was left")]
        ) { call in Response(json: try call.session().undo().json) },
        Route(
            .get, "/api/log", "List versions, newest first", tag: "versions",
            parameters: [
                .text("id", "Only versions that changed this track or post."),
                .number("limit", "How many at most.", 1...1000), .text("after", "Where the page before ended."),
            ], answers: [.json("Log", "A page of versions")]
        ) { call in
            let limit = try call.number("limit", in: 1...1000) ?? 50
            var entries: [LogEntry] = []
            let query = call.request.query
            try call.session().log(of: query["id"], after: query["after"]) { entry in
                entries.append(entry)
                // One more than fits tells whether there are more.
                return entries.count <= limit
            }
            let page = entries.prefix(limit)
            let next = entries.count > limit ? page.last : nil
            return Response(json: [
                "entries": .array(page.map(\.json)),
                "next": next.map { .string($0.entry.version.description) } ?? .null,
            ])
        },
    ]

    private static let changes = Schemas.list(
        Schemas.whole([
            "kind": Schemas.text, "id": Schemas.text, "what": Schemas.text, "fields": Schemas.list(Schemas.text),
        ]))

    static let schemas: JSONObject = [
        "Log": Schemas.whole([
            "entries": Schemas.list(
                Schemas.whole([
                    "version": Schemas.text, "at": Schemas.time, "by": Schemas.text, "subject": Schemas.text,
                    "changes": Schemas.number,
                ])), "next": Schemas.optionalText,
        ]),
        "Undo": Schemas.whole([
            "version": Schemas.text,
            "undone": Schemas.whole([
                "version": Schemas.text, "subject": Schemas.text, "at": Schemas.time, "changes": changes,
            ]),
            "kept": Schemas.list(
                Schemas.whole([
                    "kind": Schemas.text, "id": Schemas.text, "field": Schemas.optionalText, "reason": Schemas.text,
                ])),
        ]),
    ]
}
