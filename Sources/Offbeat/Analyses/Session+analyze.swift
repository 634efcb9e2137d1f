import Blobs
import Catalog
import Digest
import Store
import Synchronization

extension Session {
    /// Analyses audio that is not analysed yet, and keeps what was found.
    ///
    /// The same audio is computed once, whatever names it. What is not here is brought where tracks are named, and passed
    /// over where all are meant.
    public func analyze(_ request: AnalyzeRequest = AnalyzeRequest(), progress: Progress = .none) throws(Failure)
        -> AnalyzeOutcome
    {
        do {
            try requireWriter()
            guard library.settings.isCacheEnabled else {
                throw Failure(
                    .wrongState, "\(Self.turnedOff), so no analysis would be kept",
                    hint: "`offbeat config set cache.enabled true` turns it on")
            }
            let targets = try targets(of: request)
            return try analyze(targets, bringing: !request.names.isEmpty, request, progress)
        } catch { throw Failure(error) }
    }

    private func analyze(
        _ targets: [AnalysisTarget], bringing: Bool, _ request: AnalyzeRequest, _ progress: Progress
    ) throws -> AnalyzeOutcome {
        var outcome = AnalyzeOutcome()
        let known = request.isForced ? [] : try analyzed(among: targets, areAll: request.names.isEmpty)
        let missing = targets.filter { !known.contains($0.audio.oid) }
        var first: [ContentHash: AnalysisTarget] = [:]
        for target in missing where first[target.audio.oid] == nil { first[target.audio.oid] = target }
        if bringing {
            _ = try library.fetch(first.values.map(\.audio).sorted { $0.oid < $1.oid }, progress)
        }
        let here = missing.filter { first[$0.audio.oid] == $0 && store.blobs.contains($0.audio) }
        let results = Mutex<[ContentHash: Result<Int64, Failure>]>([:])
        try AnalysisWork(self).compute(here, jobs: request.jobs, progress) { target, found in
            results.withLock { $0[target.audio.oid] = found.map(\.milliseconds) }
        }
        let computed = results.withLock { $0 }
        for target in targets {
            func add(_ milliseconds: Int64, isComputed: Bool) {
                outcome.analyzed.append(
                    .init(id: target.track, stem: target.stem, milliseconds: milliseconds, isComputed: isComputed))
            }
            switch computed[target.audio.oid] {
            case .success(let milliseconds)?:
                let isFirst = first[target.audio.oid] == target
                add(isFirst ? milliseconds : 0, isComputed: isFirst)
            case .failure(let failure)?: outcome.failed.append((target.track, target.stem, failure))
            case nil where known.contains(target.audio.oid): if bringing { add(0, isComputed: false) }
            case nil where bringing: outcome.failed.append((target.track, target.stem, Self.notHere(target)))
            case nil: break
            }
        }
        return outcome
    }

    static func notHere(_ target: AnalysisTarget) -> Failure {
        Failure(
            .notFound, "the audio of track \(target.track.hex.prefix(8)) is not on this computer",
            hint: "`offbeat fetch` brings it from the remote")
    }

    func targets(of request: AnalyzeRequest) throws -> [AnalysisTarget] {
        let view = try view()
        var found: [AnalysisTarget] = []
        func take(_ folder: TrackFolder) {
            found += folder.analysisTargets.filter { target in request.stem.map { $0 == target.stem } ?? true }
        }
        if request.names.isEmpty { try view.forEachTrack(take) }
        for name in request.names {
            let before = found.count
            let folder = try find(name, in: view)
            take(folder)
            if found.count == before {
                throw Failure(
                    .notFound, "the track \(name) has no \(request.stem.map { "stem \($0)" } ?? "audio")",
                    hint: "`offbeat show` says what it has")
            }
        }
        var seen: Set<AnalysisTarget> = []
        return found.filter { seen.insert($0).inserted }
    }

    /// The audio of these that our own analyzer has analysed in the version that is used now, so that the blob is named.
    ///
    /// Where all tracks are meant the branch is walked once; else the work follows the targets, however much else there is.
    private func analyzed(among targets: [AnalysisTarget], areAll: Bool) throws -> Set<ContentHash> {
        guard let analyses = try store.analyses() else { return [] }
        let analyzer = library.ownAnalyzer
        var known: Set<ContentHash> = []
        if areAll {
            try analyses.forEach { entries in
                if entries.contains(where: { $0.key.analyzer == analyzer && $0.pointer != nil }) {
                    known.insert(entries[0].key.audio)
                }
            }
            return known
        }
        for target in targets where try analyses.entry(target.key(by: analyzer))?.pointer != nil {
            known.insert(target.audio.oid)
        }
        return known
    }
}
