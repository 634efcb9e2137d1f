public import Files

/// Where the scratch stores over a store lie: `scratch/<name>/`.
public enum ScratchFolder {
    /// The folder that holds them.
    public static func path(in store: FilePath) -> FilePath { store.appending("scratch") }

    /// The scratch stores over a store. What is being made or taken away is none, nor is what a link leads to.
    static func stores(over store: FilePath) throws(FileError) -> [FilePath] {
        let folder = path(in: store)
        guard try FileSystem.statusIfExists(of: folder, followingLinks: false)?.kind == .directory else {
            return []
        }
        return try FileSystem.list(folder)
            .filter { $0.kind == .directory && !TemporaryDirectory.isName($0.name) }
            .map { folder.appending($0.name) }.sorted()
    }
}

/// Holds back the writers of all scratch stores over a store.
///
/// A collection below must not take a file away in the moment in which a guest who has just found it comes to name it.
/// Whoever holds the lock of the store takes these after it, and guests never take that one: so nobody waits in a circle.
final class ScratchLocks {
    private final class Held {
        let lock: FileLock
        init(_ lock: consuming FileLock) { self.lock = lock }
    }

    private let store: Store
    private var held: [FilePath: Held] = [:]

    init(over store: Store) throws(StoreError) {
        self.store = store
        _ = try takeNewcomers()
    }

    /// Takes the locks of those that came since, and answers whether there were any.
    func takeNewcomers() throws(StoreError) -> Bool {
        let scratches: [FilePath]
        do throws(FileError) { scratches = try ScratchFolder.stores(over: store.path) } catch {
            throw StoreError(error)
        }
        let count = held.count
        for scratch in scratches where held[scratch] == nil {
            do throws(StoreError) {
                held[scratch] = Held(try Writer.acquireLock(of: scratch, store.context))
            } catch  where FileSystem.exists(scratch) { throw error } catch {
                // It was ended meanwhile.
            }
        }
        return held.count > count
    }
}
