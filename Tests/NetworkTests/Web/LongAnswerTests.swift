import HTTP
import TestSupport
import Testing

@testable import Network

/// Answers that are collected, and are longer than anybody wants.
@Suite struct LongAnswerTests {
    private func size(of server: LoopbackServer, upTo limit: Int) throws -> Int {
        try WebClient(settings: NetworkSettings([])).collect(
            HTTPRequest(.get, server.at()), as: .anonymous, secrets: HTTPHeaders(), upTo: limit,
            isStopped: { false }
        ).body.count
    }

    @Test func anAnswerMayBeAsLongAsIsTakenAndNoLonger() throws {
        let exact = try LoopbackServer { _ in .reply(200, [], body: [1, 2, 3]) }
        #expect(try size(of: exact, upTo: 3) == 3)
        let error = refusal { try size(of: exact, upTo: 2) }
        #expect(error?.code == .refused && error?.message.contains("more than the 2 bytes") == true)
    }

    @Test func oneThatNeverEndsIsLeft() throws {
        let server = try LoopbackServer { _ in
            [.send([LoopbackServer.Step].head(200, [("Connection", "close")]))]
                + [.sendRepeatedly([UInt8](repeating: 1, count: 1_000), times: .max)]
        }
        #expect(refusal { try size(of: server, upTo: 1 << 16) }?.code == .refused)
    }
}
