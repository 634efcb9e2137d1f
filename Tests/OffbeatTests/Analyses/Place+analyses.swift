import Blobs
import Cache
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

extension Place {
    /// An analyzer that is not ours.
    static var other: Analyzer { get throws { try #require(Analyzer("essentia-2")) } }

    /// Keeps an analysis of a track that consists of these bytes.
    func keep(
        _ bytes: [UInt8], of name: String, stem: String = AnalysisTarget.master, by analyzer: Analyzer? = nil,
        as handle: String? = nil, rawSize: Int64 = 1000
    ) throws {
        let session = try library.session(as: handle)
        var summary = AnalysisSummary()
        summary.rawSize = rawSize
        try session.keep([
            AnalysisResult(
                session.analysisTarget(of: name, stem: stem), by: analyzer ?? library.ownAnalyzer, bytes: bytes,
                summary: summary)
        ])
    }

    /// Asks for an analysis.
    func ask(_ name: String, by analyzer: Analyzer? = nil, as handle: String? = nil) throws -> AnalysisAnswer {
        let session = try library.session(as: handle)
        return try session.analysis(of: session.analysisTarget(of: name), by: analyzer)
    }

    /// Its words, and how they came; nil for a miss.
    func words(_ name: String, by analyzer: Analyzer? = nil) throws -> String? {
        try ask(name, by: analyzer).found.map { "\(String(decoding: $0.bytes, as: UTF8.self)) \($0.origin)" }
    }

    func isCached(_ name: String, by analyzer: Analyzer? = nil) throws -> Bool {
        try session.isAnalysisCached(session.analysisTarget(of: name), by: analyzer)
    }

    /// The entry of a track's audio as the branch has it.
    func entry(_ name: String, by analyzer: Analyzer? = nil) throws -> AnalysisEntry? {
        let audio = try session.analysisTarget(of: name).audio.oid
        return try store.analyses()?.entry(AnalysisKey(audio, by: analyzer ?? library.ownAnalyzer))
    }

    /// How much is kept in megabytes at most.
    func limit(to mebibytes: Int) throws { try library.settings.set(.cacheMaxSize, to: "\(mebibytes)") }

    /// Makes what the remote has a second copy: on one disk it is the same file under two names, and removing one frees nothing.
    func setRemoteApart() throws {
        let there = BlobStore(directory: remote().appending("lfs"))
        for file in try there.files() { try give(FileSystem.read(there.path(of: file.oid)), as: file) }
    }

    func expectSound(location: SourceLocation = #_sourceLocation) throws {
        let request = CheckRequest(scratch: folder.appending("scratch"))
        let report = try Library.check(at: path, request, context: clock.context)
        #expect(report.problems.isEmpty, "\(report.problems)", sourceLocation: location)
    }
}

/// Two laptops with one track, and what they share.
func withLaptops(_ body: (Place, Place) throws -> Void) throws {
    try withPlace { one in
        try one.add("one.wav")
        try one.addRemote()
        _ = try one.library.sync()
        let other = try Meeting(one).other
        _ = try other.library.sync()
        try body(one, other)
    }
}
