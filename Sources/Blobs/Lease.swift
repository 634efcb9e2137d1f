public import Digest
public import Files
import Synchronization

/// Files that somebody is about to name in a version of this store, who may be on another computer.
///
/// Who pushes writes down what his versions name before he asks which of the files are here, and lets go when they have
/// their reference. A collection keeps what is listed, as long as the lease is younger than a day by the clock of the file
/// system: so a laptop that went away in the middle keeps nothing for good. What a program of this computer has left by
/// dying is over at once.
public final class Lease: Sendable {
    private static let folder = FilePath("leases")

    /// By which others see whether who made the lease lives.
    private let place: TemporaryDirectory
    private let renewed = Mutex(Stopwatch())

    /// Writes down files in a directory called `lfs`, durably; `modes` are those of the shared repository.
    public init(
        on files: some Sequence<ContentHash>, in directory: FilePath, modes: SharedModes = .unshared
    ) throws(BlobError) {
        let leases = directory.appending(Self.folder)
        do throws(FileError) {
            place = try TemporaryDirectory(shared: leases, inside: directory.parent, modes: modes)
            let text = files.flatMap { $0.hexDigits + [UInt8(ascii: "\n")] }
            try FileSystem.replaceAtomically(Self.list(in: place.path), with: text, mode: modes.file(0o644))
            try FileSystem.syncDirectory(leases)
        } catch { throw BlobError(error) }
    }

    deinit { release() }

    /// Begins the day anew, where that was done last more than an hour ago.
    public func renew() throws(BlobError) {
        let isDue = renewed.withLock { watch in
            guard watch.seconds > 3600 else { return false }
            watch = Stopwatch()
            return true
        }
        if isDue {
            for path in [place.path, Self.list(in: place.path)] { try translated { try FileSystem.touch(path) } }
        }
    }

    /// Lets go of the files. May be called again; what cannot be removed is over in a day.
    public func release() { place.remove() }

    private static func list(in lease: FilePath) -> FilePath { lease.appending("files") }
}

extension Lease {
    /// A lease of four million files.
    private static let limit = 1 << 28

    /// The files that somebody is about to name in a version of the store whose directory called `lfs` this is.
    ///
    /// Those of yesterday are over, and those of the dead of this computer: they are removed. Throws where another one cannot
    /// be read: then nobody knows what it keeps.
    public static func current(in directory: FilePath) throws(BlobError) -> Set<ContentHash> {
        let leases = directory.appending(folder)
        var found: Set<ContentHash> = []
        do throws(FileError) {
            _ = try? TemporaryDirectory.sweep(shared: leases)
            let entries = try self.entries(of: leases)
            guard !entries.isEmpty else { return [] }
            // Where nothing can be written, nothing is over.
            let now = try? FileSystem.clock(of: leases)
            for entry in entries where entry.kind == .directory {
                let path = list(in: leases.appending(entry.name))
                guard let status = try FileSystem.statusIfExists(of: path, followingLinks: false),
                    status.kind == .regular
                else { continue }
                if let now, status.modified.isDayOld(at: now) { continue }
                found.formUnion(try read(path))
            }
        } catch { throw BlobError(error) }
        return found
    }

    private static func entries(of leases: FilePath) throws(FileError) -> [DirectoryEntry] {
        do throws(FileError) { return try FileSystem.list(leases) } catch {
            if error.isAbsent { return [] }
            throw error
        }
    }

    private static func read(_ path: FilePath) throws(FileError) -> [ContentHash] {
        let text = try FileSystem.readIfExists(path, limit: limit) ?? []
        return text.split(separator: UInt8(ascii: "\n")).compactMap { ContentHash(hex: $0) }
    }
}
