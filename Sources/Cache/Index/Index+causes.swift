import Catalog
import SQLite
import Store

extension Index {
    /// How the rows were brought to a version.
    struct Update {
        /// The version that they agreed with before; nil where there was none, and all were made.
        let old: Version?
        let new: Version
        let touched: Set<ViewTable.Part>
        /// All rows were made since somebody asked for it, which was counted then.
        let isWanted: Bool
        /// How many rows were made again.
        let allRows: Int
        /// The histories that are not what they were.
        let histories: [TouchedHistory]

        /// How many rows were made again that are no posts.
        var rows: Int { allRows - histories.reduce(0) { $0 + $1.rows } }

        /// Why that had to be; nil where nothing of a view changed, or nothing had been there before.
        func cause(in store: Store, _ statistics: Statistics) -> InvalidationCause? {
            if isWanted || old == new { return nil }
            guard let old else { return statistics.hasBuilt(.picker) ? .rebuild : nil }
            guard !touched.isEmpty else { return nil }
            // What cannot be told is still a change.
            return (try? store.cause(from: old, to: new)) ?? .change
        }

        /// The lines that are told, one for each view:
        /// `picker made again (person 1a2b3c4d): sync, 0123456789 → 9876543210`.
        func lines(_ cause: InvalidationCause) -> [String] {
            let way = "\(cause.rawValue), \(old?.short ?? "nothing") → \(new.short)"
            var lines = histories.map { "\($0.name) made again\($0.key): \(way)" }.sorted()
            let ofPicker = touched.filter { !$0.isOfHistory }
            guard !ofPicker.isEmpty else { return lines }
            let keys = ofPicker.compactMap(\.key).sorted()
            let shown =
                keys.prefix(Self.mostKeys).joined(separator: ", ") + (keys.count > Self.mostKeys ? ", …" : "")
            lines.insert("picker made again" + (shown.isEmpty ? "" : " (\(shown))") + ": \(way)", at: 0)
            return lines
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
        case .tracks, .files, .people, .store, .history: nil
        }
    }

    fileprivate var isOfHistory: Bool { if case .history = self { true } else { false } }
}

/// A history that is not what it was.
struct TouchedHistory: Sendable {
    let view: CacheView
    /// How many of its rows were made again.
    let rows: Int
    /// The workspace's account at a publishing service, shortened; empty where it has none.
    let key: String

    var name: String { view.description }

    init(_ workspace: WorkspaceID, rows: Int, in database: Database) throws(SQLiteError) {
        let table = WorkspaceTable(database)
        view = try table.view(of: workspace)
        self.rows = rows
        key = try table.profile(of: workspace).map { " (profile \($0.prefix(8)))" } ?? ""
    }
}
