public import Cache
import Catalog
public import Store

/// One move of the head, as whoever watches a library is told of it.
public struct LibraryMove: Sendable {
    /// The versions before and after, and the records that differ.
    public let move: Move
    /// The views that show any of those.
    public let views: [CacheView]
}

extension Library {
    /// Calls back after each move of the head that this process makes, as `Store.observe` does, and names the views too.
    ///
    /// An index that is there is brought up to date for it: which posts are about a track, only that knows.
    public func observe(_ callback: @escaping @Sendable (LibraryMove) -> Void) -> Observation {
        store.observe { move in
            callback(
                LibraryMove(
                    move: move, views: self.views(touchedBy: move.changes.compactMap(\.folder), at: move.to)))
        }
    }

    /// Calls back with the new version after each move of the head that this process makes; nothing else is found out for it.
    public func observeMoves(_ callback: @escaping @Sendable (Version) -> Void) -> Observation {
        store.observeMoves { [weak store] in if let version = try? store?.version() { callback(version) } }
    }

    /// How many seconds those who look at this library may go without news of the remote.
    public var timeToLive: Double {
        let asked = index.statistics.counts().views.filter { $0.value.hits + $0.value.misses > 0 }.keys
        return asked.compactMap(\.timeToLive).min() ?? CacheView.picker.timeToLive ?? 300
    }
}
