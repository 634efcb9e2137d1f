import Files
import Git
import Synchronization

/// Several threads that read objects, each with a repository of its own: with one they would wait for each other.
final class Readers: Sendable {
    private static let portion = 256

    private let path: FilePath
    private let idle = Mutex<[Repository]>([])

    init(of path: FilePath) { self.path = path }

    /// Has each portion of some items read by one thread; gives what came of them, in the order of the items.
    func forEachPortion<Item: Sendable, Result: Sendable>(
        of items: [Item], _ read: @Sendable (Repository, ArraySlice<Item>) throws -> Result
    ) throws -> [Result] {
        try Parallel.map(items, inPortionsOf: Self.portion, workers: min(8, Parallel.processors)) { portion in
            let repository = try take()
            defer { idle.withLock { $0.append(repository) } }
            return try read(repository, portion)
        }
    }

    private func take() throws(GitError) -> Repository {
        if let repository = idle.withLock({ $0.popLast() }) { return repository }
        return try Repository(objectsOf: path)
    }
}
