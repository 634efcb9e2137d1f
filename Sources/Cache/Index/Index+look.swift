public import Catalog
import Files
import SQLite
public import Store

/// How the index stands, seen without bringing it up to date.
public struct IndexCondition: Sendable {
    /// The version that its rows agree with; nil where there are none.
    public internal(set) var stamp: Version?
    /// The version at which the view last changed, as far as the rows go.
    public internal(set) var version: Version?
    /// The present version.
    public let head: Version
    /// Why the next read has to do something first; nil where it does not.
    public var reason: String?
    /// The records whose rows would be made again; nil where all would.
    public var records: [RecordFolder]? = []
    /// How many tracks it has, where it is about tracks.
    public internal(set) var tracks = 0
    /// How many posts, where it is about posts.
    public internal(set) var posts = 0
    /// How many bytes those posts take.
    public internal(set) var postBytes: Int64 = 0

    /// Whether an answer is ready.
    public var isValid: Bool { reason == nil }
}

extension Index {
    /// Says how the index stands for those who may use the tracks of a scope, and changes nothing.
    public func look(at scope: TrackRequest.Scope) throws -> IndexCondition {
        try look { reader, condition in
            condition.tracks = try Counts(reader.database).number(.tracks)
            condition.version = try reader.version(ofPickerIn: scope)
            condition.records?.removeAll { if case .post = $0 { true } else { false } }
        }
    }

    /// Says how the index stands for those who read a workspace's posts, and changes nothing.
    public func look(atHistoryOf workspace: WorkspaceID) throws -> IndexCondition {
        try look { reader, condition in
            (condition.posts, condition.postBytes) = try PostTable(reader.database).size(of: workspace)
            condition.version = try reader.version(ofHistoriesOf: [workspace])
            condition.records = try condition.records?.filter { folder in
                switch folder {
                case .post(let own, _), .workspace(let own): own == workspace
                case .track(let id):
                    try PostTable(reader.database).folders(about: id).contains { $0.workspace == workspace }
                case .person, .store: false
                }
            }
        }
    }

    /// - Parameter narrow: leaves in a condition what a view is about.
    private func look(_ narrow: (IndexReader, inout IndexCondition) throws -> Void) throws -> IndexCondition {
        let condition = IndexCondition(head: try store.version())
        func seen(in database: Database) throws -> IndexCondition {
            var condition = condition
            try look(through: database, narrow, &condition)
            return condition
        }
        do {
            if hasOwnFile { return try looking { try seen(in: $0) } }
            let lent = try withLent { database, _ in try seen(in: database) }
            return lent ?? condition.lacking("there is no index yet")
        } catch let error as StoreError { throw error } catch {
            return condition.lacking("the index cannot be used: \(Self.words(error))")
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case is CacheFile.OfAnotherProgram: "another version of the program has made it"
        case let error as SQLiteError: error.message
        default: "\(error)"
        }
    }

    private func look(
        through database: Database, _ narrow: (IndexReader, inout IndexCondition) throws -> Void,
        _ condition: inout IndexCondition
    ) throws {
        let heads = try store.heads()
        try database.reading {
            guard let stamp = try IndexStamp.read(from: database), let main = stamp.heads.main.map({ Version($0) })
            else {
                condition = condition.lacking("nothing was made yet")
                return
            }
            condition.stamp = main
            switch try RequestTable(database).read() {
            case .all: condition = condition.lacking("somebody asked for all rows to be made again")
            case .folders(let wanted): try compare(stamp, main, wanted, with: heads, in: database, &condition)
            }
            try narrow(IndexReader(database, main, stamp.heads), &condition)
        }
    }

    private func compare(
        _ stamp: IndexStamp, _ main: Version, _ wanted: [RecordFolder], with heads: RemoteHeads,
        in database: Database, _ condition: inout IndexCondition
    ) throws {
        guard try store.hasRecords(of: main) else {
            condition = condition.lacking("the version that it agrees with is gone")
            return
        }
        let touched = try TouchedTracks(in: database, of: store).ids(from: stamp.heads.analyses, to: heads.analyses)
        guard stamp.isOf(analyzerName(at: heads)), let touched else {
            condition = condition.lacking("the analyses of another analyzer are shown now")
            return
        }
        let changed = try store.changes(from: main, to: condition.head).compactMap(\.folder)
        condition.records = Set(changed + wanted + touched.map(RecordFolder.track)).sorted { $0.path < $1.path }
        if stamp.heads != heads {
            condition.reason = "the store is at another version"
        } else if !wanted.isEmpty {
            condition.reason = "somebody asked for rows to be made again"
        }
    }

    /// Whether the row of a track is that of its present record; why not, where it is not.
    public func look(at track: TrackID, in snapshot: Snapshot) throws -> String? {
        let condition = try look(at: .everything)
        guard let records = condition.records else { return condition.reason }
        return records.contains(.track(track)) ? condition.reason : nil
    }
}

extension IndexCondition {
    /// The same, where all rows have to be made first.
    fileprivate func lacking(_ reason: String) -> IndexCondition {
        var condition = self
        condition.reason = reason
        condition.records = nil
        return condition
    }
}

extension RecordFolder {
    /// The workspace that a post belongs to; nil for all else.
    fileprivate var workspace: WorkspaceID? { if case .post(let id, _) = self { id } else { nil } }
}
