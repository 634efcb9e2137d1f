public import Digest
public import Files
import Synchronization

/// Files that somebody is about to name in a version of this store, who may be on another computer.
///
/// Who pushes writes down what his versions name before he asks which of the files are here, and lets go when they have
/// their reference. A collection keeps what is listed, as long as the lease is younger than a day by the clock of the file
/// system: so a laptop that went away in the middle keeps nothing for good.
public final class Lease: Sendable {
    private static let folder = FilePath("leases")

    private let path: FilePath
    private let isReleased = Atomic(false)
    private let renewed = Mutex(Stopwatch())

    /// Writes down files in a directory called `lfs`, durably; `modes` are those of the shared repository.
    public init(
        on files: some Sequence<ContentHash>, in directory: FilePath, modes: SharedModes = .unshared
    ) throws(BlobError) {
        let leases = directory.appending(Self.folder)
        path = leases.appending(Hex.encode(randomBytes(Self.nameLength / 2)))
        do throws(FileError) {
            let made = try FileSystem.makeDirectories(leases, inside: directory.parent, modes: modes)
            for directory in made { try FileSystem.syncDirectory(directory.parent) }
            let text = files.flatMap { $0.hexDigits + [UInt8(ascii: "\n")] }
            try FileSystem.replaceAtomically(path, with: text, mode: modes.file(0o644))
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
        if isDue { try translated { try FileSystem.touch(path) } }
    }

    /// Lets go of the files. May be called again; what cannot be removed is over in a day.
    public func release() {
        guard !isReleased.exchange(true, ordering: .relaxed) else { return }
        _ = try? FileSystem.remove(path)
    }
}

extension Lease {
    private static let nameLength = 16
    /// A lease of four million files.
    private static let limit = 1 << 28

    /// The files that somebody is about to name in a version of the store whose directory called `lfs` this is.
    ///
    /// Leases of yesterday are removed. Throws where a younger one cannot be read: then nobody knows what it keeps.
    public static func current(in directory: FilePath) throws(BlobError) -> Set<ContentHash> {
        let leases = directory.appending(folder)
        var found: Set<ContentHash> = []
        do throws(FileError) {
            let entries = try list(leases)
            guard !entries.isEmpty else { return [] }
            // Where nothing can be written, nothing is over.
            let now = try? FileSystem.clock(of: leases)
            for entry in entries {
                let path = leases.appending(entry.name)
                guard let status = try FileSystem.statusIfExists(of: path, followingLinks: false) else { continue }
                if let now, status.modified.isDayOld(at: now) {
                    _ = try? FileSystem.remove(path)
                } else if status.kind == .regular, isName(entry.name) {
                    found.formUnion(try read(path))
                }
            }
        } catch { throw BlobError(error) }
        return found
    }

    private static func list(_ leases: FilePath) throws(FileError) -> [DirectoryEntry] {
        do throws(FileError) { return try FileSystem.list(leases) } catch {
            if error.isAbsent { return [] }
            throw error
        }
    }

    private static func isName(_ name: FilePath) -> Bool {
        name.bytes.count == nameLength && Hex.decode(name.bytes) != nil
    }

    private static func read(_ path: FilePath) throws(FileError) -> [ContentHash] {
        let text = try FileSystem.readIfExists(path, limit: limit) ?? []
        return text.split(separator: UInt8(ascii: "\n")).compactMap { ContentHash(hex: $0) }
    }
}
