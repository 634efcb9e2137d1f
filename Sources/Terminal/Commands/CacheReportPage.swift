import Cache
import Catalog
import Offbeat

/// What is told of `cache stats`.
struct CacheReportPage {
    private let report: CacheReport

    init(_ report: CacheReport) { self.report = report }

    private var counts: CacheCounts { report.counts }
    private var analyses: AnalysisTotals { report.analyses }

    /// Those that were asked for, and those that there always are.
    private var views: [(name: String, view: CacheView)] {
        Set(counts.views.keys).union([.picker, .analysis]).map { ($0.description, $0) }.sorted { $0.0 < $1.0 }
    }

    var document: JSON {
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

    private func bytes(of view: CacheView) -> Int64 {
        switch view {
        case .picker: report.indexBytes
        case .history: 0
        case .analysis: analyses.bytes
        }
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

    func write(on page: inout Page) {
        for (name, view) in views where counts.views[view] != nil || view == .picker {
            let counts = self.counts[view]
            page.line(
                """
                \(name, .bold): \(Quantity.count(counts.hits, "hit")), \(Quantity.count(counts.misses, "miss", plural: "misses")), \
                \(Quantity.count(counts.rows, "row")) made again, \(Quantity.size(bytes(of: view)))
                """)
        }
        let causes = InvalidationCause.allCases.compactMap { cause in
            counts.invalidations[cause].map { "\(cause.rawValue) \(Quantity.count($0))" }
        }
        page.line("made again because of: \(causes.isEmpty ? "nothing yet" : causes.joined(separator: ", "))")
        if analyses.entries > 0 {
            page.line(
                """
                analyses here: \(Quantity.count(analyses.entries)), \(Quantity.size(analyses.bytes)) \
                instead of \(Quantity.size(analyses.rawBytes))
                """)
        }
        let evictions = EvictionCause.allCases.compactMap { cause in
            counts.evictions[cause].map { "\(cause.rawValue) \(Quantity.count($0))" }
        }
        if !evictions.isEmpty { page.line("removed because of: \(evictions.joined(separator: ", "))") }
        if let cleaned = counts.lastCleanup {
            page.line("last cleaned: \(Timestamp(milliseconds: cleaned).description)")
        }
    }
}
