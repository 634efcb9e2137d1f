import Blobs
import Files
import HTTP
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// That a wrong password does not reach a server more often than it must: hosts shut out who is wrong too often.
@Suite(.waiting) struct CredentialTrialTests {
    /// Answers at first what a helper knows, and something else after that was erased.
    private static let changing =
        "if [ \"$1\" = erase ]; then touch \"$HOME/erased\"; fi; "
        + "[ \"$1\" = get ] && if [ -e \"$HOME/erased\" ]; then printf 'username=u\\npassword=new\\n'; "
        + "else printf 'username=u\\npassword=old\\n'; fi"
    private static let (old, new) = ("Basic dTpvbGQ=", "Basic dTpuZXc=")

    /// Requests eight at once, with a password that has just ceased to hold.
    private func run(taking words: Set<String>) throws -> (codes: [NetworkError.Code?], told: [String]) {
        let isOver = Mutex(false)
        let told = Mutex<[String]>([])
        let server = try LoopbackServer { request in
            guard let word = request.header("Authorization") else {
                return .reply(401, [("WWW-Authenticate", "Basic realm=\"x\"")])
            }
            guard isOver.withLock({ $0 }) else { return .reply() }
            told.withLock { $0.append(word) }
            return words.contains(word)
                ? .reply() : [.pause(0.2)] + .reply(401, [("WWW-Authenticate", "Basic realm=\"x\"")])
        }
        let url = try HTTPURL(server.url)
        let codes = try Helper.with(Self.changing) { helper throws in
            let client = WebClient(settings: helper.settings, remote: nil, program: helper.program)
            _ = try client.send(HTTPRequest(.get, url), as: .person(user: nil), upTo: 10)
            isOver.withLock { $0 = true }
            let codes = Mutex<[NetworkError.Code?]>([])
            Parallel.forEach(count: 8, workers: 8) { _ in
                let error = networkError {
                    try client.send(HTTPRequest(.get, url), as: .person(user: nil), upTo: 10)
                }
                codes.withLock { $0.append(error?.code) }
            }
            return codes.withLock { $0 }
        }
        return (codes, told.withLock { $0 })
    }

    @Test func aNewPasswordIsTriedByOne() throws {
        let (codes, told) = try run(taking: [])
        #expect(codes == Array(repeating: .denied, count: 8))
        #expect(told.count { $0 == Self.old } <= 8 && told.count { $0 == Self.new } == 1, "\(told)")
    }

    @Test func oneThatHoldsIsUsedByAll() throws {
        let (codes, told) = try run(taking: [Self.new])
        #expect(codes == Array(repeating: nil, count: 8))
        #expect(told.count { $0 == Self.new } == 8, "\(told)")
    }

    @Test(arguments: [[], [new]]) func aPasswordOfAKindThatNoLongerWorksIsRefused(words: [String]) throws {
        // Bitbucket says 410 of it, which others say of what is gone.
        let proxy = try LoopbackServer { request in
            guard let word = request.header("Authorization") else {
                return .reply(401, [("WWW-Authenticate", "Basic realm=\"x\"")])
            }
            return words.contains(word) ? .reply() : .reply(410, [], "App passwords are deprecated")
        }
        try Helper.with(Self.changing, "[http]\n\tproxy = http://127.0.0.1:\(proxy.port)") { helper throws in
            let client = WebClient(settings: helper.settings, remote: nil, program: helper.program)
            func ask(_ url: String) throws -> Int {
                try client.send(HTTPRequest(.get, HTTPURL(url)), as: .person(user: nil), upTo: 100).head.status
            }
            if words.isEmpty {
                let error = networkError { try ask("http://bitbucket.org/x") }
                #expect(error?.code == .denied && error?.hint?.contains("app passwords") == true, "\(error as Any)")
                #expect(try ask("http://bitbucket.example/x") == 410)
            } else {
                #expect(try ask("http://api.bitbucket.org/x") == 200)
            }
            #expect(helper.asked.prefix(3) == ["[get]", "[erase]", "[get]"], "\(helper.asked)")
        }
    }

    @Test(arguments: [401, 403, 404, 501]) func whoMayNotLookAtLocksKeepsTheirPassword(status: Int) throws {
        let host = try LFSHost { question, _ in
            switch question.kind {
            case .locks: .json(#"{"message":"You must have push access to verify locks"}"#, status: status)
            case .batch where question.request.header("Authorization") == nil: .reply(401)
            default: nil
            }
        }
        try Helper.with(Self.changing) { helper throws in
            let web = WebClient(settings: helper.settings, remote: nil, program: helper.program)
            let client = try host.client(web: web)
            #expect(try client.locks(ref: nil) == .unsupported)
            try withBlobs { store throws in #expect(try client.upload([try store.add([1])], from: store).files == 1)
            }
            #expect(try client.locks(ref: nil) == .unsupported)
            #expect(helper.asked == ["[get]", "[store]"])
        }
        #expect(host.questions(.batch).last?.request.header("Authorization") == Self.old)
    }
}
