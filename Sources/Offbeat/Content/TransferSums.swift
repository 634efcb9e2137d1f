import Synchronization

/// Adds up what a transfer tells from several threads.
final class TransferSums: Sendable {
    private struct Sums { var total: Int64 = 0, done: Int64 = 0 }
    private let sums = Mutex(Sums())

    /// Adds to what there is to bring, and answers with the sum.
    func plan(_ bytes: Int64) -> Int64 {
        sums.withLock { sums in
            sums.total = Self.sum(sums.total, bytes)
            return sums.total
        }
    }

    /// Adds to what was brought, and answers with the sums.
    func add(_ bytes: Int64) -> (done: Int64, total: Int64) {
        sums.withLock { sums in
            sums.done = Self.sum(sums.done, bytes)
            return (sums.done, sums.total)
        }
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? .max : sum
    }
}
