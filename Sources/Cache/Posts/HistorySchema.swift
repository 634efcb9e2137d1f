/// The tables of posts, and of the workspaces whose histories they are.
///
/// Nothing in them depends on the clock: `due` is the time on the clock of a post's zone, the empty text where it goes
/// out at once, and null where it does not go out by itself. Which moment that is follows when it is asked for.
enum HistorySchema {
    /// A post's state is that of its record, its track and of what its workspace says of approval and targets, the `terms`:
    /// see ``PostUpdate``.
    static let tables = """
        CREATE TABLE posts(
            workspace BLOB NOT NULL, id BLOB NOT NULL, folder BLOB NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL,
            author BLOB, title TEXT, track BLOB, image BLOB, size INTEGER, conflicts INTEGER NOT NULL, due TEXT,
            PRIMARY KEY(workspace, id)) WITHOUT ROWID;
        CREATE INDEX postOrder ON posts(workspace, created DESC, id DESC);
        CREATE INDEX postStates ON posts(workspace, state, author);
        CREATE INDEX postTimes ON posts(workspace, due) WHERE due IS NOT NULL;
        CREATE INDEX postIDs ON posts(id);
        CREATE INDEX postTitles ON posts(title) WHERE title IS NOT NULL;
        CREATE INDEX postTracks ON posts(track) WHERE track IS NOT NULL;
        CREATE TABLE workspaces(id BLOB PRIMARY KEY, slug TEXT, terms TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE profiles(key TEXT NOT NULL, workspace BLOB NOT NULL, PRIMARY KEY(key, workspace)) WITHOUT ROWID;
        CREATE INDEX profilesByWorkspace ON profiles(workspace);
        """

    static let names = ["posts", "workspaces", "profiles"]
}
