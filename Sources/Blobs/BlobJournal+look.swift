import Digest
public import Files
import SQLite

extension BlobJournal {
    /// What a look at the journal found that leaves every byte as it is.
    public enum Look: Sendable {
        /// There is no journal, and there are files that it should have.
        case missing
        /// It cannot be read, for this reason.
        case unreadable(String)
        /// Where it and the files disagree; nowhere, as a rule.
        case read([Difference])
    }

    /// Compares the journal with the files and changes neither: the journal is copied to `scratch` and read there.
    ///
    /// Files that a program at work is just putting or removing, and those that a dead one was about to, are no
    /// difference: the journal has a note of them, and settles it by itself.
    ///
    /// A program at work changes the one before the other. So where they disagree it is looked again for a moment, unless
    /// the caller is not `patient` and knows of it already.
    public func look(copyingTo scratch: FilePath, patient isPatient: Bool = true) throws(BlobError) -> Look {
        try translated {
            var found = try lookOnce(scratch)
            // What stays is what is wrong.
            for _ in 0..<3 where isPatient && !found.isSound {
                SystemClock.sleep(seconds: 0.1)
                found = try lookOnce(scratch)
            }
            return found
        }
    }

    private func lookOnce(_ scratch: FilePath) throws -> Look {
        let temporary = try TemporaryDirectory(in: scratch)
        let copy = temporary.path.appending("journal")
        guard try JournalCopy(of: directory.appending("journal")).make(at: copy) else {
            return try absent()
        }
        do {
            let database = try Database(path: copy.bytes, mode: .readWrite)
            guard try database.userVersion() == JournalConnection.version else {
                guard try !database.isEmpty() else { return try absent() }
                return .unreadable("it is none that this program writes")
            }
            if let fault = try database.faultInFile() { return .unreadable(fault) }
            let table = JournalTable(database)
            var listed: [Pointer] = []
            try table.forEach { listed.append($0) }
            let noted = try table.noted(in: directory)
            let differences = try Self.compare(listed, with: directory).filter { difference in
                switch difference {
                case .missing(let pointer): !noted.absent.contains(pointer.oid)
                case .unlisted(let pointer): !noted.all.contains(pointer.oid)
                case .wrongSize(let oid, _, _): !noted.all.contains(oid)
                case .foreign: true
                }
            }
            let totals = try table.totals()
            let isCounted = totals.files == listed.count && totals.bytes == listed.reduce(0) { $0 + $1.size }
            return isCounted ? .read(differences) : .unreadable("its sums are wrong")
        } catch let error as SQLiteError {
            return .unreadable(error.message)
        }
    }

    /// What it means that there is no journal, or one whose making was cut off: nothing, as long as there are no files.
    private func absent() throws -> Look { try hasFiles() ? .missing : .read([]) }

    private func hasFiles() throws -> Bool {
        struct Found: Error {}
        do {
            try ObjectWalk.visit(directory) { if case .file = $0 { throw Found() } }
            return false
        } catch is Found { return true }
    }
}

extension BlobJournal.Look {
    var isSound: Bool {
        if case .read(let differences) = self { differences.isEmpty } else { false }
    }
}

extension Database {
    /// Whether nobody has made a table in it yet.
    fileprivate func isEmpty() throws(SQLiteError) -> Bool {
        let tables = try prepare("SELECT count(*) FROM sqlite_master")
        defer { tables.reset() }
        return try !tables.step() || tables.integer(0) == 0
    }
}
