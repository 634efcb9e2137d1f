import Blobs
import Catalog
import Digest
import Files
import TestSupport
import TestTraits
import Testing

@testable import HTTP
@testable import Network

/// What servers answer when they are asked about files.
@Suite(.waiting) struct LFSBatchTests {
    private static let file = Pointer(oid: ContentHash(of: [1]), size: 1)

    private func read(_ text: String, _ headers: HTTPHeaders = [:]) throws -> [LFSObject] {
        let batch = LFSBatch(operation: .download, reference: nil, files: [Self.file])
        let head = HTTPResponse(status: 200, headers: headers, url: try HTTPURL("https://h.example/x"))
        return try batch.read([UInt8](text.utf8), head)
    }

    private func object(_ rest: String, _ headers: HTTPHeaders = [:]) throws -> LFSObject {
        try #require(read(#"{"objects":[{"oid":"\#(Self.file.oid)",\#(rest)}]}"#, headers).first)
    }

    @Test(arguments: [
        ("garbage", "is no JSON"), ("[]", "says nothing of the files"), ("{}", "says nothing of the files"),
        (#"{"objects":{}}"#, "says nothing of the files"), (#"{"objects":null}"#, "says nothing of the files"),
        (#"{"transfer":"tus","objects":[]}"#, "“tus”"), (#"{"hash_algo":"sha512","objects":[]}"#, "“sha512”"),
        (#"{"objects":[{}]}"#, "was not asked about"), (#"{"objects":[{"oid":"abc"}]}"#, "was not asked about"),
        (#"{"objects":[{"oid":"\#(ContentHash(of: [2]))","size":1}]}"#, "was not asked about"),
    ]) func anAnswerThatIsNoneIsRefused(_ text: String, _ words: String) throws {
        let error = networkError { try read(text) }
        #expect(error?.code == .refused && error?.message.contains(words) == true, "\(error?.message ?? "")")
        #expect(error?.message.hasPrefix("h.example does not answer as a git-lfs server") == true)
    }

    @Test func aWebPageIsSaidToBeOne() throws {
        let error = networkError { try read("<html>", ["Content-Type": "text/html; charset=utf-8"]) }
        #expect(error?.message.contains("web page") == true)
    }

    @Test func nothingSaidOfAFileIsAProblemOfThatFile() throws {
        let object = try #require(try read(#"{"objects":[]}"#).first)
        guard case .failed(let error)? = object.problem?.kind else { throw Unexpected() }
        #expect(error.code == .refused && error.message.contains("says nothing"))
    }

    private struct Unexpected: Error {}

    @Test(arguments: [
        #""actions":{"download":{}}"#, #""actions":{"download":{"href":5}}"#,
        #""actions":{"download":{"href":"file:///etc/passwd"}}"#, #""actions":{"download":{"href":"ssh://h/x"}}"#,
        #""actions":{"download":{"href":"https://h/x","header":[]}}"#,
        #""actions":{"download":{"href":"https://h/x","header":{"a":1}}}"#, #""actions":{"download":true}"#,
    ]) func anActionThatIsNoneIsAProblemOfItsFile(_ text: String) throws {
        let object = try object(text)
        guard case .failed(let error)? = object.problem?.kind else { throw Unexpected() }
        #expect(error.code == .refused && object.actions.isEmpty)
    }

    @Test(arguments: [
        (409, NetworkError.Code.refused), (422, .refused), (429, .offline), (507, .noSpace), (403, .denied),
        (0, .refused),
    ]) func errorsOfFilesAreSaid(_ code: Int, _ expected: NetworkError.Code) throws {
        let object = try object(#""error":{"code":\#(code),"message":"it is so"}"#)
        guard case .failed(let error)? = object.problem?.kind else { throw Unexpected() }
        #expect(error.code == expected && error.message.hasSuffix("it is so (\(code))"))
        #expect(error.message.contains(Self.file.oid.hex))
    }

    @Test func nothingIsAsGoodAsNull() throws {
        let object = try object(
            #""size":1,"authenticated":true,"error":null,"actions":{"verify":null,"download":{"href":"https://h/x","header":null}}"#
        )
        #expect(object.problem == nil && object.isAuthenticated)
        #expect(object.actions["download"]?.url.description == "https://h/x" && object.actions.count == 1)
        #expect(try self.object(#""actions":null"#).actions.isEmpty)
    }

    @Test func whatBelongsToTheBodyIsLeftToIt() throws {
        let text =
            #""actions":{"upload":{"href":"https://h/x","header":{"Content-Length":"5","transfer-encoding":"chunked","A":"b"}}}"#
        #expect(try object(text).actions["upload"]?.headers.lines.map(\.name) == ["A"])
    }

    // MARK: Times

    @Test func anEndIsALittleEarlier() throws {
        let now = LFSMoment.now
        func life(_ values: JSON, date: Int64? = nil) -> Duration? {
            LFSExpiry(values, date: date, now: now).map { $0.end - now }
        }
        #expect(life(["expires_in": 3600]) == .seconds(3595))
        #expect(life(["expires_in": 4]) == .seconds(3))
        #expect(life(["expires_in": 3600, "expires_at": "2001-01-01T00:00:00Z"]) == .seconds(3595))
        #expect(life(["expires_in": 0]) == nil && life([:]) == nil && life(["expires_at": "soon"]) == nil)
        #expect(life(["expires_in": -5]) == nil && life(["expires_at": "0001-01-01T00:00:00Z"]) == nil)
        #expect(life(["expires_in": 9_000_000_000_000]) == .seconds(Int64(Int32.max) - 5))
        // Only the server's own clock counts.
        let date = Int64(784_111_777)
        #expect(life(["expires_at": "1994-11-06T08:50:37Z"], date: date) == .seconds(55))
        #expect(life(["expires_at": "1994-11-06T09:50:37+01:00"], date: date) == .seconds(55))
        #expect(life(["expires_at": "1994-11-06T08:49:00Z"], date: date) == nil)
        let later = try #require(life(["expires_at": "9999-01-01T00:00:00Z"]))
        #expect(later == .seconds(Int64(Int32.max) - 5))
    }

    // MARK: Whole answers

    struct Refusal: Sendable {
        let steps: [LoopbackServer.Step]
        let code: NetworkError.Code
        let words: String
    }

    static let refusals = [
        Refusal(
            steps: .json(#"{"message":"who are you?"}"#, status: 401), code: .denied,
            words: "wants to know who asks"),
        Refusal(steps: .json(#"{"message":"not you"}"#, status: 403), code: .denied, words: "not you (403)"),
        Refusal(steps: .reply(404), code: .missing, words: "answers 404"),
        Refusal(steps: .reply(406), code: .refused, words: "answers 406"),
        Refusal(steps: .json(#"{"message":"no"}"#, status: 422), code: .refused, words: "no (422)"),
        Refusal(steps: .reply(501), code: .refused, words: "answers 501"),
        Refusal(steps: .json(#"{"message":"full"}"#, status: 507), code: .noSpace, words: "full (507)"),
        Refusal(steps: .json(#"{"message":"enough"}"#, status: 509), code: .noSpace, words: "enough (509)"),
        Refusal(steps: .page, code: .refused, words: "web page"),
        Refusal(steps: .garbage, code: .refused, words: "does not speak HTTP"),
        Refusal(steps: .reply(204), code: .refused, words: "answers 204"),
        Refusal(steps: .redirect(to: "http://127.0.0.2:9/x"), code: .refused, words: "without TLS"),
        Refusal(steps: .redirect(to: "ftp://x"), code: .refused, words: "no web address"),
        Refusal(steps: .redirect(to: "/r.git/info/lfs/objects/batch"), code: .refused, words: "without end"),
        Refusal(steps: .reply(200, [], String(repeating: " ", count: 9 << 20)), code: .refused, words: "more than"),
    ]

    @Test(arguments: refusals.indices) func whatAServerAnswersIsSaid(_ number: Int) throws {
        let refusal = Self.refusals[number]
        let host = try LFSHost { question, _ in question.kind == .batch ? refusal.steps : nil }
        let client = try host.client()
        let error = networkError { try client.verify([Self.file]) }
        #expect(
            error?.code == refusal.code && error?.message.contains(refusal.words) == true,
            "\(String(describing: error))")
        #expect(host.count(.batch) <= 4)
    }

    @Test func aServerThatHasNoneOfTheFilesMayAnswerAsIfThereWereNone() throws {
        let host = try LFSHost { question, _ in
            guard question.kind == .batch, let values = try? JSON.parse(question.request.body) else { return nil }
            return values["operation"] == "download" ? .json(#"{"message":"none of them"}"#, status: 404) : nil
        }
        let client = try host.client()
        #expect(try client.lacking([Self.file]) == [Self.file])
        #expect(try client.verify([Self.file]).missing == [Self.file])
        let none = try LFSHost { question, _ in question.kind == .batch ? .reply(404) : nil }
        let other = try none.client()
        let error = networkError { try other.lacking([Self.file]) }
        #expect(error?.code == .missing && none.count(.batch) == 2)
    }

    @Test func aRedirectOnTheSameServerIsFollowedWithItsBody() throws {
        let host = try LFSHost { question, host in
            switch (question.kind, question.request.target) {
            case (.batch, _): .redirect(to: "/new/objects/batch", status: 307)
            case (_, "/new/objects/batch"): host.batch(question.request)
            case (.get, _) where question.count == 1: .redirect(to: host.url + question.request.target, status: 301)
            default: nil
            }
        }
        let file = host.put([5])
        #expect(try host.client().verify([file]).files == 1)
    }

    @Test func whereAnAnswerMayLead() throws {
        func leads(_ text: String, _ from: String) throws -> Bool {
            let next = try HTTPURL(text)
            return (try? WebClient.requireTrust(in: next, from: HTTPURL(from))) == next
        }
        #expect(try leads("https://h/b", "https://h/a") && leads("https://x/y", "https://h/a"))
        #expect(try !leads("http://h/b", "https://h/a") && !leads("http://h:443/b", "https://h/a"))
        #expect(try leads("http://h/b", "http://h/a") && leads("https://x/b", "http://h/a"))
        #expect(try !leads("http://x/b", "http://h/a") && !leads("http://h:81/b", "http://h/a"))
        var request = HTTPRequest(
            .get, try HTTPURL("https://h/a"), headers: ["Range": "bytes=1-2", "X-Key": "secret"])
        request.headers["Authorization"] = "Basic secret"
        let secrets: HTTPHeaders = ["x-key": "secret"]
        let me = WebClient.Access.person(user: "me")
        let foreign = WebClient.led(request, as: me, to: try HTTPURL("https://x/a"), secrets: secrets)
        #expect(foreign.request.headers.lines.map(\.name) == ["Range"] && foreign.access == .anonymous)
        let own = WebClient.led(request, as: me, to: try HTTPURL("https://h/b"), secrets: secrets)
        #expect(own.request.headers == request.headers && own.access == me && own.request.url.target == "/b")
        func isSame(_ one: String, _ other: String) throws -> Bool {
            try HTTPURL(one).isSameServer(as: HTTPURL(other))
        }
        #expect(try isSame("http://h/a", "https://h/b") && !isSame("https://h/a", "http://h/b"))
        #expect(try !isSame("http://h/a", "https://h:8443/") && !isSame("https://h/a", "https://x/a"))
    }
}
