import Blobs
import Cache
import Catalog
public import Store
import Sync

extension Library {
    /// The version of this project's own analyzer, without what the settings add to it.
    static let analyzerVersion = "1"

    /// This project's own analyzer as it is used now: `cache.version` makes another one of it.
    public var ownAnalyzer: Analyzer { Self.ownAnalyzer(in: settings) }

    static func ownAnalyzer(in settings: StoreSettings) -> Analyzer {
        let version = analyzerVersion + (settings.cacheVersion.map { ".\($0)" } ?? "")
        // The setting was checked when it was set; one that plain git has set may be anything.
        return Analyzer(name: Analyzer.ownName, version: version) ?? plainAnalyzer
    }

    /// What our own analyzer says of audio now, for lists.
    func summaries() throws(StoreError) -> AnalysisSummaries {
        guard let analyses = try store.analyses() else { return .none }
        return AnalysisSummaries(of: analyses, by: ownAnalyzer)
    }

    private static let plainAnalyzer = Analyzer("\(Analyzer.ownName)-\(analyzerVersion)")!

    /// No blob of an analysis is larger.
    public static let analysisLimit = 1 << 27

    /// The bytes of an analysis, if they are here. Those that are damaged are removed: they can only stand in the way.
    func analysisBytes(_ pointer: Pointer) throws -> [UInt8]? {
        do throws(BlobError) {
            return try store.blobs.read(pointer, limit: Self.analysisLimit)
        } catch {
            switch error.code {
            case .missing: return nil
            case .damaged:
                if store.blobs.contains(pointer) {
                    try store.exclusively { writer in _ = try writer.free([pointer]) }
                }
                return nil
            default: throw error
            }
        }
    }

    /// Takes blobs in and makes a version that names them.
    func keep(_ results: [AnalysisResult]) throws -> [AnalysisEntry] {
        if results.isEmpty { return [] }
        let batch = try store.blobs.beginBatch()
        defer { batch.end() }
        return try store.keepingQuota(of: batch) { try keep(results, in: batch) }
    }

    private func keep(_ results: [AnalysisResult], in batch: BlobBatch) throws -> [AnalysisEntry] {
        var entries: [AnalysisEntry] = []
        for result in results {
            let pointer = try batch.put(bytes: result.bytes).pointer
            entries.append(
                AnalysisEntry(result.target.key(by: result.analyzer), pointer: pointer, summary: result.summary))
        }
        try batch.commit()
        let reason = results.count == 1 ? "Analyse a file" : "Analyse \(results.count) files"
        try store.changeAnalyses(because: reason) { draft in for entry in entries { try draft.put(entry) } }
        return entries
    }

    /// Brings blobs from whichever remote has them, as far as that can be; says what stood in the way.
    func fetch(_ files: [Pointer], _ progress: Progress) throws(StoreError) -> String? {
        var absent = files.filter { !store.blobs.contains($0) }
        var fault: String?
        for remote in absent.isEmpty ? [] : try remoteFiles() where !absent.isEmpty {
            do throws(SyncError) {
                _ = try remote.files.download(
                    absent, to: store.blobs, report: progress.transfer("Fetching analyses"))
            } catch { fault = fault ?? error.message }
            absent.removeAll { store.blobs.contains($0) }
        }
        return fault
    }
}
