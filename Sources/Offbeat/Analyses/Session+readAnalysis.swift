import Analysis
import Blobs
import Cache
import Catalog
import Store

extension Session {
    /// What is known of a track's audio, or of a stem's; computed, and kept, where nobody knows it yet.
    ///
    /// - Parameters:
    ///   - analyzer: the name of who is asked; without one, this project's own. Of another the greatest version is meant,
    ///     unless `version` says which.
    ///   - isCachedOnly: whether to fail rather than compute.
    public func readAnalysis(
        of name: String, stem: String = AnalysisTarget.master, by analyzer: String? = nil, version: String? = nil,
        isCachedOnly: Bool = false, progress: Progress = .none
    ) throws(Failure) -> AnalysisReading {
        do {
            let question = AnalysisMemory.Question(
                person: person?.id, name: name, stem: stem, analyzer: analyzer, version: version)
            // Looked at first: a version that comes meanwhile makes what is read now count for nothing.
            let stamp = try AnalysisMemory.Stamp(
                library: store.version(), analyses: store.analysesVersion(), ownAnalyzer: library.ownAnalyzer)
            if let known = remembered(question, at: stamp) { return known }
            let folder = try find(name, in: view())
            let target = try analysisTarget(of: folder, named: name, stem: stem)
            let analyzer = try self.analyzer(named: analyzer, version, of: target)
            let (reading, entry) = try read(target, of: folder, by: analyzer, isCachedOnly: isCachedOnly, progress)
            if let entry {
                library.analyses.keep(
                    reading.asHit, of: entry, for: question, at: stamp, limit: library.settings.cacheMemory)
            }
            return reading
        } catch { throw Failure(error) }
    }

    /// An answer that was given before, counted as one that was ready.
    private func remembered(
        _ question: AnalysisMemory.Question, at stamp: AnalysisMemory.Stamp
    ) -> AnalysisReading? {
        guard library.settings.isCacheEnabled else { return nil }
        let now = library.context.now()
        guard let known = library.analyses.answer(to: question, at: stamp, now: Int64(clamping: now)) else {
            return nil
        }
        library.index.statistics.note(analysisOf: person?.id, isReady: true, at: now)
        library.index.analyses.noteHit(known.entry)
        return known.reading
    }

    func analysisTarget(of folder: TrackFolder, named name: String, stem: String) throws(Failure) -> AnalysisTarget
    {
        if let found = folder.analysisTargets.first(where: { $0.stem == stem }) { return found }
        throw Failure(
            .notFound, "the track \(name) has no \(stem == AnalysisTarget.master ? "audio" : "stem \(stem)")",
            hint: "`offbeat show` says what it has")
    }

    private func analyzer(named name: String?, _ version: String?, of target: AnalysisTarget) throws -> Analyzer {
        guard let name, name != Analyzer.ownName || version != nil else { return library.ownAnalyzer }
        let known = try store.analyses()?.entries(of: target.audio.oid).map(\.key.analyzer) ?? []
        let found = known.filter { $0.name == name && (version ?? $0.version) == $0.version }
        if let last = found.max() { return last }
        let others = Set(known.map(\.description)).sorted().joined(separator: ", ")
        throw Failure(
            .notFound, "\(version.map { "\(name)-\($0)" } ?? name) has not analysed this audio",
            hint: others.isEmpty
                ? "`offbeat analysis set` keeps what another program has found" : "these have: \(others)")
    }

    private func read(
        _ target: AnalysisTarget, of folder: TrackFolder, by analyzer: Analyzer, isCachedOnly: Bool,
        _ progress: Progress
    ) throws -> (AnalysisReading, of: AnalysisEntry?) {
        let answer = try analysis(of: target, by: analyzer, progress: progress)
        if let found = answer.found, let content = content(of: found) {
            let reading = reading(
                content, of: target, found.entry, bytes: found.bytes, folder,
                found.origin == .hit ? .hit : .fetched)
            return (reading, found.entry)
        }
        guard !isCachedOnly, analyzer == library.ownAnalyzer else {
            throw Failure(
                .notFound,
                "no analysis of track \(target.track.hex.prefix(8)) by \(analyzer) is ready: \(reason(answer))",
                hint: analyzer.isOwn ? "`offbeat analyze` makes it" : nil)
        }
        if !store.blobs.contains(target.audio) {
            let fault = try library.fetch([target.audio], progress)
            guard store.blobs.contains(target.audio) else {
                let failure = Self.notHere(target)
                throw Failure(failure.code, failure.message + (fault.map { ": \($0)" } ?? ""), hint: failure.hint)
            }
        }
        let key = target.key(by: analyzer)
        let (product, isOwn) = try library.desk.product(of: key) { try make(target, key, progress) }
        let entry = AnalysisEntry(key, pointer: nil, summary: product.summary)
        let reading = reading(
            .sound(product.analysis), of: target, entry, bytes: product.bytes, folder, isOwn ? .computed : .hit)
        return (reading, nil)
    }

    /// Computes an analysis and keeps it, unless somebody has done so since it was looked for.
    private func make(
        _ target: AnalysisTarget, _ key: AnalysisKey, _ progress: Progress
    ) throws -> AnalysisDesk.Product {
        let isKept = library.settings.isCacheEnabled
        if isKept, let entry = try store.analyses()?.entry(key), let pointer = entry.pointer,
            let bytes = try library.analysisBytes(pointer), let analysis = try? AnalysisBlob.decode(bytes)
        {
            return .init(analysis: analysis, bytes: bytes, summary: entry.summary)
        }
        let finding = try AnalysisWork(self).compute(target, stop: { progress.isStopped })
        // Somebody who may only read gets an answer all the same.
        if isKept, (try? requireWriter()) != nil { try keep([finding.result]) }
        return .init(analysis: finding.analysis, bytes: finding.result.bytes, summary: finding.result.summary)
    }

    private func reason(_ answer: AnalysisAnswer) -> String {
        if case .missing(let reason) = answer { reason } else { "its blob cannot be read" }
    }

    /// What a blob says; nil for one that cannot be read, which counts as missing.
    private func content(of found: StoredAnalysis) -> AnalysisReading.Content? {
        if let known = library.analyses.analysis(of: found.entry) { return .sound(known) }
        if let analysis = try? AnalysisBlob.decode(found.bytes) {
            library.analyses.keep(analysis, of: found.entry, limit: library.settings.cacheMemory)
            return .sound(analysis)
        }
        return (try? AnalysisBlob.inspect(found.bytes)).map { facts in
            var said = facts.json
            said["arrays"] = nil
            return .other(said)
        }
    }

    private func reading(
        _ content: AnalysisReading.Content, of target: AnalysisTarget, _ entry: AnalysisEntry, bytes: [UInt8],
        _ folder: TrackFolder, _ origin: AnalysisReading.Origin
    ) -> AnalysisReading {
        let corrections = Corrections(of: folder)
        var told = content
        if case .sound(let analysis) = content { told = .sound(corrections.applied(to: analysis)) }
        let use = library.index.analyses.uses(of: target.audio.oid)[entry.key]
        return AnalysisReading(
            target: target, analyzer: entry.key.analyzer, origin: origin, content: told, blob: bytes,
            created: use?.created, lastAccessed: use?.lastAccess, summary: entry.summary,
            corrections: corrections, title: folder.track.title, artist: folder.track.artist)
    }
}
