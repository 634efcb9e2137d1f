public import Catalog
import Files
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
        /// The rows of what is shared with a workspace, and of the workspace itself.
        case workspace(WorkspaceID)
    }

    /// Whether there is anything at all, usable or not.
    public var exists: Bool {
        ((try? FileSystem.statusIfExists(of: IndexSchema.file.path(in: directory))) ?? nil) != nil
    }

    /// Brings the rows to the present version, for nobody in particular.
    ///
    /// - Parameter body: what else is to be read then.
    @discardableResult
    public func refresh<Value: Sendable>(_ body: (IndexReader) throws -> Value) throws -> Answer<Value> {
        let answer = try updated(body)
        statistics.note(.picker, rows: answer.rows, isBuilt: answer.freshness == .built)
        return answer
    }

    /// Has rows made again at the next read, and tells how many.
    ///
    /// - Parameter person: who asks for it, as it is told.
    public func invalidate(_ part: Part, by person: String) throws -> Int {
        guard exists else { return 0 }
        forgetPages()
        let (rows, keys) = try perform { file in
            let database = file.database
            return try database.transaction {
                let wanted = try Self.wanted(part, in: database)
                try RequestTable(database).add(wanted)
                switch wanted {
                case .all: return (try Counts(database).number(.tracks), [String]())
                case .folders(let folders): return (folders.count, folders.compactMap(\.key))
                }
            }
        }
        statistics.note(.request)
        let shown = keys.isEmpty ? "" : " (\(keys.prefix(8).joined(separator: ", "))\(keys.count > 8 ? ", …" : ""))"
        store.context.trace.announce(.cache, "picker to be made again\(shown): request, by \(person)")
        return rows
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
            return .folders(folders)
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
