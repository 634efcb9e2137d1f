import Cache
import Catalog
import Offbeat
import Serving
import Store

/// What is kept so that it need not be computed again. Nothing that is done to it can lose anything else.
enum CacheAPI {
    static let routes = [stats, entries, warm, clean, invalidate, clear]

    private static let stats = Route(
        .get, "/api/cache", "How often answers were ready, and what had to be made again", tag: "cache",
        answers: [.json("CacheStats", "Counts and sizes")]
    ) { call in Response(json: try call.session().cacheReport().json) }

    private static let entries = Route(
        .get, "/api/cache/entries", "What is kept for you, and whether it is ready", tag: "cache",
        parameters: [.text("of", "Only what is kept of this view, or of this track.")],
        answers: [.json("CacheEntries", "The entries")]
    ) { call in
        let entries = try call.session().cached(call.request.query["of"])
        return Response(json: ["entries": .array(entries.map(\.json))])
    }

    private static let warm = Route(
        .post, "/api/cache/warm", "Make ready what the next read would make", tag: "cache",
        body: .optionalJSON("CacheWarming"), answers: [.json("CacheWarmed", "What was made ready")]
    ) { call in
        let query = try call.optionalForm("q").text("q") ?? ""
        return Response(json: try call.session().warm(query).json)
    }

    private static let clean = Route(
        .post, "/api/cache/clean", "Remove what is kept in vain", tag: "cache",
        answers: [.json("CacheCleaned", "What was removed")]
    ) { call in
        let (files, bytes, refused) = try call.session().library.cleanCache()
        return Response(json: [
            "removed": .integer(Int64(files)), "bytes": .integer(bytes), "refused": .integer(Int64(refused)),
        ])
    }

    private static let invalidate = Route(
        .post, "/api/cache/invalidate", "Have something made again at the next read", tag: "cache",
        body: .json("CacheInvalidation"), answers: [.json("CacheInvalidated", "What will be made again")]
    ) { call in
        let form = try call.form("of", "workspace", "profile")
        let wanted = [
            try form.text("of").map(Session.Invalidation.named),
            try form.text("workspace").map(Session.Invalidation.workspace),
            try form.text("profile").map(Session.Invalidation.profile),
        ].compactMap(\.self)
        guard wanted.count == 1, let what = wanted.first else {
            throw Refusal(400, "name one thing: of (a view or a track), workspace or profile")
        }
        let (views, rows) = try call.session().invalidate(what)
        return Response(json: [
            "invalidated": .array(views.map { .string($0.description) }), "rows": .integer(Int64(rows)),
        ])
    }

    private static let clear = Route(
        .post, "/api/cache/clear", "Forget what is kept for you, or altogether", tag: "cache",
        body: .optionalJSON("CacheClearing"), answers: [.json("CacheCleared", "What was forgotten")]
    ) { call in
        let isAll = try call.optionalForm("all").truth("all") ?? false
        let session = try call.session()
        let entries = try session.clearOwnCache()
        let bytes = isAll ? try session.library.clearCache() : 0
        return Response(json: ["entries": .integer(Int64(entries)), "bytes": .integer(bytes)])
    }

    private static let optionalShare: JSON = ["type": ["number", "null"], "minimum": 0]
    private static let counts: JSON = ["type": "object", "additionalProperties": Schemas.number]

    static let schemas: JSONObject = [
        "CacheStats": Schemas.whole([
            "entries": Schemas.number, "bytes": Schemas.number, "rawBytes": Schemas.number,
            "ratio": optionalShare, "hits": Schemas.number, "misses": Schemas.number, "hitRate": optionalShare,
            "views": [
                "type": "object",
                "additionalProperties": Schemas.whole([
                    "hits": Schemas.number, "misses": Schemas.number, "hitRate": optionalShare,
                    "rows": Schemas.number, "built": Schemas.number, "bytes": Schemas.number,
                ]),
            ], "evictions": counts, "invalidations": counts, "lastCleanup": Schemas.optionalTime,
        ]),
        "CacheEntries": Schemas.whole([
            "entries": Schemas.list(
                Schemas.object(
                    [
                        "view": Schemas.text, "id": Schemas.text, "stem": Schemas.optionalText,
                        "analyzer": Schemas.optionalText, "size": Schemas.number,
                        "created": Schemas.optionalTime, "lastAccessed": Schemas.optionalTime,
                        "valid": Schemas.truth, "reason": Schemas.optionalText,
                    ],
                    required: [
                        "stem", "analyzer", "size", "created", "lastAccessed", "valid", "reason",
                    ]))
        ]),
        "CacheWarming": Schemas.form(["q": Schemas.optionalText]),
        "CacheWarmed": Schemas.whole([
            "version": Schemas.text, "cache": ["type": "string", "enum": ["hit", "refreshed", "built"]],
            "rows": Schemas.number, "tracks": Schemas.number, "fetched": Schemas.number, "bytes": Schemas.number,
        ]),
        "CacheCleaned": Schemas.whole([
            "removed": Schemas.number, "bytes": Schemas.number, "refused": Schemas.number,
        ]),
        "CacheInvalidation": [
            "oneOf": [
                Schemas.form(["of": Schemas.text], required: ["of"]),
                Schemas.form(["workspace": Schemas.text], required: ["workspace"]),
                Schemas.form(["profile": Schemas.text], required: ["profile"]),
            ]
        ],
        "CacheInvalidated": Schemas.whole([
            "invalidated": Schemas.list(Schemas.text), "rows": Schemas.number,
        ]),
        "CacheClearing": Schemas.form(["all": ["type": ["boolean", "null"]]]),
        "CacheCleared": Schemas.whole(["entries": Schemas.number, "bytes": Schemas.number]),
    ]
}
