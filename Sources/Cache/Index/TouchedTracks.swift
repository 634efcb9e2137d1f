import Catalog
import Digest
import Git
import SQLite
import Store

/// Finds the tracks whose rows another version of the analyses touches.
struct TouchedTracks {
    private let database: Database
    private let store: Store

    init(in database: Database, of store: Store) {
        self.database = database
        self.store = store
    }

    /// Those of whose audio the two versions say different things; nil where that cannot be told, so that it may be any.
    func ids(from old: ObjectID?, to new: ObjectID?) throws -> [TrackID]? {
        if old == new { return [] }
        guard let new, let present = try? store.analyses(of: Version(new)) else { return nil }
        var before: AnalysesSnapshot?
        if let old {
            guard let known = try? store.analyses(of: Version(old)) else { return nil }
            before = known
        }
        guard let touched = try? present.audio(touchedSince: before) else { return nil }
        return try touched.flatMap(tracks)
    }

    /// The tracks that have this audio, as the rows say.
    private func tracks(of audio: ContentHash) throws(SQLiteError) -> [TrackID] {
        let statement = try database.prepare(
            "SELECT id FROM tracks WHERE row IN (SELECT row FROM files WHERE oid = ?) AND audio = ?")
        defer { statement.reset() }
        try statement.bind([.blob(audio.bytes), .blob(audio.bytes)])
        var found: [TrackID] = []
        while try statement.step() {
            if let id = statement.blob(0).flatMap({ TrackID(bytes: $0) }) { found.append(id) }
        }
        return found
    }
}
