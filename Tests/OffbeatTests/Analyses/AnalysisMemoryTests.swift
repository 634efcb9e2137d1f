import Blobs
import Catalog
import Digest
import Files
import Store
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// What is remembered of analyses is bounded, and what is missing is computed once.
@Suite struct AnalysisMemoryTests {
    @Test func answersCountToo() throws {
        try withPlace { place in
            let track = try place.add("one.wav")
            let first = try place.session.readAnalysis(of: track.id.hex)
            #expect(first.origin == .computed)
            let reading = try place.session.readAnalysis(of: track.id.hex)
            let memory = place.library.analyses
            let target = reading.target
            let entry = try #require(try place.library.store.analyses()?.entry(target.key(by: reading.analyzer)))
            let stamp = AnalysisMemory.Stamp(
                library: try place.library.version(), analyses: nil, ownAnalyzer: reading.analyzer)
            func keep(_ number: Int, limit: Int) {
                let question = AnalysisMemory.Question(
                    person: nil, name: "\(number)", stem: "master", analyzer: nil, version: nil)
                memory.keep(reading, of: entry, for: question, at: stamp, limit: limit)
            }
            let before = memory.size
            #expect(before > 0)
            keep(1, limit: .max)
            let one = memory.size - before
            #expect(one >= reading.blob.count)
            keep(1, limit: .max)
            #expect(memory.size == before + one, "the same answer is remembered once")
            for number in 2..<100 {
                keep(number, limit: before + 10 * one)
                #expect(memory.size <= before + 10 * one)
            }
            memory.clear()
            #expect(memory.size == 0)
        }
    }

    @Test func onlyAFewAreComputedAtTheSameTime() throws {
        let desk = AnalysisDesk(seats: 2)
        let state = Mutex((now: 0, most: 0, times: 0))
        let analyzer = try #require(Analyzer("offbeat-1"))
        try Parallel.forEach(count: 12, workers: 12) { number in
            let key = AnalysisKey(.init(of: [UInt8(number % 6)]), by: analyzer)
            do {
                _ = try desk.product(of: key) {
                    state.withLock {
                        ($0.now, $0.times) = ($0.now + 1, $0.times + 1)
                        $0.most = max($0.most, $0.now)
                    }
                    defer { state.withLock { $0.now -= 1 } }
                    throw Failure(.notAudio, "\(number)")
                }
                Issue.record("nothing was computed")
            } catch let failure as Failure { #expect(failure.code == .notAudio) }
        }
        #expect(state.withLock { $0.most <= 2 && $0.now == 0 && (6...12).contains($0.times) })
    }
}
