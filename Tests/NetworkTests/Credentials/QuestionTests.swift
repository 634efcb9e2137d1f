import Files
import Synchronization
import Testing

@testable import Network

/// That a person is asked one thing at a time.
@Suite struct QuestionTests {
    @Test func nobodyAsksWhileAnotherDoes() throws {
        let asked = Mutex((now: 0, most: 0, told: [Bool]()))
        let questions = Questions { isAsked in
            asked.withLock {
                $0.now += isAsked ? 1 : -1
                $0.most = max($0.most, $0.now)
                $0.told.append(isAsked)
            }
        }
        Parallel.forEach(count: 20, workers: 4) { number in
            let question = questions.begin { false }
            SystemClock.sleep(seconds: 0.001)
            question?.end()
            // Ended once is ended; and what is dropped has ended, too.
            if number % 2 == 0 { question?.end() }
        }
        let (now, most, told) = asked.withLock { $0 }
        #expect(now == 0 && most == 1 && told.count == 40)
    }

    @Test func whoWantsAnEndDoesNotWait() throws {
        let questions = Questions()
        let first = try #require(questions.begin { false })
        #expect(questions.begin { true } == nil)
        first.end()
        #expect(questions.begin { true } != nil)
    }
}
