public import Catalog
import Files
import Store

extension Index {
    /// Removes what was put aside, and tells how many files that were and their bytes.
    public func clean() throws -> (files: Int, bytes: Int64) {
        var removed = (files: 0, bytes: Int64(0))
        let file = CacheFile.aside(Ledger.kind, in: directory)
        do {
            if let size = try FileSystem.statusIfExists(of: file)?.size, try FileSystem.remove(file) {
                removed = (1, size)
            }
        } catch { throw CacheError("what was put aside cannot be removed: \(error)") }
        statistics.noteCleanup(at: store.context.now())
        return removed
    }

    /// Forgets what is noted of somebody's lists.
    public func forget(_ person: PersonID?) throws {
        forgetPages()
        do { try statistics.forgetUses(by: person) } catch {
            throw CacheError("what is noted of their lists cannot be removed: \(error)")
        }
    }
}
