public import Cache
public import Catalog

extension CacheReport {
    /// The views that were asked for, and those that there always are, by name.
    public var views: [(name: String, view: CacheView)] {
        Set(counts.views.keys).union([.picker, .analysis]).map { ($0.description, $0) }.sorted { $0.0 < $1.0 }
    }

    /// How many bytes are kept of a view.
    public func bytes(of view: CacheView) -> Int64 {
        switch view {
        case .picker: indexBytes
        case .history: 0
        case .analysis: analyses.bytes
        }
    }

    /// The document that scripts and pages read.
    public var json: JSON {
        var views = JSONObject()
        for (name, view) in self.views { views[name] = document(of: view) }
        return [
            "entries": .integer(analyses.entries), "bytes": .integer(analyses.bytes),
            "rawBytes": .integer(analyses.rawBytes),
            "ratio": Self.share(analyses.bytes, of: analyses.rawBytes),
            "hits": .integer(counts.hits), "misses": .integer(counts.misses),
            "hitRate": Self.rate(counts.hits, counts.misses), "views": .object(views),
            "evictions": Self.document(EvictionCause.allCases.map { ($0.rawValue, counts.evictions[$0]) }),
            "invalidations": Self.document(
                InvalidationCause.allCases.map { ($0.rawValue, counts.invalidations[$0]) }),
            "lastCleanup": counts.lastCleanup.map { .string(Timestamp(milliseconds: $0).description) } ?? .null,
        ]
    }

    private func document(of view: CacheView) -> JSON {
        let counts = self.counts[view]
        return [
            "hits": .integer(counts.hits), "misses": .integer(counts.misses),
            "hitRate": Self.rate(counts.hits, counts.misses), "rows": .integer(counts.rows),
            "built": .integer(counts.built), "bytes": .integer(bytes(of: view)),
        ]
    }

    private static func document(_ causes: [(String, Int64?)]) -> JSON {
        var document = JSONObject()
        for (cause, number) in causes { document[cause] = .integer(number ?? 0) }
        return .object(document)
    }

    /// How many of all were ready, from 0 to 1; null before the first.
    private static func rate(_ hits: Int64, _ misses: Int64) -> JSON {
        let sum = Double(hits) + Double(misses)
        return sum > 0 ? JSON((Double(hits) / sum * 10_000).rounded() / 10_000) : .null
    }

    private static func share(_ part: Int64, of whole: Int64) -> JSON {
        whole > 0 ? JSON((Double(part) / Double(whole) * 10_000).rounded() / 10_000) : .null
    }
}
