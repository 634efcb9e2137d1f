import Cache
public import Catalog
import Store

extension CacheEntry {
    /// The document that scripts and pages read.
    public var json: JSON {
        var document: JSONObject = [
            "stem": stem.map(JSON.string) ?? .null,
            "analyzer": (analyzer?.description).map(JSON.string) ?? .null, "size": .integer(size),
            "created": Self.time(use?.created), "lastAccessed": Self.time(use?.lastUse),
            "valid": .bool(reason == nil), "reason": reason.map(JSON.string) ?? .null,
        ]
        if let view { document["view"] = .string(view.description) }
        if let id { document["id"] = .string(id.description) }
        return .object(document)
    }

    private static func time(_ milliseconds: Int64?) -> JSON {
        milliseconds.map { .string(Timestamp(milliseconds: $0).description) } ?? .null
    }
}

extension Warming {
    /// The document that scripts and pages read.
    public var json: JSON {
        [
            "version": .string(version.description), "cache": .string(freshness.rawValue),
            "rows": .integer(Int64(rows)), "tracks": .integer(Int64(tracks)),
            "fetched": .integer(Int64(fetched.analyses)), "bytes": .integer(fetched.bytes),
        ]
    }
}
