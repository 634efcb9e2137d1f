import Blobs
import Digest

/// Files are only looked at.
struct LFSHashGoal: LFSGoal {
    func prepare(for bytes: Int64) {}
    func has(_ file: Pointer) -> Bool { false }
    func begin(_ file: Pointer) -> (any LFSSink)? { LFSHash(of: file) }
    func finish(_ sink: any LFSSink) -> Bool { (sink as? LFSHash)?.isWhole() ?? false }
}

/// The hash of a file that comes and is not kept.
final class LFSHash: LFSSink, @unchecked Sendable {
    // Sendable: one thread has it at a time.
    private let file: Pointer
    private let digest = SHA256()
    private(set) var received: Int64 = 0

    init(of file: Pointer) { self.file = file }

    func append(_ bytes: UnsafeRawBufferPointer) {
        digest.update(bytes)
        received += Int64(bytes.count)
    }

    func restart() {
        digest.reset()
        received = 0
    }

    /// Whether all has come, and is what the name says; else it is forgotten.
    func isWhole() -> Bool {
        defer { restart() }
        return received == file.size && digest.finish() == file.oid
    }
}
