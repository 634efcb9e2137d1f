import Catalog

extension Schemas {
    /// Tracks and what belongs to them.
    static let tracks: JSONObject = [
        "Track": track, "TrackPatch": patch, "TrackList": list, "Addition": addition, "Stem": stem,
        "StemList": object(["stems": ["type": "array", "items": reference("Stem")]], required: ["stems"]),
        "StemChange": object(
            [
                "version": text, "stem": reference("Stem"),
                "result": choice("added", "replaced", "unchanged", "removed"),
            ],
            required: ["version", "stem", "result"]),
        "NewMarker": form(
            [
                "text": text, "frame": ["type": ["integer", "null"], "minimum": 0],
                "seconds": ["type": ["number", "null"], "minimum": 0], "at": optionalText,
            ], required: ["text"]),
        "Analysis": object(
            [
                "id": text, "stem": text, "analyzer": text, "version": text, "created": optionalText,
                "lastAccessed": optionalText, "size": number, "rawSize": number, "compressed": boolean,
                "cache": choice("hit", "fetched", "computed"),
            ], required: ["id", "stem", "analyzer", "version", "size", "rawSize", "compressed", "cache"]),
        "KeptAnalysis": object(
            [
                "id": text, "stem": text, "analyzer": text, "version": text, "oid": optionalText,
                "size": optionalNumber,
            ], required: ["id", "stem", "analyzer", "version", "oid", "size"]),
        "Invalidated": object(["count": number], required: ["count"]),
    ]

    private static let boolean: JSON = ["type": "boolean"]
    private static let optionalFraction: JSON = ["type": ["number", "null"]]

    private static func choice(_ values: String...) -> JSON { ["enum": .array(values.map(JSON.string))] }

    private static let track = whole([
        "id": ["type": "string", "pattern": "^[0-9a-f]{32}$"], "title": optionalText, "artist": optionalText,
        "album": optionalText, "genre": optionalText, "comment": optionalText, "key": optionalText,
        "owner": optionalText, "year": optionalNumber, "trackNumber": optionalNumber, "rating": optionalNumber,
        "bpm": optionalFraction, "tags": ["type": "array", "items": text],
        "audio": ["oneOf": [["type": "null"], audio]], "stems": ["type": "array", "items": trackStem],
        "analyses": ["type": "array", "items": whole(["analyzer": text, "version": text])],
        "conflicts": number,
        "markers": ["type": "array", "items": whole(["id": text, "frame": number, "text": text])],
        "created": text, "modified": text, "here": boolean,
    ])

    private static let audio = whole([
        "oid": text, "size": number, "name": optionalText, "format": text, "frames": optionalNumber,
        "sampleRate": optionalNumber, "channels": optionalNumber, "bits": optionalNumber,
        "durationMs": optionalNumber,
    ])

    private static let trackStem = whole(["type": text, "oid": optionalText, "size": optionalNumber])

    private static let stem = whole([
        "type": text, "oid": optionalText, "size": optionalNumber, "format": optionalText,
        "durationMs": optionalNumber, "sampleRate": optionalNumber, "channels": optionalNumber,
        "madeFrom": optionalText, "stale": boolean, "here": boolean,
    ])

    /// What is left out stays; `null` takes a field away. Extension fields, `x-…`, may be given too.
    private static let patch: JSON = [
        "type": "object", "minProperties": 1,
        "properties": [
            "title": optionalText, "artist": optionalText, "album": optionalText, "genre": optionalText,
            "comment": optionalText, "key": optionalText, "owner": optionalText, "grid": optionalText,
            "year": optionalNumber, "trackNumber": optionalNumber, "rating": optionalNumber,
            "bpm": optionalFraction, "tags": ["type": "array", "items": text],
        ],
        "patternProperties": ["^x-": optionalText], "additionalProperties": false,
    ]

    private static let list = object(
        [
            "version": text, "cache": choice("hit", "refreshed", "built"), "total": number,
            "tracks": ["type": "array", "items": reference("Track")], "next": optionalText,
        ], required: ["version", "cache", "total", "tracks", "next"])

    private static let addition = object(
        ["version": text, "track": reference("Track"), "result": choice("added", "replaced", "present")],
        required: ["version", "track", "result"])
}
