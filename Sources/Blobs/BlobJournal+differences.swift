public import Digest
public import Files
import SQLite

extension BlobJournal {
    /// Where the journal and the files disagree.
    public enum Difference: Sendable, Hashable {
        /// The journal has it, and there is no such file.
        case missing(Pointer)
        /// There is a file that the journal does not have.
        case unlisted(Pointer)
        /// The file has another size than the journal says.
        case wrongSize(ContentHash, journal: Int64, file: Int64)
        /// Something that is no stored file lies among them.
        case foreign(FilePath)
    }

    /// Compares the journal with the files, by their names and sizes.
    ///
    /// Files that somebody puts meanwhile may be told as unlisted.
    public func differences() throws(BlobError) -> [Difference] {
        try perform { database in
            var listed: [Pointer] = []
            try database.reading { try JournalTable(database).forEach { listed.append($0) } }
            return try Self.compare(listed, with: self.directory)
        }
    }

    /// Goes through both in the order of the hashes.
    static func compare(_ listed: [Pointer], with directory: FilePath) throws -> [Difference] {
        var differences: [Difference] = []
        var rest = listed[...]
        for item in try ObjectWalk.items(in: directory) {
            guard case .file(let file) = item else {
                if case .foreign(let path) = item { differences.append(.foreign(path)) }
                continue
            }
            while let next = rest.first, next.oid < file.oid { differences.append(.missing(rest.removeFirst())) }
            guard let next = rest.first, next.oid == file.oid else {
                differences.append(.unlisted(file))
                continue
            }
            rest.removeFirst()
            if next.size != file.size {
                differences.append(.wrongSize(file.oid, journal: next.size, file: file.size))
            }
        }
        return differences + rest.map { .missing($0) }
    }
}
