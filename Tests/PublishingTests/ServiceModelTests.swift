import Catalog
import Synchronization
import TestSupport
import Testing

@testable import Publishing

/// A service that takes each key once, counts what it has posted, and misbehaves by chance.
private final class ServiceModel: Sendable {
    struct State {
        var random: SeededRandom
        var posted: [String: Int] = [:]
        var refused: Set<String> = []
        /// The keys that it has answered with 500 after it had posted.
        var lied: Set<String> = []
    }

    let state: Mutex<State>

    init(_ random: SeededRandom) { state = Mutex(State(random: random)) }

    func answer(_ request: LoopbackServer.Request) -> [LoopbackServer.Step] {
        guard request.method == "POST", let key = request.header("Idempotency-Key") else { return poll() }
        return state.withLock { state in
            switch state.random.next() % 12 {
            case 0: return [.close]
            case 1: return .reply(429)
            case 2: return .reply(503, [("Retry-After", "0")])
            case 3: return .reply(500)
            case 4: return .reply(502)
            case 5: return [.hang]
            default: break
            }
            if state.posted[key] == nil, !state.refused.contains(key) {
                if state.random.next() % 6 == 0 {
                    state.refused.insert(key)
                } else {
                    state.posted[key, default: 0] += 1
                }
            }
            if state.refused.contains(key) {
                return .json("{\"status\":\"error\",\"message\":\"no\"}", status: 400)
            }
            switch state.random.next() % 12 {
            case 0: return [.close]
            case 1: return [.reset]
            case 2:
                state.lied.insert(key)
                return .reply(500)
            case 3: return .reply(504)
            case 4: return .cutOff(after: "{\"status\":", promising: 300)
            case 5: return [.hang]
            case 6: return .page
            case 7: return .garbage
            case 8: return .json("{\"status\":\"pending\",\"id\":\"a\"}")
            case 9: return .json("{\"status\":\"success\",\"id\":\"a\",\"postIds\":[]}")
            default: return .json(ServiceRig.success)
            }
        }
    }

    private func poll() -> [LoopbackServer.Step] {
        state.withLock { state in
            switch state.random.next() % 6 {
            case 0: [.close]
            case 1: .reply(500)
            case 2: .page
            case 3: .json("{\"status\":\"pending\",\"id\":\"a\"}")
            default: .json(ServiceRig.success)
            }
        }
    }
}

@Suite struct ServiceModelTests {
    @Test func noPostIsOutTwiceAndNoneIsToldToBeOutThatIsNot() throws {
        let random = SeededRandom()
        let model = ServiceModel(random)
        let server = try LoopbackServer { model.answer($0) }
        var counts: [String: Int] = [:]
        for number in 0..<150 {
            let publication = try ServiceRig.publication(number: number)
            let key = publication.key.description
            let outcome = try ServiceRig.handOff(
                to: server, publication, attempts: 1 + number % 2 * 2, activity: .milliseconds(60),
                polling: .milliseconds(40))
            let (posted, lied) = model.state.withLock { ($0.posted[key] ?? 0, $0.lied.contains(key)) }
            let what = "\(random) \(number): \(outcome), posted \(posted) times"
            #expect(posted <= 1, "\(what)")
            switch outcome {
            case .sent: #expect(posted == 1, "\(what)")
            case .unreached: #expect(posted == 0, "\(what)")
            case .refused: #expect(posted == 0 || lied, "\(what)")
            case .unknown: break
            }
            counts[String(String(describing: outcome).prefix { $0 != "(" }), default: 0] += 1
        }
        // Of 75 posts that are sent once, one in six is told to come back: some surely are.
        #expect(counts.count == 4, "\(random) \(counts)")
    }

    @Test func whoeverTriesAgainLaterDoesNotPostTwice() throws {
        let random = SeededRandom()
        let model = ServiceModel(random)
        let server = try LoopbackServer { model.answer($0) }
        let publication = try ServiceRig.publication()
        for _ in 0..<20 { _ = try ServiceRig.handOff(to: server, publication, activity: .milliseconds(60)) }
        #expect(model.state.withLock { $0.posted.values.allSatisfy { $0 == 1 } }, "\(random)")
    }
}
