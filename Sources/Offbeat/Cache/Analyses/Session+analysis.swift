import Blobs
import Cache
import Catalog
public import Store
import Sync

/// The analysis cache: what was computed of audio, by whomever and wherever, is computed once.
extension Session {
    /// The audio that a track's name and a stem's type mean. What this person may not see is not found.
    public func analysisTarget(
        of name: String, stem: String = AnalysisTarget.master
    ) throws(Failure) -> AnalysisTarget {
        do {
            let folder = try find(name, in: view())
            if let found = folder.analysisTargets.first(where: { $0.stem == stem }) { return found }
            throw Failure(
                .notFound, "the track \(name) has no \(stem == AnalysisTarget.master ? "audio" : "stem \(stem)")",
                hint: "`offbeat show` says what it has")
        } catch { throw Failure(error) }
    }

    // MARK: Asking

    /// What an analyzer has found out about audio; where its bytes are not here, a remote is asked for them.
    ///
    /// - Parameter analyzer: who is asked; without one, this project's own in the version that is used now.
    public func analysis(
        of target: AnalysisTarget, by analyzer: Analyzer? = nil, progress: Progress = .none
    ) throws(Failure) -> AnalysisAnswer {
        do {
            let analyzer = analyzer ?? library.ownAnalyzer
            let answer = try analysis(target.key(by: analyzer), of: target, progress)
            library.index.statistics.note(
                analysisOf: person?.id, isReady: answer.found?.origin == .hit, at: library.context.now())
            return answer
        } catch { throw Failure(error) }
    }

    private func analysis(
        _ key: AnalysisKey, of target: AnalysisTarget, _ progress: Progress
    ) throws -> AnalysisAnswer {
        if key.analyzer.isOwn, !library.settings.isCacheEnabled { return .missing(reason: Self.turnedOff) }
        guard let entry = try store.analyses()?.entry(key) else {
            return .missing(reason: "\(key.analyzer) has not analysed it")
        }
        guard let pointer = entry.pointer else {
            return .missing(reason: "only the summary was kept")
        }
        if let bytes = try library.analysisBytes(pointer) {
            library.index.analyses.noteHit(entry)
            return .found(StoredAnalysis(target: target, entry: entry, bytes: bytes, origin: .hit))
        }
        let fault = try library.fetch([pointer], progress)
        guard let bytes = try library.analysisBytes(pointer) else {
            library.index.analyses.noteAbsence(of: [key], isDropped: false)
            return .missing(reason: fault ?? "its bytes are neither here nor at a remote")
        }
        library.index.analyses.noteKept(entry)
        return .found(StoredAnalysis(target: target, entry: entry, bytes: bytes, origin: .fetched))
    }

    /// Whether an analysis is ready on this computer. Nothing is counted, and nobody is asked.
    public func isAnalysisCached(_ target: AnalysisTarget, by analyzer: Analyzer? = nil) throws(Failure) -> Bool {
        do {
            let entry = try store.analyses()?.entry(target.key(by: analyzer ?? library.ownAnalyzer))
            return entry?.pointer.map(store.blobs.contains) ?? false
        } catch { throw Failure(error) }
    }

    // MARK: Keeping

    /// Keeps what analyzers have found out, all of it in one version of the analyses.
    public func keep(_ results: [AnalysisResult]) throws(Failure) {
        do {
            try requireWriter()
            if let empty = results.first(where: { $0.bytes.isEmpty }) {
                throw Failure(.usage, "\(empty.analyzer) has found out nothing about \(empty.target.track)")
            }
            let kept = try store.takingAgain { try library.keep(results) }
            for entry in kept { library.index.analyses.noteKept(entry) }
            library.cleanAnalysesIfTooMany()
        } catch { throw Failure(error) }
    }

    // MARK: Taking back

    /// Takes back what this project's own analyzer found out about a track and its stems, whatever its version, on this
    /// computer and with the next sync on all others; and tells how much that was. It will be computed again.
    ///
    /// Of another program's results nothing is taken back: nobody here could compute them again.
    public func invalidateAnalyses(of name: String) throws(Failure) -> Int {
        do {
            let folder = try find(name, in: view())
            return try invalidateAnalyses(of: folder.analysisTargets)
        } catch { throw Failure(error) }
    }

    /// The same of one audio.
    public func invalidateAnalyses(of target: AnalysisTarget) throws(Failure) -> Int {
        do {
            try requireWriter()
            return try invalidateAnalyses(of: [target])
        } catch { throw Failure(error) }
    }

    /// The same for all tracks that this person may see.
    public func invalidateAllAnalyses() throws(Failure) -> Int {
        do {
            var targets: [AnalysisTarget] = []
            try view().forEachTrack { targets += $0.analysisTargets }
            return try invalidateAnalyses(of: targets)
        } catch { throw Failure(error) }
    }

    func invalidateAnalyses(of targets: [AnalysisTarget]) throws -> Int {
        let reason = "Invalidate analyses"
        let gone = try store.changeAnalyses(because: reason) { draft in
            var gone: [AnalysisKey] = []
            for audio in Set(targets.map(\.audio.oid)).sorted() {
                for entry in try draft.base?.entries(of: audio) ?? [] where entry.key.analyzer.isOwn {
                    draft.remove(entry.key)
                    gone.append(entry.key)
                }
            }
            return gone
        }
        library.index.analyses.noteInvalidation(of: gone, by: person?.handle?.text ?? "somebody")
        return gone.count
    }
}
