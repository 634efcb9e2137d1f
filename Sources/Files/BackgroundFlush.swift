import Synchronization

/// Flushes of a file system that go on while the caller does something else.
///
/// They let the disk begin early, so that the flush that counts has little left to wait for. That one asks ``finish()``
/// first: the system tells each failure to write once, perhaps to the flush in the background.
final class BackgroundFlush: Sendable {
    private struct State: Sendable {
        var work: BackgroundWork?
        var failure: FileError?
    }

    private let path: FilePath
    private let state = Mutex(State())

    /// Prepares to flush the file system that `path` lies on.
    init(containing path: FilePath) { self.path = path }

    /// Begins a flush, unless one is going on already.
    func begin() {
        state.withLock { state in
            if let work = state.work, !work.isDone { return }
            Self.settle(&state)
            let path = path
            state.work = BackgroundWork { try FileSystem.syncFileSystem(containing: path) }
        }
    }

    /// Waits for a flush that is going on, and throws what one of them was told.
    func finish() throws(FileError) {
        let failure = state.withLock { state in
            Self.settle(&state)
            defer { state.failure = nil }
            return state.failure
        }
        if let failure { throw failure }
    }

    private static func settle(_ state: inout State) {
        // A flush throws nothing but the file system's own error.
        do { try state.work?.wait() } catch { state.failure = state.failure ?? error as? FileError }
        state.work = nil
    }
}
