import Catalog
import Files
import Publishing
import Synchronization

/// The posts that this computer is handing over right now, looked up when first asked for: nobody else can know it.
final class PostsOnTheirWay: Sendable {
    private let folder: FilePath
    private let known = Mutex<Set<PostID>?>(nil)

    init(from store: FilePath) { folder = LocalTargets.folder(in: store) }

    /// Which they are.
    var ids: Set<PostID> {
        known.withLock { known in
            let ids = known ?? look()
            known = ids
            return ids
        }
    }

    /// What the journal says of a program that is gone is no more than that: whoever brings posts out holds the lock.
    private func look() -> Set<PostID> {
        let journal = HandOffJournal(in: folder)
        guard !journal.isIdle, isHeld else { return [] }
        let begun = ((try? journal.entries()) ?? []).filter { $0.stage == .claiming || $0.stage == .handing }
        return Set(begun.map(\.claim.post))
    }

    private var isHeld: Bool {
        do throws(FileError) {
            return try FileLock.acquire(folder.appending(PublishingDesk.lockName), timeout: 0) == nil
        } catch { return false }
    }
}
