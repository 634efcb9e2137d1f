/// One piece of work that is measured.
struct Row: Sendable {
    /// The word that chooses it.
    let name: String
    /// What it measures.
    let summary: String
    let measure: @Sendable (Workshop) throws -> [Finding]

    static let all: [Row] = [
        .start, .addLarge, .addSmall, .addAgain, .records, .edit, .diff, .show, .status, .fsck, .collect, .growth,
        .syncNothing, .syncChange, .syncPull, .syncGrowth, .syncFile, .syncFirst, .syncClone, .cloneRecords,
        .syncContention, .syncWeb, .picker, .indexChange, .indexBuild, .cacheUse, .posts, .guests, .analysis,
        .analysisMemory, .analysisBlob, .analysisRead, .accuracy, .loudness, .page,
    ]

    /// The rows of these names, in the order of `all`; all of them where none is named.
    static func chosen(_ names: [String]) throws -> [Row] {
        for name in names where !all.contains(where: { $0.name == name }) {
            throw BenchError("no row is named \(name)\n\(Options.usage)")
        }
        return names.isEmpty ? all : all.filter { names.contains($0.name) }
    }
}
