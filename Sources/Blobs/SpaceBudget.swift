import Files
import Synchronization

/// Keeps account of the free space, so that a file that cannot fit is refused before the first byte is written, and the
/// system is not asked for every file.
final class SpaceBudget: Sendable {
    /// What is left for the records and the journal.
    private static let margin: Int64 = 1 << 18

    private let path: FilePath
    /// What was free when the system was asked last, without what was taken since.
    private let left = Mutex<Int64>(0)

    init(at path: FilePath) {
        self.path = path
    }

    /// Takes so many bytes of it; throws `.noSpace` where there are not as many.
    func take(_ size: Int64) throws(FileError) {
        let isThere = left.withLock { left in
            guard left - Self.margin >= size else { return false }
            left -= size
            return true
        }
        if isThere { return }
        let free = try FileSystem.freeSpace(at: path)
        guard free - Self.margin >= size else { throw FileError(.noSpace, "write to", path) }
        // Only half: what others have taken but not yet written still counts as free.
        left.withLock { $0 = max(0, (free - size) / 2) }
    }
}
