import Glibc
import Synchronization

/// A directory for half-written files that tells by itself whether its owner still lives.
///
/// It is named `offbeat-<random>` and held by `flock` on its own descriptor, so the system lets go of it when the
/// process dies, however it dies, and ``sweep(in:)`` needs no process numbers, which mean nothing across containers. It
/// goes with its last reference, or by ``remove()``. Thread-safe.
public final class TemporaryDirectory: Sendable {
    /// What every name begins with.
    private static let prefix = "offbeat-"

    /// Where it is.
    public let path: FilePath
    /// Holds the lock.
    private let descriptor: FileDescriptor
    private let made = Atomic(0)
    private let isRemoved = Atomic(false)

    /// Makes a directory in `parent`, which is made as well where it is missing.
    public init(in parent: FilePath) throws(FileError) {
        try FileSystem.makeDirectories(parent)
        descriptor = try Self.make(in: parent)
        path = descriptor.path
    }

    /// Takes over a directory that was made and locked.
    init(held descriptor: consuming FileDescriptor) {
        path = descriptor.path
        self.descriptor = descriptor
    }

    deinit { remove() }

    /// The name of the directory, by which ``isAlive(_:in:)`` can ask for it later.
    public var name: String { path.lastComponent?.string ?? "" }

    /// A path in it that was not given out before. Nothing is made.
    public func newPath() -> FilePath {
        path.appending(String(made.wrappingAdd(1, ordering: .relaxed).oldValue, radix: 36))
    }

    /// Gives the directory with all that is in it another name, in one step: then it is nothing temporary any more.
    public func become(_ place: FilePath) throws(FileError) {
        try FileSystem.rename(path, to: place)
        isRemoved.store(true, ordering: .releasing)
    }

    /// Removes the directory with all that is left in it; what cannot be removed is left to a later sweep.
    ///
    /// May be called again.
    public func remove() {
        guard !isRemoved.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = try? FileSystem.removeTree(path)
    }

    /// Removes those in `parent` whose owners are gone, and answers how many; those of the living stay.
    ///
    /// One that cannot be removed stays as well: it may be another user's. One that another computer has made is not
    /// judged by its lock, see ``init(shared:inside:modes:)``.
    @discardableResult
    public static func sweep(in parent: FilePath) throws(FileError) -> Int {
        try sweep(in: parent, requiringOwner: false)
    }

    static func sweep(in parent: FilePath, requiringOwner: Bool) throws(FileError) -> Int {
        guard try FileSystem.statusIfExists(of: parent) != nil else { return 0 }
        var swept = 0
        for entry in try FileSystem.list(parent) where entry.kind == .directory {
            guard isName(entry.name) else { continue }
            let path = parent.appending(entry.name)
            if (try? removeIfDead(path, requiringOwner: requiringOwner)) == true { swept += 1 }
        }
        return swept
    }

    /// Whether a directory is called as only this type calls one, so that nobody's `offbeat-mixes` is ever swept.
    public static func isName(_ name: FilePath) -> Bool {
        let bytes = name.bytes
        return bytes.count == prefix.utf8.count + 16 && bytes.starts(with: prefix.utf8)
            && bytes.dropFirst(prefix.utf8.count).allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    private static func removeIfDead(_ path: FilePath, requiringOwner: Bool) throws(FileError) -> Bool {
        guard let held = try hold(path), try !mayLiveElsewhere(path, withoutOwner: requiringOwner) else {
            return false
        }
        try FileSystem.removeTree(held.path)
        return true
    }

    /// Whether the directory called `name` in `parent` is there and somebody holds it.
    public static func isAlive(_ name: String, in parent: FilePath) throws(FileError) -> Bool {
        let path = parent.appending(name)
        guard try FileSystem.statusIfExists(of: path) != nil else { return false }
        guard try hold(path) != nil else { return FileSystem.exists(path) }
        return try mayLiveElsewhere(path, withoutOwner: false)
    }
}

extension TemporaryDirectory {
    static func make(in parent: FilePath, evenUnlocked: Bool = false) throws(FileError) -> FileDescriptor {
        while true {
            let path = parent.appending(prefix + randomBytes(8).map(hexPair).joined())
            guard try FileSystem.makeDirectory(path, mode: 0o777) else { continue }
            do throws(FileError) {
                // Between the two calls a sweep may look at it, or take it for one whose owner is gone: then another is
                // made.
                while FileSystem.exists(path) {
                    if let held = try hold(path) { return held }
                    SystemClock.sleep(seconds: 0.0005)
                }
            } catch {
                guard evenUnlocked, error.isOfLocking else { throw error }
                return try FileDescriptor.openDirectory(path)
            }
        }
    }

    /// Locks the directory; nil where somebody else has it, or where it is gone.
    private static func hold(_ path: FilePath) throws(FileError) -> FileDescriptor? {
        do throws(FileError) {
            let descriptor = try FileDescriptor.openDirectory(path)
            guard try descriptor.tryLock() else { return nil }
            // The lock may have come just after the last owner removed the directory: a lock on nothing.
            guard let now = try FileSystem.statusIfExists(of: path), now.isSameFile(as: try descriptor.status())
            else { return nil }
            return descriptor
        } catch {
            if error.isAbsent { return nil }
            throw error
        }
    }
}
