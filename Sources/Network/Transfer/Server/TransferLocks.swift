import Catalog
import Digest
public import Files

/// Who has locked which files of a repository, as `git lfs lock` does: one small file for each lock.
///
/// A lock is known by the hash of its path, so that nobody can take one twice, whatever else goes on.
public struct TransferLocks: Sendable {
    /// One lock.
    struct Lock: Sendable, Hashable {
        let id: String
        let path: String
        let owner: String
        let time: String
    }

    /// What came of it that somebody wanted a lock, or an end of one.
    enum Answer: Sendable, Hashable {
        case done(Lock)
        /// Somebody else has it.
        case taken(Lock)
        case missing
    }

    private let folder: FilePath
    private let root: FilePath
    private let owner: String
    private let modes: SharedModes

    /// Keeps locks in the folder called `lfs` of a repository, in the name of `owner`.
    public init(in directory: FilePath, owner: String, modes: SharedModes = .unshared) {
        folder = directory.appending("locks")
        root = directory.parent
        self.owner = owner.isEmpty || !Self.isProper(owner) ? "unknown" : owner
        self.modes = modes
    }

    /// Whether a text is fit for a line.
    static func isProper(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 4096 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    func isOwn(_ lock: Lock) -> Bool { lock.owner == owner }

    /// Locks a path, durably, unless it is locked.
    func take(_ path: String) throws -> Answer {
        let lock = Lock(
            id: ContentHash(of: Array(path.utf8)).hex, path: path, owner: owner,
            time: Timestamp(milliseconds: SystemClock.wallMilliseconds()).description
        )
        for parent in try FileSystem.makeDirectories(folder, inside: root, modes: modes) {
            try FileSystem.syncDirectory(parent.parent)
        }
        while true {
            if let other = try find(lock.id) { return .taken(other) }
            let temporary = folder.appending(".\(lock.id).\(Hex.encode(randomBytes(8)))")
            defer { _ = try? FileSystem.remove(temporary) }
            let file = try FileDescriptor.open(temporary, .write, create: .exclusive)
            try file.setMode(modes.file(0o644))
            try file.write(all: Array("\(lock.path)\n\(lock.owner)\n\(lock.time)\n".utf8))
            try file.sync()
            if try FileSystem.renameIfFree(temporary, to: folder.appending(lock.id)) {
                try FileSystem.syncDirectory(folder)
                return .done(lock)
            }
        }
    }

    /// Ends a lock; one of somebody else only where that is meant.
    func end(_ id: String, byForce isForced: Bool) throws -> Answer {
        guard let lock = try find(id) else { return .missing }
        guard isOwn(lock) || isForced else { return .taken(lock) }
        guard try FileSystem.remove(folder.appending(lock.id)) else { return .missing }
        try FileSystem.syncDirectory(folder)
        return .done(lock)
    }

    /// All locks from an id on, at most `limit`, and the id of the one after them.
    func list(from cursor: String?, limit: Int, where isWanted: (Lock) -> Bool) throws -> (
        locks: [Lock], next: String?
    ) {
        guard FileSystem.exists(folder) else { return ([], nil) }
        var locks: [Lock] = []
        for entry in try FileSystem.list(folder) where entry.name.string >= cursor ?? "" {
            guard let lock = try find(entry.name.string), isWanted(lock) else { continue }
            if locks.count == limit { return (locks, lock.id) }
            locks.append(lock)
        }
        return (locks, nil)
    }

    /// The lock of that id; nil where there is none, or something that nobody has made here.
    private func find(_ id: String) throws -> Lock? {
        guard ContentHash(hex: id) != nil,
            let bytes = try FileSystem.readIfExists(folder.appending(id), limit: 1 << 14)
        else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count == 3, lines.allSatisfy(Self.isProper), ContentHash(of: Array(lines[0].utf8)).hex == id
        else {
            return nil
        }
        return Lock(id: id, path: lines[0], owner: lines[1], time: lines[2])
    }
}
