public import Digest
public import Files
import Synchronization
public import Trace

/// The files of one store, each under the name of its content.
///
/// Thread-safe. Making one costs nothing: the journal is opened by whoever first needs it.
public final class BlobStore: Sendable {
    /// The directory called `lfs`.
    public let directory: FilePath
    /// Which files are here, by the journal.
    public let journal: BlobJournal
    /// Where files are read that are not here. Nothing is ever written there.
    public let lender: BlobStore?
    /// How many bytes files may have here; nil for as many as the disk holds.
    let quota: BlobQuota?
    /// Who wants to know what happens inside.
    let trace: Trace

    /// Where the files are.
    var objects: FilePath { directory.appending("objects") }
    /// What collections have set aside.
    public var quarantine: Quarantine { Quarantine(store: self) }
    /// Where they are written before they have their names.
    var temporary: FilePath { directory.appending("tmp") }

    /// Takes the directory called `lfs` of a store. Nothing is looked at.
    ///
    /// - Parameters:
    ///   - lender: the same directory of another store, from which files are read that are not here.
    ///   - quota: how many bytes files may have here, those of the lender aside.
    public init(
        directory: FilePath, borrowingFrom lender: FilePath? = nil, quota: Int64? = nil, trace: Trace = .off
    ) {
        self.directory = directory
        self.trace = trace
        journal = BlobJournal(directory: directory, trace: trace)
        self.lender = lender.map { BlobStore(directory: $0, trace: trace) }
        self.quota = quota.map(BlobQuota.init)
    }

    /// Makes the directories of a new store, durably.
    public static func create(at directory: FilePath) throws(BlobError) -> BlobStore {
        let store = BlobStore(directory: directory)
        try translated {
            let made = try FileSystem.makeDirectories(store.objects) + FileSystem.makeDirectories(store.temporary)
            for parent in Set(made.map(\.parent)).sorted() { try FileSystem.syncDirectory(parent) }
        }
        return store
    }

    /// The name that a file of this content has, whether or not it is here.
    public func path(of oid: ContentHash) -> FilePath {
        Self.path(of: oid, in: directory)
    }

    static func path(of oid: ContentHash, in directory: FilePath) -> FilePath {
        let hex = oid.hexDigits
        var name = Array("objects/00/11/".utf8)
        name.reserveCapacity(name.count + hex.count)
        name.replaceSubrange(8..<10, with: hex[0..<2])
        name.replaceSubrange(11..<13, with: hex[2..<4])
        return directory.appending(bytes: name + hex)
    }

    /// Whether there is a plain file of that name and size, here or at the lender. Its bytes are not looked at. The empty
    /// file always is.
    public func contains(_ pointer: Pointer) -> Bool { (try? look(at: pointer)) == .sound }

    /// Whether it lies here, whatever the lender has.
    public func keeps(_ pointer: Pointer) -> Bool {
        !pointer.isEmpty && (try? Self.look(at: path(of: pointer.oid), size: pointer.size)) == .sound
    }

    /// Opens a file for reading, and checks that it is a plain one of the right size.
    ///
    /// For the empty file, which is never stored, that is a descriptor that is at its end.
    public func open(_ pointer: Pointer) throws(BlobError) -> FileDescriptor {
        guard !pointer.isEmpty else {
            return try translatedFile { () throws(FileError) in try FileDescriptor.open("/dev/null", .read) }
        }
        let path = place(of: pointer.oid)
        let file = try translatedFile { () throws(FileError) in
            try FileDescriptor.open(path, .read, noFollow: true, nonBlocking: true)
        }
        let status = try translated { try file.status() }
        guard status.kind == .regular else {
            throw Self.damaged(pointer, "there is \(status.kind.words) in its place")
        }
        guard status.size == pointer.size else {
            throw Self.damaged(pointer, "it has \(status.size) bytes instead of \(pointer.size)")
        }
        return file
    }

    /// Where a file lies of which the name is asked: at the lender, if it is there and not here.
    public func place(of oid: ContentHash) -> FilePath {
        let own = path(of: oid)
        guard let lender, (try? FileSystem.statusIfExists(of: own, followingLinks: false)) == .some(nil) else {
            return own
        }
        let lent = lender.place(of: oid)
        return FileSystem.exists(lent) ? lent : own
    }

    /// Opens a file for reading, and checks that it is a plain one of the right size.
    public func open(_ oid: ContentHash, size: Int64) throws(BlobError) -> FileDescriptor {
        try open(Pointer(oid: oid, size: size))
    }

    /// The bytes of a file that is small, checked against its name.
    ///
    /// Throws `.overLimit` where it has more than `limit` bytes, and `.damaged` where the bytes are not those named.
    public func read(_ pointer: Pointer, limit: Int) throws(BlobError) -> [UInt8] {
        guard pointer.size <= limit else {
            throw BlobError(.overLimit, "the file \(pointer.oid) has \(pointer.size) bytes, more than \(limit)")
        }
        if pointer == .empty { return [] }
        let file = try open(pointer)
        let bytes = try translated { try file.readAll(limit: limit) }
        guard ContentHash(of: bytes) == pointer.oid else { throw Self.damaged(pointer, "its bytes are others") }
        return bytes
    }

    private static func damaged(_ pointer: Pointer, _ why: String) -> BlobError {
        BlobError(.damaged, "the stored file \(pointer.oid) is damaged: \(why)")
    }

    /// Begins to put files here; `durable` false is for what may be lost, such as tests.
    ///
    /// They are written to `temporary`, or to a directory of the batch's own.
    public func beginBatch(
        temporary: TemporaryDirectory? = nil, durable: Bool = true
    ) throws(BlobError) -> BlobBatch {
        let place = try translated { try temporary ?? TemporaryDirectory(in: self.temporary) }
        return BlobBatch(store: self, temporary: place, durable: durable)
    }

    /// Whether it keeps a journal that can be used from this computer: over a network nobody may open the database.
    var keepsJournal: Bool {
        FileSystem.exists(directory.appending("journal")) && (try? FileSystem.kind(at: directory)) == .local
    }

    /// Removes what batches left behind whose process is gone.
    @discardableResult
    public func sweep() throws(BlobError) -> Int {
        try translated { try TemporaryDirectory.sweep(in: temporary) }
    }
}

/// Calls `body` and translates what it throws; for a result that cannot be copied.
func translatedFile(_ body: () throws(FileError) -> FileDescriptor) throws(BlobError) -> FileDescriptor {
    do throws(FileError) {
        return try body()
    } catch {
        throw BlobError(error)
    }
}
