import Analysis
import Store
import Synchronization

/// The analyses that were asked for last, unpacked, in a process that lives long.
///
/// Each is remembered with the version of the analyses that it was found in. At another version it counts for nothing until
/// it was seen there too, so nobody has to forget anything.
final class AnalysisMemory: Sendable {
    struct Item: Sendable {
        let entry: AnalysisEntry
        let analysis: SoundAnalysis
    }

    private struct State {
        var items: [AnalysisKey: (item: Item, version: Version, lastUse: UInt64)] = [:]
        var size = 0
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())

    /// What is remembered of an entry, whatever the version: what it says is in its blob, which never changes.
    func item(for entry: AnalysisEntry, at version: Version) -> Item? {
        state.withLock { state in
            guard let found = state.items[entry.key], found.item.entry == entry else { return nil }
            state.clock += 1
            state.items[entry.key] = (found.item, version, state.clock)
            return found.item
        }
    }

    /// Remembers one, and forgets those that were not asked for the longest until all of them take no more than `limit`.
    func keep(_ item: Item, at version: Version, limit: Int) {
        state.withLock { state in
            state.clock += 1
            if let old = state.items.removeValue(forKey: item.entry.key) { state.size -= old.item.size }
            guard item.size <= limit else { return }
            state.items[item.entry.key] = (item, version, state.clock)
            state.size += item.size
            while state.size > limit, let oldest = state.items.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                state.items.removeValue(forKey: oldest.key)
                state.size -= oldest.value.item.size
            }
        }
    }
}

extension AnalysisMemory.Item {
    /// About how many bytes it takes.
    fileprivate var size: Int {
        let waveform = analysis.waveform.levels.reduce(0) { sum, level in
            sum + level.mono.count + level.rms.count + level.channels.reduce(0) { $0 + $1.count }
        }
        let curves = analysis.features.curves.reduce(0) { $0 + $1.raw.count }
        return 2048 + waveform + curves + 8 * (analysis.markers.onsets.count + analysis.markers.beats.count)
    }
}
