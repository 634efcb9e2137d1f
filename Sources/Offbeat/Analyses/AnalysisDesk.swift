import Analysis
import Files
import Store
import Synchronization

/// Where analyses are computed that somebody waits for: each once, however many ask for it, and only a few at the same time.
final class AnalysisDesk: Sendable {
    /// What was computed, or what somebody else had computed in the meantime.
    struct Product: Sendable {
        let analysis: SoundAnalysis
        let bytes: [UInt8]
        let summary: AnalysisSummary
    }

    /// One analysis that is being computed: whoever has the lock first computes, and the others find what came of it.
    private final class Job: Sendable {
        let result = Mutex<Result<Product, Failure>?>(nil)
    }

    private let jobs = Mutex<[AnalysisKey: Job]>([:])
    /// Whoever computes has one of these.
    private let seats: [Seat]
    private let next = Atomic(0)

    private final class Seat: Sendable {
        let lock = Mutex(())
    }

    /// - Parameter seats: how many may be computed at the same time.
    init(seats: Int = max(1, Parallel.processors)) { self.seats = (0..<seats).map { _ in Seat() } }

    /// Computes it, or waits for whoever does.
    func product(
        of key: AnalysisKey, _ compute: () throws -> Product
    ) throws -> (product: Product, isOwn: Bool) {
        let job = jobs.withLock { jobs in
            let job = jobs[key] ?? Job()
            jobs[key] = job
            return job
        }
        defer { jobs.withLock { if $0[key] === job { $0[key] = nil } } }
        let (result, isOwn) = job.result.withLock { known in
            if let known { return (known, false) }
            let result = seat { () -> Result<Product, Failure> in
                do { return .success(try compute()) } catch { return .failure(Failure(error)) }
            }
            // Who gives up gives up for nobody else.
            if case .failure(let failure) = result, failure.code == .interrupted { return (result, true) }
            known = result
            return (result, true)
        }
        return (try result.get(), isOwn)
    }

    private func seat<R: Sendable>(_ work: () -> R) -> R {
        let number = next.add(1, ordering: .relaxed).newValue
        return seats[number % seats.count].lock.withLock { _ in work() }
    }
}
