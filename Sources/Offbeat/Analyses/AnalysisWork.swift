import Analysis
import Audio
import Blobs
import Catalog
import Digest
import Files
import Store
import Synchronization

/// Computes what our own analyzer says of audio, several files at once.
///
/// What was computed is kept a batch at a time, so that whoever is interrupted loses a few seconds of work.
struct AnalysisWork: Sendable {
    /// What was computed of one audio.
    struct Finding: Sendable {
        let analysis: SoundAnalysis
        let result: AnalysisResult
        let milliseconds: Int64
    }

    private let session: Session
    private let analyzer: Analyzer

    init(_ session: Session) {
        self.session = session
        analyzer = session.library.ownAnalyzer
    }

    // MARK: One

    /// Computes an analysis; nothing is kept yet.
    func compute(_ target: AnalysisTarget, stop: @escaping @Sendable () -> Bool = { false }) throws -> Finding {
        let watch = Stopwatch()
        let analysis = try listen(to: target, stop)
        let milliseconds = Int64((watch.seconds * 1000).rounded())
        let summary = AnalysisSummary(of: analysis, tookMs: milliseconds)
        return Finding(
            analysis: analysis,
            result: AnalysisResult(
                target, by: analyzer,
                bytes: AnalysisBlob.encode(analysis, compressed: session.library.settings.isCacheCompressed),
                summary: summary),
            milliseconds: milliseconds)
    }

    private func listen(to target: AnalysisTarget, _ stop: @escaping @Sendable () -> Bool) throws -> SoundAnalysis {
        let file = try session.store.blobs.open(target.audio)
        func listen(_ descriptor: Int32) throws(AnalysisError) -> SoundAnalysis {
            try SoundAnalysis.analyse(descriptor: descriptor, source: target.audio.oid) { _, _ in !stop() }
        }
        do throws(AnalysisError) { return try listen(file.raw) } catch {
            let failure = Failure(error, of: target)
            guard error.code == .notAudio else { throw failure }
            let decoded = try session.decoding(Progress(stop: stop)).decoded(
                file, ending: target.fileExtension.text, about: target.words
            ) { Failure(failure.code, failure.message, hint: Decoding.hint) }
            _ = try decoded.inspect(about: target.words)
            do throws(AnalysisError) { return try listen(decoded.file.raw) } catch {
                throw Failure(error, of: target)
            }
        }
    }

    // MARK: Many

    /// Computes analyses and keeps them. `report` is told of each as it is done, one at a time.
    func compute(
        _ targets: [AnalysisTarget], jobs: Int?, _ progress: Progress,
        report: @Sendable (AnalysisTarget, Result<Finding, Failure>) -> Void
    ) throws(Failure) {
        let state = Mutex(State())
        let stopped = Atomic(false)
        @Sendable func keep(_ state: inout State) throws(Failure) {
            let batch = state.waiting
            state.waiting = []
            state.kept = Stopwatch()
            if !batch.isEmpty { try session.keep(batch) }
        }
        try Parallel.forEach(count: targets.count, workers: max(1, min(jobs ?? Parallel.processors, 64))) {
            (number) throws(Failure) in
            if stopped.load(ordering: .relaxed) || progress.isStopped {
                return stopped.store(true, ordering: .relaxed)
            }
            let found = Result { () throws(Failure) in
                do { return try compute(targets[number], stop: { progress.isStopped }) } catch {
                    throw Failure(error)
                }
            }
            if case .failure(let failure) = found, failure.code == .interrupted {
                return stopped.store(true, ordering: .relaxed)
            }
            try state.withLock { (state) throws(Failure) in
                state.done += 1
                progress.report("Analysing", done: state.done, of: Int64(targets.count), .items)
                report(targets[number], found)
                guard case .success(let finding) = found else { return }
                state.waiting.append(finding.result)
                if state.waiting.count >= Self.batch || state.kept.seconds > Self.patience { try keep(&state) }
            }
        }
        try state.withLock { (state) throws(Failure) in try keep(&state) }
        if stopped.load(ordering: .relaxed) {
            let done = state.withLock { $0.done }
            throw Failure(
                .interrupted, "interrupted; \(done) of \(targets.count) analyses are done and kept",
                hint: "`offbeat analyze` goes on with the rest")
        }
    }

    private struct State {
        var done: Int64 = 0
        var waiting: [AnalysisResult] = []
        var kept = Stopwatch()
    }

    /// So many make one version of the analyses.
    private static let batch = 64
    /// And so do those of so many seconds.
    private static let patience = 5.0
}

extension AnalysisSummary {
    /// What lists show of an analysis.
    init(of analysis: SoundAnalysis, tookMs: Int64?) {
        var fields = JSONObject()
        if let tookMs { fields["tookMs"] = .integer(tookMs) }
        self.init(fields)
        bpm = analysis.features.tempo?.bpm
        key = analysis.features.key?.name
        loudness = analysis.features.loudness.integrated
        durationMs = analysis.features.durationMs
        rawSize = Int64(analysis.rawSize)
    }

    /// How long it took to compute, in milliseconds.
    var tookMs: Int64? { fields["tookMs"]?.asInteger }
}

extension AnalysisTarget {
    /// The audio as it is told to a person.
    fileprivate var words: String {
        "\(stem == Self.master ? "the audio" : "the stem \(stem)") of track \(track.hex.prefix(8))"
    }
}

extension Failure {
    /// Says why audio could not be analysed.
    init(_ error: AnalysisError, of target: AnalysisTarget) {
        let name = target.words
        switch error.code {
        case .cancelled: self.init(.interrupted, "interrupted; \(name) was not analysed")
        case .notAudio: self.init(.notAudio, "\(name) \(error.reason)")
        case .damaged:
            self.init(
                .notAudio, "\(name) \(error.reason)", hint: "`offbeat fsck --deep` says whether it was damaged here"
            )
        case .tooLarge: self.init(.overLimit, "\(name) \(error.reason)")
        case .badSettings: self.init(.usage, "\(name) \(error.reason)")
        case .changed: self.init(.changed, "\(name) \(error.reason)", hint: "try again")
        case .io: self.init(.io, "\(name) \(error.reason)")
        }
    }
}
