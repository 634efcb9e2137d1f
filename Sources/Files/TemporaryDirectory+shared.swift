import Glibc

/// Directories for half-written files at a place that other computers use as well.
///
/// A lock says nothing about another computer's program: over a network mount nobody may see it. So such a directory names
/// the run of the computer that it was made in, and only in that run its lock is believed. A foreign one is left alone for
/// a day, by the clock of the place itself.
extension TemporaryDirectory {
    private static let ownerName = "owner"

    /// Makes a directory in `parent`, which is made as well where it is missing, but neither `root` nor what is above it.
    public convenience init(
        shared parent: FilePath, inside root: FilePath, modes: SharedModes
    ) throws(FileError) {
        let made = try FileSystem.makeDirectories(parent, inside: root, modes: modes)
        for directory in made { try FileSystem.syncDirectory(directory.parent) }
        self.init(held: try Self.makeShared(in: parent, modes))
    }

    private static func makeShared(in parent: FilePath, _ modes: SharedModes) throws(FileError) -> FileDescriptor {
        while true {
            let descriptor = try make(in: parent, evenUnlocked: true)
            let path = descriptor.path
            do throws(FileError) {
                try modes.apply(toDirectory: path)
                let owner = try FileDescriptor.open(path.appending(ownerName), .write, create: .exclusive)
                try owner.write(all: thisRun ?? Array("unknown\n".utf8))
                return descriptor
            } catch {
                // A sweep took it before it had an owner.
                guard error.isAbsent, FileSystem.exists(parent) else {
                    _ = try? FileSystem.removeTree(path)
                    throw error
                }
            }
        }
    }

    /// Removes those in `parent` that programs of this run of this computer have left, and those of others that are more
    /// than a day old; answers how many.
    @discardableResult
    public static func sweep(shared parent: FilePath) throws(FileError) -> Int {
        try sweep(in: parent, requiringOwner: true)
    }

    /// Whether a directory that nobody is seen to hold may be held by another computer's program.
    ///
    /// - Parameter withoutOwner: the answer for one that names nobody and is young.
    static func mayLiveElsewhere(_ path: FilePath, withoutOwner: Bool) throws(FileError) -> Bool {
        let owner = path.appending(ownerName)
        guard let status = try FileSystem.statusIfExists(of: owner, followingLinks: false) else {
            if withoutOwner { return try !isDayOld(path) }
            return false
        }
        if let thisRun, status.kind == .regular, status.size == thisRun.count,
            try FileSystem.readIfExists(owner, limit: thisRun.count) == thisRun
        {
            return false
        }
        return try !isDayOld(path)
    }

    private static func isDayOld(_ path: FilePath) throws(FileError) -> Bool {
        try FileSystem.status(of: path).modified.isDayOld(at: FileSystem.clock(of: path.parent))
    }

    /// What the system calls this run of this computer; where it has no name, no directory is known to be ours.
    private static let thisRun: [UInt8]? = try? FileSystem.read("/proc/sys/kernel/random/boot_id", limit: 64)
}

extension FileError {
    /// Whether the file system knows no locks.
    var isOfLocking: Bool { [ENOLCK, EOPNOTSUPP, ENOSYS].contains(code.rawValue) }
}
