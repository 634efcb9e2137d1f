import Blobs
import Catalog
import Digest
import Files
import Guests
import Store
import TestSupport
import Testing

@testable import Cache

extension Shelf {
    /// A guest at work over the shelf as it is now.
    func guest() throws -> Shelf {
        let made = try Scratches(over: store).start(GuestRequest())
        return Shelf(path: made.scratch.path, store: try made.scratch.open(store.context).store)
    }

    /// All that can be seen of the store's files, scratch stores aside.
    func seen() throws -> FilesSeen { try FilesSeen(in: path, but: ["scratch"]) }

    /// Expects that nothing of the files was changed, nor anything made for a moment.
    func expectUntouched(
        by body: () throws -> Void, location: SourceLocation = #_sourceLocation
    ) throws {
        let before = try seen()
        try body()
        try #expect(before.differences(from: seen()) == [], sourceLocation: location)
    }

    /// Makes the index, and closes it.
    func makeIndex() throws { _ = try Index(of: store).titles() }

    /// Whether the store has an index of its own.
    var hasIndex: Bool { FileSystem.exists(file) }

    /// Puts the file of a track with this title.
    func put(_ titles: [String]) throws {
        let batch = try store.blobs.beginBatch(durable: false)
        for title in titles { _ = try batch.put(bytes: Array(title.utf8)) }
        try batch.commit()
        batch.end()
    }

    /// Keeps an analysis of a track of this title.
    @discardableResult
    func analyse(_ title: String, saying words: String) throws -> AnalysisEntry {
        let batch = try store.blobs.beginBatch(durable: false)
        let pointer = try batch.put(bytes: Array(words.utf8)).pointer
        try batch.commit()
        let key = AnalysisKey(ContentHash(of: Array(title.utf8)), by: try #require(Analyzer("offbeat-1")))
        let entry = AnalysisEntry(key, pointer: pointer, summary: AnalysisSummary(["bpm": 120]))
        try store.changeAnalyses(because: "Analyse") { try $0.put(entry) }
        batch.end()
        return entry
    }
}
