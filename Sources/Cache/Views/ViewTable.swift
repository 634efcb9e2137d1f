import Catalog
import Git
import SQLite
import Store

/// When the rows of each part of the views last changed.
///
/// A view is made of parts: what it reads. Its version is that of the part which changed last, so a view whose parts did
/// not change is known to be the same without looking at it.
struct ViewTable {
    /// A part of views that changes as one.
    enum Part: Hashable {
        /// Any track.
        case tracks
        /// Which files any track names.
        case files
        /// A track of this person, or what they belong to.
        case person(PersonID)
        /// A track that is shared with this workspace.
        case workspace(WorkspaceID)
        /// A post of this workspace, or what that workspace is.
        case history(WorkspaceID)
        /// Anybody's handle.
        case people
        /// What the store says of itself.
        case store

        var name: String {
            switch self {
            case .tracks: "tracks"
            case .files: "files"
            case .person(let id): "person:\(id.hex)"
            case .workspace(let id): "workspace:\(id.hex)"
            case .history(let id): "history:\(id.hex)"
            case .people: "people"
            case .store: "store"
            }
        }
    }

    /// A change of a view, which no other is taken for.
    struct Change: Hashable {
        let turn: Int64
        let version: Version
    }

    private let database: Database

    init(_ database: Database) { self.database = database }

    func touch(_ parts: Set<Part>, turn: Int64, version: Version) throws(SQLiteError) {
        for part in parts {
            try database.run(
                "INSERT OR REPLACE INTO views VALUES(?, ?, ?)", .text(part.name), .integer(turn),
                .blob(version.id.bytes))
        }
    }

    /// When any of the parts last changed; nil where none ever did.
    func last(of parts: [Part]) throws(SQLiteError) -> (turn: Int64, version: Version)? {
        var latest: (turn: Int64, version: Version)?
        let statement = try database.prepare("SELECT turn, version FROM views WHERE name = ?")
        defer { statement.reset() }
        for part in parts {
            statement.reset()
            try statement.bind(0, part.name)
            guard try statement.step(), let id = statement.blob(1).flatMap({ ObjectID(bytes: $0) }) else {
                continue
            }
            let turn = statement.integer(0)
            if latest.map({ turn > $0.turn }) ?? true { latest = (turn, Version(id)) }
        }
        return latest
    }
}
