public import Catalog
public import Git
import SQLite

/// A post as a history lists it.
public struct PostRow: Sendable, Hashable {
    /// The workspace that it belongs to.
    public let workspace: WorkspaceID
    /// Which post it is.
    public let id: PostID
    /// The folder of the version that the history is of.
    public let folder: ObjectID
    /// How it stands.
    public let state: PostState
    /// When it was made.
    public let created: Stamp

    static let columns = "workspace, id, folder, state, created"

    /// Takes the row that a statement over ``columns`` stands at; nil for one that nobody of ours has written.
    init?(_ statement: Statement) {
        guard let workspace = statement.blob(0).flatMap({ WorkspaceID(bytes: $0) }),
            let id = statement.blob(1).flatMap({ PostID(bytes: $0) }),
            let folder = statement.blob(2).flatMap({ ObjectID(bytes: $0) }),
            let state = statement.text(3).flatMap({ PostState(rawValue: $0) }),
            let created = statement.text(4).flatMap({ Stamp($0) })
        else { return nil }
        self.workspace = workspace
        self.id = id
        self.folder = folder
        self.state = state
        self.created = created
    }

    /// Where it stands in a history.
    public var place: HistoryRequest.Place { HistoryRequest.Place(created: created, id: id) }
}
