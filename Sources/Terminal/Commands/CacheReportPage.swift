import Cache
import Catalog
import Offbeat

/// What is told of `cache stats`.
struct CacheReportPage {
    private let report: CacheReport

    init(_ report: CacheReport) { self.report = report }

    private var counts: CacheCounts { report.counts }
    private var analyses: AnalysisTotals { report.analyses }

    func write(on page: inout Page) {
        for (name, view) in report.views where counts.views[view] != nil || view == .picker {
            let counts = self.counts[view]
            page.line(
                """
                \(name, .bold): \(Quantity.count(counts.hits, "hit")), \(Quantity.count(counts.misses, "miss", plural: "misses")), \
                \(Quantity.count(counts.rows, "row")) made again, \(Quantity.size(report.bytes(of: view)))
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
