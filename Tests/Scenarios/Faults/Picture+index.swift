import Files
import SQLite
import TestSupport

extension Studio {
    /// What the index of lists says: the version that it agrees with, each title, and how each post stands; nil where there
    /// is none to be read.
    func index() throws -> String? {
        try withTemporaryDirectory { folder in
            // What was left of a killed program is read from copies: whoever opens the files themselves mends them.
            for name in ["index.db", "index.db-wal"] {
                let bytes = try FileSystem.readIfExists(store.appending("cache").appending(FilePath(name)))
                if let bytes { try FileSystem.write(bytes, to: folder.appending(FilePath(name))) }
            }
            let file = folder.appending("index.db")
            guard FileSystem.exists(file), let database = try? Database(file.string, mode: .readWrite) else {
                return nil
            }
            let statement = try? database.prepare(
                """
                SELECT (SELECT hex(main) FROM stamp) || (SELECT group_concat(title) FROM tracks ORDER BY id)
                || ifnull((SELECT group_concat(state) FROM posts ORDER BY id), '')
                """)
            guard let statement, (try? statement.step()) == true else { return nil }
            return statement.text(0)
        }
    }
}
