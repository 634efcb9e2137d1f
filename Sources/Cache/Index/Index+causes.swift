import Catalog
import Store

extension Index {
    /// How the rows were brought to a version.
    struct Update {
        /// The version that they agreed with before; nil where there was none, and all were made.
        let old: Version?
        let new: Version
        let rows: Int
        let touched: Set<ViewTable.Part>
        /// All rows were made since somebody asked for it, which was counted then.
        let isWanted: Bool

        /// Why that had to be; nil where nothing of a view changed, or nothing had been there before.
        func cause(in store: Store, _ statistics: Statistics) -> InvalidationCause? {
            if isWanted || old == new { return nil }
            guard let old else { return statistics.hasBuilt(.picker) ? .rebuild : nil }
            guard !touched.isEmpty else { return nil }
            // What cannot be told is still a change.
            return (try? store.cause(from: old, to: new)) ?? .change
        }

        /// The line that is told: `picker made again (person 1a2b3c4d): sync, 0123456789 → 9876543210`.
        func line(_ cause: InvalidationCause) -> String {
            let keys = touched.compactMap(\.key).sorted()
            let shown =
                keys.prefix(Self.mostKeys).joined(separator: ", ") + (keys.count > Self.mostKeys ? ", …" : "")
            let way = "\(old?.short ?? "nothing") → \(new.short)"
            return "picker made again" + (shown.isEmpty ? "" : " (\(shown))") + ": \(cause.rawValue), \(way)"
        }

        private static let mostKeys = 8
    }
}

extension ViewTable.Part {
    /// Whose it is, shortened; nil for what is everybody's.
    fileprivate var key: String? {
        switch self {
        case .person(let id): "person \(id.hex.prefix(8))"
        case .workspace(let id): "workspace \(id.hex.prefix(8))"
        case .tracks, .files, .people, .store: nil
        }
    }
}
