public import Files
import SQLite
import Synchronization

/// What files elsewhere held when they were last read, so that a file which nobody touched since is not read again.
///
/// Derived, and never believed against the file system: another size, time or number of a file, and it is read. Anyone
/// may delete it at any time, a damaged one is thrown away, and where it can be neither read nor written, nothing is
/// known: so no call here fails. A folder is known by its number, not by its path, and may be moved as a whole.
///
/// To each file belongs a *use*: what the caller made of it. Uses hold as of one *stamp*, and whoever asks at another
/// stamp is told of none. Thread-safe; opened by the first call that needs it.
public final class KnownFiles: Sendable {
    /// A file in the state in which it was read.
    public struct Sighting: Sendable {
        /// The folder that it lies in.
        public let folder: FileStatus
        /// Its name there.
        public let name: FilePath
        /// Its state before it was read.
        public let status: FileStatus
        /// What was read.
        public let pointer: Pointer
        /// What it became, in the caller's words.
        public let use: [UInt8]?

        /// Describes a file that was read.
        public init(folder: FileStatus, name: FilePath, status: FileStatus, pointer: Pointer, use: [UInt8]? = nil) {
            self.folder = folder
            self.name = name
            self.status = status
            self.pointer = pointer
            self.use = use
        }
    }

    /// What is known of a file.
    public struct Known: Sendable, Hashable {
        /// What it held.
        public let pointer: Pointer
        /// What it became, where that still holds.
        public let use: [UInt8]?
        let modified: Int64
        let changed: Int64
        let inode: UInt64
        let device: UInt64

        /// Whether the file is still in the state in which it was read.
        public func isStill(_ status: FileStatus) -> Bool {
            status.kind == .regular && status.size == pointer.size && status.inode == inode
                && status.device == device && status.modified.inNanoseconds == modified
                && status.changed.inNanoseconds == changed
        }
    }

    private let path: FilePath
    private let sizeLimit: Int64
    private let settledAfter: Double
    private let connection = Mutex<Database?>(nil)

    /// Takes a file's name; its folder is made when there is something to remember.
    ///
    /// A file whose times are younger than `settledAfter` seconds is not remembered: it may change once more without
    /// its times telling. When the whole takes more than `sizeLimit` bytes, the folders go that were longest not added
    /// from.
    public init(at path: FilePath, sizeLimit: Int64 = 128 << 20, settledAfter: Double = 2) {
        self.path = path
        self.sizeLimit = sizeLimit
        self.settledAfter = settledAfter
    }

    // MARK: Asking

    /// All that is known of the files in a folder, by name; uses only where they hold as of `stamp`.
    public func files(in folder: FileStatus, asOf stamp: String?) -> [FilePath: Known] {
        perform { table in try table.files(in: folder, named: nil, asOf: stamp) } ?? [:]
    }

    /// What is known of one file in a folder.
    public func file(named name: FilePath, in folder: FileStatus, asOf stamp: String?) -> Known? {
        perform { table in try table.files(in: folder, named: name, asOf: stamp) }?[name]
    }

    /// The stamp as of which the uses hold.
    public func stamp() -> String? { perform { table in try table.stamp() } ?? nil }

    // MARK: Remembering

    /// Says that the uses, but for those withdrawn, hold as of `new` as well; nil withdraws them all. Changes nothing
    /// where they do not hold as of `old` any more, because somebody else was here.
    public func agree(from old: String?, to new: String, without withdrawn: [[UInt8]]?) {
        change { table in
            guard try table.stamp() == old else { return }
            try table.withdraw(withdrawn)
            try table.setStamp(new)
        }
    }

    /// Remembers files that were read later than `moment`, with their uses as of `stamp`.
    ///
    /// The moment is one by the clock that the files' own times are taken from.
    public func remember(_ sightings: [Sighting], readAfter moment: FileTime, asOf stamp: String? = nil) {
        let margin = Int64(settledAfter * 1e9)
        let latest = moment.inNanoseconds - margin
        let settled = sightings.filter { sighting in
            sighting.folder.device == sighting.status.device
                && sighting.status.modified.inNanoseconds < latest
                && sighting.status.changed.inNanoseconds < latest
        }
        if settled.isEmpty { return }
        change { table in
            let holds = try stamp != nil && table.stamp() == stamp
            try table.insert(settled, withUses: holds)
            try table.trim(to: self.sizeLimit)
        }
    }

    private func change(_ body: (KnownFilesTable) throws -> Void) {
        _ = perform { table in try table.database.transaction { try body(table) } }
    }

    /// Runs `body` on the open table; nil where there is none to be had. A damaged one is thrown away.
    private func perform<Result: Sendable>(_ body: (KnownFilesTable) throws -> Result) -> Result? {
        connection.withLock { connection in
            do {
                let database = try connection ?? KnownFilesTable.open(at: path)
                connection = database
                return try body(KnownFilesTable(database))
            } catch {
                if (error as? SQLiteError)?.isCorrupt == true {
                    connection = nil
                    discard()
                }
                return nil
            }
        }
    }

    private func discard() {
        for suffix in ["-wal", "-shm", ""] { _ = try? FileSystem.remove(FilePath(bytes: path.bytes + suffix.utf8)) }
    }
}

extension FileTime {
    /// Nanoseconds since 1970, as far as 64 bits go.
    var inNanoseconds: Int64 { seconds &* 1_000_000_000 &+ nanoseconds }
}
