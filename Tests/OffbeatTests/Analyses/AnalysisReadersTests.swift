import Blobs
import Cache
import Catalog
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// Readers beside one who keeps and one who cleans.
@Suite struct AnalysisReadersTests {
    /// Nobody who asks is refused, or told other bytes than were kept of that audio.
    @Test func askingGoesOnWhileItIsCleaned() throws {
        try withPlace { place in
            let names = ["one", "two", "three"]
            for (number, name) in names.enumerated() {
                try place.add("\(name).wav", frequency: Double(300 + 50 * number))
            }
            try place.library.settings.set(.cacheTTL, to: "0")
            let asked = Atomic(0)
            let faults = Mutex<[String]>([])
            let isDone = Atomic(false)
            Parallel.forEach(count: 4, workers: 4) { worker in
                do {
                    let library = try Library(at: place.path, context: place.clock.context)
                    let session = try library.session()
                    switch worker {
                    case 0:
                        defer { isDone.store(true, ordering: .relaxed) }
                        for round in 0..<20 {
                            for (number, name) in names.enumerated() {
                                let bytes = [UInt8](repeating: UInt8(number), count: 1000 + round)
                                let target = try session.analysisTarget(of: name)
                                try session.keep([
                                    AnalysisResult(
                                        target, by: library.ownAnalyzer, bytes: bytes, summary: AnalysisSummary())
                                ])
                            }
                        }
                    case 1:
                        while !isDone.load(ordering: .relaxed) { _ = try library.cleanCache() }
                    default:
                        while !isDone.load(ordering: .relaxed) {
                            for (number, name) in names.enumerated() {
                                let target = try session.analysisTarget(of: name)
                                let bytes = try session.analysis(of: target).found?.bytes ?? []
                                asked.add(1, ordering: .relaxed)
                                if bytes.contains(where: { $0 != UInt8(number) }) {
                                    faults.withLock { $0.append("other bytes of \(name)") }
                                }
                            }
                        }
                    }
                } catch {
                    isDone.store(true, ordering: .relaxed)
                    faults.withLock { $0.append("worker \(worker): \(error)") }
                }
            }
            #expect(faults.withLock { $0 } == [])
            #expect(asked.load(ordering: .relaxed) > 0)
            try place.expectSound()
        }
    }
}
