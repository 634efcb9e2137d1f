public import Catalog

/// What became of the analysis of audio that has just come in.
public struct ArrivalAnalysis: Sendable {
    /// What is not analysed, and why.
    public internal(set) var failed: [(id: TrackID, stem: String, failure: Failure)] = []
    /// What ended it before all was done; `analyze` goes on with the rest.
    public internal(set) var stopped: Failure?

    /// Nothing was to be done.
    public init() {}
}

extension Session {
    /// Analyses audio that has just come in, where analyses are kept at all.
    ///
    /// It throws nothing: the audio is in the library, whatever becomes of its analysis.
    ///
    /// - Parameter stem: the stem that came in; ``AnalysisTarget/master`` for the track's own audio, nil for all of it.
    public func analyzeArrivals(
        _ tracks: [TrackID], stem: String? = AnalysisTarget.master, progress: Progress = .none
    ) -> ArrivalAnalysis {
        var result = ArrivalAnalysis()
        guard !tracks.isEmpty, library.settings.isCacheEnabled else { return result }
        var request = AnalyzeRequest(tracks.map(\.description))
        request.stem = stem
        do throws(Failure) { result.failed = try analyze(request, progress: progress).failed } catch {
            result.stopped = error
            result.failed = left(of: request).map { ($0.track, $0.stem, error) }
        }
        return result
    }

    /// What an analysis that was stopped has left; nothing where nobody can say.
    private func left(of request: AnalyzeRequest) -> [AnalysisTarget] {
        guard let targets = try? targets(of: request) else { return [] }
        return targets.filter { (try? isAnalysisCached($0)) != true }
    }

    /// The same for what was added; its tracks are told with what was found out about them.
    public func analyzeArrivals(_ outcome: inout AddOutcome, progress: Progress = .none) -> ArrivalAnalysis {
        let result = analyzeArrivals((outcome.added + outcome.replaced).map(\.id), progress: progress)
        (outcome.added, outcome.replaced) = (retold(outcome.added), retold(outcome.replaced))
        return result
    }

    /// The same for a track that got other audio.
    public func analyzeArrivals(_ outcome: inout EditOutcome, progress: Progress = .none) -> ArrivalAnalysis {
        let result = analyzeArrivals(outcome.tracks.map(\.id), progress: progress)
        outcome.tracks = retold(outcome.tracks)
        return result
    }

    private func retold(_ tracks: [TrackSummary]) -> [TrackSummary] {
        guard !tracks.isEmpty, let view = try? view() else { return tracks }
        return tracks.map { TrackSummary($0.folder, isHere: $0.isHere, in: view) }
    }
}
