public import Catalog
import SQLite
import Store
import Trace

/// What a person may want of the index beside answers.
extension Index {
    /// What is to be made again.
    public enum Part: Sendable {
        /// All rows.
        case all
        /// The rows of these records.
        case records([RecordFolder])
        /// The rows of what is shared with a workspace, of its posts, and of the workspace itself.
        case workspace(WorkspaceID)
        /// The rows of a workspace's posts.
        case history(WorkspaceID)
    }

    /// Whether there is anything at all, usable or not; for a guest also what the store below has.
    public var exists: Bool {
        hasOwnFile || hasLender
    }

    /// Has rows made again at the next read, and tells how many.
    ///
    /// - Parameter person: who asks for it, as it is told.
    public func invalidate(_ part: Part, by person: String) throws -> Int {
        guard exists else { return 0 }
        forgetPages()
        let (rows, views) = try perform { file in
            let database = file.database
            return try database.transaction {
                let wanted = try Self.wanted(part, in: database)
                try RequestTable(database).add(wanted)
                let views = try Self.views(part, wanted.folders, in: database)
                return (wanted.isAll ? try Counts(database).number(.tracks) : wanted.folders.count, views)
            }
        }
        // What was read meanwhile was read before.
        forgetPages()
        statistics.note(.request)
        for view in views {
            store.context.trace.announce(.cache, "\(view) to be made again: request, by \(person)")
        }
        return rows
    }

    /// The views that rows belong to, as they are told.
    private static func views(_ part: Part, _ folders: [RecordFolder], in database: Database) throws -> [String] {
        let keys = folders.compactMap(\.key)
        let shown = keys.isEmpty ? "" : " (\(keys.prefix(8).joined(separator: ", "))\(keys.count > 8 ? ", …" : ""))"
        func history(_ id: WorkspaceID) throws -> String {
            let history = try TouchedHistory(id, rows: 0, in: database)
            return history.name + history.key
        }
        return switch part {
        case .all, .records: ["picker" + shown]
        case .workspace(let id): ["picker" + shown, try history(id)]
        case .history(let id): [try history(id)]
        }
    }

    private static func wanted(_ part: Part, in database: Database) throws(SQLiteError) -> RequestTable.Wanted {
        switch part {
        case .all: return .all
        case .records(let folders): return .folders(folders)
        case .workspace(let id):
            var folders = [RecordFolder.workspace(id)]
            let shared = try database.prepare(
                "SELECT id FROM tracks WHERE row IN (SELECT row FROM shares WHERE workspace = ?)")
            defer { shared.reset() }
            try shared.bind(0, id.bytes)
            while try shared.step() {
                if let track = shared.blob(0).flatMap({ TrackID(bytes: $0) }) { folders.append(.track(track)) }
            }
            return .folders(try folders + PostTable(database).folders(of: id))
        case .history(let id): return .folders(try PostTable(database).folders(of: id))
        }
    }

    /// Begins with nothing, also the counts.
    public func clear() throws {
        forgetPages()
        try empty()
        do { try statistics.clear() } catch { throw CacheError("the counts cannot be cleared: \(error)") }
    }
}

extension RecordFolder {
    fileprivate var key: String? {
        switch self {
        case .track(let id): "track \(id.hex.prefix(8))"
        case .workspace(let id): "workspace \(id.hex.prefix(8))"
        case .person(let id): "person \(id.hex.prefix(8))"
        case .store, .post: nil
        }
    }
}
