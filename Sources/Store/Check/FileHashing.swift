import Blobs
import Files
import Synchronization

/// Reads and hashes stored files while the rest of a check goes on, and on all processors once that is done.
///
/// It ends when nobody holds it any more.
final class FileHashing {
    typealias Finding = (pointer: Pointer, verdict: BlobStore.Verdict)

    private let work: HashingWork
    private let helpers: [BackgroundWork]

    /// Begins, on all processors but the one that is at work already.
    init(_ files: [Pointer], in store: BlobStore, watch: CheckWatch) {
        let work = HashingWork(files, in: store, watch: watch)
        self.work = work
        helpers = (1..<max(2, min(8, Parallel.processors))).map { _ in BackgroundWork { try work.run() } }
    }

    deinit { work.stop() }

    /// Takes part until all files are hashed, and gives those that are not sound.
    func finish() throws -> [Finding] {
        work.isWatched.store(true, ordering: .relaxed)
        try work.run()
        for helper in helpers { try helper.wait() }
        return work.found.withLock { $0 }
    }
}

/// What the threads share. Each has memory of its own to read into.
private final class HashingWork: Sendable {
    /// Whether its progress is what somebody is waiting for.
    let isWatched = Atomic(false)
    let found = Mutex<[FileHashing.Finding]>([])

    private let files: [Pointer]
    private let store: BlobStore
    private let watch: CheckWatch
    private let total: Int64
    private let next = Atomic(0)
    private let done = Atomic<Int64>(0)

    init(_ files: [Pointer], in store: BlobStore, watch: CheckWatch) {
        self.files = files
        self.store = store
        self.watch = watch
        total = files.reduce(0) { $0 + $1.size }
    }

    func stop() { next.store(files.count, ordering: .relaxed) }

    func run() throws {
        let verifier = BlobVerifier(of: store)
        while true {
            let number = next.add(1, ordering: .relaxed).oldValue
            guard number < files.count else { return }
            do { try verify(files[number], verifier) } catch {
                stop()
                throw error
            }
        }
    }

    private func verify(_ pointer: Pointer, _ verifier: BlobVerifier) throws {
        try watch.checkStopped()
        var verdict = try settled(verifier, pointer)
        // It may have been replaced by a sound one, or been removed for good, since it was listed.
        if verdict != .sound { verdict = try settled(verifier, pointer) }
        if verdict != .sound, verdict != .missing { found.withLock { $0.append((pointer, verdict)) } }
        let count = done.add(pointer.size, ordering: .relaxed).newValue
        if isWatched.load(ordering: .relaxed) { watch.report("Hashing files", count, total, true) }
    }

    /// A file that changes while it is read is one that is damaged just now; its size tells.
    private func settled(_ verifier: BlobVerifier, _ pointer: Pointer) throws(BlobError) -> BlobStore.Verdict {
        do throws(BlobError) { return try verifier.verify(pointer) } catch {
            guard error.code == .changed || error.code == .missing else { throw error }
            return try store.look(at: pointer)
        }
    }
}
