import Glibc

/// Tells when a name in a folder comes to stand for something else, as when a reference moves.
public struct FolderWatch: ~Copyable, Sendable {
    private let queue: FileDescriptor

    /// Begins to watch; a folder below it is not watched.
    public init(_ folder: FilePath) throws(FileError) {
        queue = try Self.open(for: folder)
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

    /// Waits until something has changed; false when nothing has within so many seconds, or a signal came.
    public func wait(seconds: Double) throws(FileError) -> Bool {
        var request = pollfd(fd: queue.raw, events: Int16(POLLIN), revents: 0)
        let milliseconds = Int32(max(0, min(seconds * 1000, 1e9)).rounded(.up))
        guard poll(&request, 1, milliseconds) > 0 else { return false }
        try drain()
        return true
    }

    private func drain() throws(FileError) {
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
        defer { room.deallocate() }
        while read(queue.raw, room.baseAddress, room.count) > 0 {}
    }
}
