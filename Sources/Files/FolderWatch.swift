import CLinux
import Glibc

/// Tells when a name in a folder comes to stand for something else, as when a reference moves.
public struct FolderWatch: ~Copyable, Sendable {
    private let queue: FileDescriptor
    private let bell: FileDescriptor

    /// Begins to watch; a folder below it is not watched.
    public init(_ folder: FilePath) throws(FileError) {
        let queue = try Self.open(for: folder)
        let bell = try Self.openBell(for: folder)
        self.queue = queue
        self.bell = bell
    }

    private static func openBell(for folder: FilePath) throws(FileError) -> FileDescriptor {
        let bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if bell == -1 { throw FileError(errno, "watch", folder) }
        return FileDescriptor(owning: bell, path: folder)
    }

    /// Watches another folder as well.
    public func add(_ folder: FilePath) throws(FileError) { try Self.add(folder, to: queue.raw) }

    private static func open(for folder: FilePath) throws(FileError) -> FileDescriptor {
        let queue = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        if queue == -1 { throw FileError(errno, "watch", folder) }
        let descriptor = FileDescriptor(owning: queue, path: folder)
        try add(folder, to: queue)
        return descriptor
    }

    private static func add(_ folder: FilePath, to queue: Int32) throws(FileError) {
        let events = UInt32(IN_MOVED_TO) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_DELETE)
        let result = folder.withCString { inotify_add_watch(queue, $0, events) }
        if result == -1 { throw FileError(errno, "watch", folder) }
    }

    /// Has whoever waits go on at once, or whoever waits next.
    public func wake() {
        var one: UInt64 = 1
        _ = write(bell.raw, &one, 8)
    }

    /// Waits until something has changed, or somebody calls ``wake()``; false when nothing has within so many seconds, or a
    /// signal came.
    public func wait(seconds: Double) throws(FileError) -> Bool {
        var requests = [queue.raw, bell.raw].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let milliseconds = Int32(max(0, min(seconds * 1000, 1e9)).rounded(.up))
        guard poll(&requests, 2, milliseconds) > 0 else { return false }
        try drain()
        return true
    }

    private func drain() throws(FileError) {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
        defer { room.deallocate() }
        while read(queue.raw, room.baseAddress, room.count) > 0 {}
        _ = read(bell.raw, room.baseAddress, 8)
    }
}
