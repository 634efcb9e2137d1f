import Digest
import Guests
import Synchronization

/// The browsers that were let in, by the digests of their cookies. They are forgotten when they stay away too long.
final class Sessions: Sendable {
    private struct Entry {
        let admission: Admission
        var lastUse: Int64
    }

    private let entries = Mutex<[ContentHash: Entry]>([:])
    private let limit: Int
    private let idleness: Int64

    /// Makes room for so many, each of which may stay away for so many milliseconds.
    init(atMost limit: Int, idleFor idleness: Int64) { (self.limit, self.idleness) = (limit, idleness) }

    /// How many there are.
    var count: Int { entries.withLock { $0.count } }

    /// Finds one, and notes that it was used.
    func find(_ digest: ContentHash, at now: Int64) -> Admission? {
        entries.withLock { entries in
            guard let entry = entries[digest] else { return nil }
            guard now - entry.lastUse < idleness else {
                // A guest's is left to the sweep, which ends the guest too.
                if case .guest = entry.admission { return nil }
                entries[digest] = nil
                return nil
            }
            entries[digest]?.lastUse = max(now, entry.lastUse)
            return entry.admission
        }
    }

    /// Adds one. Where there are too many, the one goes that was away longest; but no guest's, whose work would be lost.
    func add(_ admission: Admission, as digest: ContentHash, at now: Int64) {
        entries.withLock { entries in
            if entries.count >= limit {
                let others = entries.filter { if case .guest = $0.value.admission { false } else { true } }
                if let oldest = others.min(by: { $0.value.lastUse < $1.value.lastUse }) {
                    entries[oldest.key] = nil
                }
            }
            entries[digest] = Entry(admission: admission, lastUse: now)
        }
    }

    /// Forgets one, and answers who that was.
    @discardableResult func remove(_ digest: ContentHash) -> Admission? {
        entries.withLock { $0.removeValue(forKey: digest)?.admission }
    }

    /// Forgets those of a guest.
    func remove(guest: GuestID) {
        entries.withLock { entries in
            entries = entries.filter {
                if case .guest(let place) = $0.value.admission { place.id != guest } else { true }
            }
        }
    }

    /// Forgets those that stayed away too long, and answers the guests among them.
    func sweep(at now: Int64) -> [GuestPlace] {
        entries.withLock { entries in
            let over = entries.filter { now - $0.value.lastUse >= idleness }
            for key in over.keys { entries[key] = nil }
            return over.values.compactMap { if case .guest(let place) = $0.admission { place } else { nil } }
        }
    }
}
