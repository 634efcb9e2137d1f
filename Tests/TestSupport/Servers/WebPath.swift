import Synchronization

/// The way to a web server of this computer on which somebody else answers what a test names, and all other requests are
/// handed on.
///
/// Bodies of requests are up to a mebibyte.
public final class WebPath: Sendable {
    /// What is answered in place of the server.
    private struct Rule {
        let target: String
        let method: String?
        var skipped: Int
        var times: Int
        let steps: [LoopbackServer.Step]
    }

    private final class Rules: Sendable {
        let list = Mutex<[Rule]>([])
        let met = Atomic(0)

        /// What is answered to a request; nil where nobody has anything against it.
        func answer(_ request: LoopbackServer.Request) -> [LoopbackServer.Step]? {
            list.withLock { list in
                for index in list.indices where list[index].times > 0 {
                    let rule = list[index]
                    guard request.target.contains(rule.target), rule.method ?? request.method == request.method
                    else {
                        continue
                    }
                    if rule.skipped > 0 {
                        list[index].skipped -= 1
                        continue
                    }
                    list[index].times -= 1
                    met.add(1, ordering: .relaxed)
                    return rule.steps
                }
                return nil
            }
        }
    }

    private let rules = Rules()
    private let server: LoopbackServer

    /// Lays a way to a port on which nobody interferes yet.
    public init(to port: UInt16) throws {
        server = try LoopbackServer { [rules] in rules.answer($0) ?? [.pass(port: port)] }
    }

    /// The port that leads to the server.
    public var port: UInt16 { server.port }

    /// Answers requests whose target contains a text, in place of the server.
    ///
    /// - Parameters:
    ///   - method: such as `GET`; nil for any.
    ///   - skipped: so many that are meant go through before.
    ///   - times: how many are answered so.
    public func answer(
        _ target: String, _ method: String? = nil, after skipped: Int = 0, times: Int = .max,
        with steps: [LoopbackServer.Step]
    ) {
        rules.list.withLock {
            $0.append(Rule(target: target, method: method, skipped: skipped, times: times, steps: steps))
        }
        rules.met.store(0, ordering: .relaxed)
    }

    /// Lets all requests through again.
    public func mend() { rules.list.withLock { $0 = [] } }

    /// How many were answered in place of the server since the last rule was made.
    public var met: Int { rules.met.load(ordering: .relaxed) }

    /// What came so far.
    public var requests: [LoopbackServer.Request] { server.requests }

    /// Ends it.
    public func stop() { server.stop() }
}
