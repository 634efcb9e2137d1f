public import Digest
public import Files
import SQLite

extension BlobJournal {
    /// What stands in the journal.
    public struct Account: Sendable {
        /// Files that somebody is about to put or to remove, or was.
        public struct Note: Sendable {
            /// The directory of half-written files that the program at work has.
            public let owner: String
            /// Whether that program still runs; the notes of a dead one are settled by whoever opens the journal next.
            public let isAlive: Bool
            /// The files.
            public let files: [ContentHash]
        }

        /// How many files it knows, and how many bytes they have.
        public let totals: Totals
        /// What is noted and not settled yet.
        public let notes: [Note]
    }

    /// Reads what stands in the journal and changes nothing: a copy in `scratch` is read. Nil where there is none.
    public func account(copyingTo scratch: FilePath) throws(BlobError) -> Account? {
        try translated {
            let temporary = try TemporaryDirectory(in: scratch)
            let copy = temporary.path.appending("journal")
            guard try JournalCopy(of: directory.appending("journal")).make(at: copy) else { return nil }
            let table = JournalTable(try Database(path: copy.bytes, mode: .readWrite))
            let notes = try table.unsettled().map { intent, owner in
                Account.Note(
                    owner: owner, isAlive: try TemporaryDirectory.isAlive(owner, in: directory.appending("tmp")),
                    files: try table.files(of: intent).map(\.oid))
            }
            return Account(totals: try table.totals(), notes: notes)
        }
    }
}
