import Digest
import TestSupport
import Testing

@testable import Network

/// What is asked where nothing travels.
@Suite struct LFSQuestionTests {
    /// Somebody waits for the answer, and no file is half on its way.
    @Test func whoGivesNoAnswerIsNotAskedForLong() throws {
        let host = try LFSHost { question, _ in question.kind == .batch ? .reply(503) : nil }
        let file = host.put([1])
        let error = networkError { _ = try host.client().present([file]) }
        #expect(error?.code == .offline)
        #expect(host.count(.batch) == 3)
    }

    @Test func whoAnswersAfterAWhileIsHeard() throws {
        let host = try LFSHost { question, _ in question.kind == .batch && question.count < 3 ? .reply(503) : nil }
        let file = host.put([1, 2, 3])
        #expect(try host.client().present([file]) == [file])
    }
}
