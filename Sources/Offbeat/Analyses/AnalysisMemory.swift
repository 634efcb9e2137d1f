import Analysis
import Catalog
import Store
import Synchronization

/// The analyses that were asked for last, unpacked, in a process that lives long; and the answers that were made of them.
///
/// What an entry says is in its blob, which never changes. An answer also depends on the track's record and on who may see
/// it: it is remembered with the versions that it was made at, and at others it is made again. So nobody has to forget
/// anything.
final class AnalysisMemory: Sendable {
    /// What somebody asked.
    struct Question: Hashable {
        let person: PersonID?
        let name: String
        let stem: String
        let analyzer: String?
        let version: String?
    }

    /// What an answer was made of.
    struct Stamp: Equatable {
        let library: Version
        let analyses: Version?
        let ownAnalyzer: Analyzer
    }

    private struct Item {
        let entry: AnalysisEntry
        let analysis: SoundAnalysis
        let size: Int
        var lastUse: UInt64
        var questions: Set<Question> = []
    }

    private struct State {
        var items: [AnalysisKey: Item] = [:]
        var answers: [Question: (reading: AnalysisReading, entry: AnalysisEntry, stamp: Stamp, size: Int)] = [:]
        var size = 0
        var clock: UInt64 = 0

        mutating func touch(_ key: AnalysisKey) {
            clock += 1
            items[key]?.lastUse = clock
        }

        mutating func remove(_ key: AnalysisKey) {
            guard let item = items.removeValue(forKey: key) else { return }
            size -= item.size
            for question in item.questions { removeAnswer(to: question) }
        }

        mutating func removeAnswer(to question: Question) {
            size -= answers.removeValue(forKey: question)?.size ?? 0
        }

        /// Forgets those that were not asked for the longest until all of them take no more than so many bytes.
        mutating func shrink(to limit: Int) {
            while size > limit, let oldest = items.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                remove(oldest.key)
            }
        }
    }

    private let state = Mutex(State())

    /// An answer that was given before, if it would be the same now. From now on it was last asked for at `now`.
    func answer(
        to question: Question, at stamp: Stamp, now: Int64
    ) -> (reading: AnalysisReading, entry: AnalysisEntry)? {
        state.withLock { state in
            guard let known = state.answers[question], known.stamp == stamp else { return nil }
            state.answers[question]?.reading.lastAccessed = now
            state.touch(known.entry.key)
            return (known.reading, known.entry)
        }
    }

    /// Remembers an answer, as long as the analysis that it was made of is remembered; all of it takes no more than `limit`.
    func keep(
        _ reading: AnalysisReading, of entry: AnalysisEntry, for question: Question, at stamp: Stamp, limit: Int
    ) {
        state.withLock { state in
            guard state.items[entry.key]?.entry == entry else { return }
            state.removeAnswer(to: question)
            state.items[entry.key]?.questions.insert(question)
            let size = reading.sizeInMemory
            state.answers[question] = (reading, entry, stamp, size)
            state.size += size
            state.shrink(to: limit)
        }
    }

    /// About how many bytes are remembered.
    var size: Int { state.withLock { $0.size } }

    /// What is remembered of an entry.
    func analysis(of entry: AnalysisEntry) -> SoundAnalysis? {
        state.withLock { state in
            guard let item = state.items[entry.key], item.entry == entry else { return nil }
            state.touch(entry.key)
            return item.analysis
        }
    }

    /// Remembers one, and forgets those that were not asked for the longest until all of them take no more than `limit`.
    func keep(_ analysis: SoundAnalysis, of entry: AnalysisEntry, limit: Int) {
        state.withLock { state in
            state.remove(entry.key)
            let size = analysis.sizeInMemory
            guard size <= limit else { return }
            state.clock += 1
            state.items[entry.key] = Item(entry: entry, analysis: analysis, size: size, lastUse: state.clock)
            state.size += size
            state.shrink(to: limit)
        }
    }

    /// Forgets everything, because somebody wants it gone; no answer would be wrong.
    func clear() { state.withLock { $0 = State() } }
}

extension AnalysisReading {
    /// About how many bytes it takes beside the analysis that it was made of: the blob, and beats that a person has decided.
    fileprivate var sizeInMemory: Int {
        guard case .sound(let analysis) = content, corrections.grid != nil else { return blob.count + 1024 }
        return blob.count + 1024 + 8 * analysis.markers.beats.count
    }
}

extension SoundAnalysis {
    /// About how many bytes it takes.
    fileprivate var sizeInMemory: Int {
        let waveform = waveform.levels.reduce(0) { sum, level in
            sum + level.mono.count + level.rms.count + level.channels.reduce(0) { $0 + $1.count }
        }
        let curves = features.curves.reduce(0) { $0 + $1.raw.count }
        return 4096 + waveform + curves + 8 * (markers.onsets.count + markers.beats.count)
    }
}
