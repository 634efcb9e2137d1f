/// The tables of posts, and of the workspaces whose histories they are.
///
/// Nothing in them depends on the clock: when a post is due is asked when it is read.
enum HistorySchema {
    /// A post's state is that of its record, its track and its workspace's `approval`: see ``PostUpdate``.
    static let tables = """
        CREATE TABLE posts(
            workspace BLOB NOT NULL, id BLOB NOT NULL, folder BLOB NOT NULL, state TEXT NOT NULL, created TEXT NOT NULL,
            author BLOB, title TEXT, track BLOB, image BLOB, size INTEGER, conflicts INTEGER NOT NULL,
            PRIMARY KEY(workspace, id)) WITHOUT ROWID;
        CREATE INDEX postOrder ON posts(workspace, created DESC, id DESC);
        CREATE INDEX postStates ON posts(workspace, state, author);
        CREATE INDEX postIDs ON posts(id);
        CREATE INDEX postTitles ON posts(title) WHERE title IS NOT NULL;
        CREATE INDEX postTracks ON posts(track) WHERE track IS NOT NULL;
        CREATE TABLE workspaces(id BLOB PRIMARY KEY, slug TEXT, approval TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE profiles(key TEXT NOT NULL, workspace BLOB NOT NULL, PRIMARY KEY(key, workspace)) WITHOUT ROWID;
        CREATE INDEX profilesByWorkspace ON profiles(workspace);
        """

    static let names = ["posts", "workspaces", "profiles"]
}
