import Blobs
import Catalog
import Digest
import HTTP
import TestSupport
import TestTraits
import Testing

@testable import Network

/// What the git-lfs servers of forges do that the protocol does not say.
@Suite(.waiting) struct LFSForgeTests {
    private func upload(_ host: LFSHost, files count: Int = 1) throws -> NetworkError? {
        try withBlobs { store in
            let files = try (0..<count).map { try store.add([UInt8($0), 7]) }
            var moved: LFSClient.Result?
            let error = networkError { moved = try host.client().upload(files, from: store) }
            #expect(error != nil || moved?.files == count && files.allSatisfy { host.bytes($0) != nil })
            return error
        }
    }

    // MARK: Chunks

    @Test(arguments: ["Transfer-Encoding", "transfer-encoding"]) func whoWantsChunksGetsNoLength(name: String)
        throws
    {
        let host = try LFSHost(change: { object, _ in
            guard var action = object["actions"]?["upload"]?.asObject else { return }
            action["header"] = [name: "chunked", "X-A": "b"]
            object["actions"] = ["upload": .object(action)]
        })
        #expect(try upload(host) == nil)
        let put = try #require(host.questions(.put).first?.request)
        #expect(put.header("Content-Length") == nil && put.header("X-A") == "b" && put.bodyLength == 2)
        #expect(put.headers.count { $0.name.lowercased() == "transfer-encoding" } == 1)
    }

    @Test func whatIsTooLargeGoesOnceMoreInChunks() throws {
        let host = try LFSHost { question, _ in
            question.kind == .put && question.request.header("Content-Length") != nil ? .reply(413) : nil
        }
        #expect(try upload(host, files: 3) == nil)
        #expect(host.count(.put) == 6 && host.count(.batch) == 1)
    }

    @Test(arguments: [413, 411, 501]) func whatIsTooLargeInChunksTooIsRefused(second: Int) throws {
        let host = try LFSHost { question, _ in
            question.kind == .put ? .reply(question.count == 1 ? 413 : second) : nil
        }
        let error = try upload(host)
        #expect(error?.code == .refused && error?.message.hasSuffix("it answers 413") == true)
        #expect(host.count(.put) == 2)
    }

    @Test func aProxyInFrontIsNamed() throws {
        let host = try LFSHost { question, _ in
            question.kind == .put
                ? .reply(413, [("Content-Type", "text/html")], "<h1>413 Request Entity Too Large</h1>") : nil
        }
        let error = try #require(try upload(host))
        #expect(
            error.message.contains("a proxy in front of it") && error.hint?.contains("client_max_body_size") == true
        )
        #expect(!error.description.contains("<"))
    }

    // MARK: Limits that are used up

    struct Limit: Sendable {
        let status: Int
        let text: String
        var shown = "it is full"
    }

    static let limits = [
        Limit(
            status: 406, text: #"{"message":"The project exceeded its size limit"}"#,
            shown: "exceeded its size limit"),
        Limit(status: 413, text: #"{"message":"quota exceeded"}{"objects":[]}"#, shown: "quota exceeded"),
        Limit(status: 413, text: #"{"message":"a \"{\" quota"}"#, shown: "quota"),
        Limit(status: 403, text: #"{"message":"This repository exceeded its LFS budget."}"#, shown: "LFS budget"),
        Limit(status: 403, text: #"{"message":"over its data quota"}"#, shown: "data quota"),
        Limit(status: 507, text: #"{"message":"it is full"}"#),
        Limit(status: 509, text: #"{"message":"it is full"}"#),
    ]

    @Test(arguments: limits.indices, [LFSHost.Kind.batch, .put]) func aFullServerIsAskedOnce(
        _ number: Int, _ kind: LFSHost.Kind
    ) throws {
        let limit = Self.limits[number]
        let host = try LFSHost { question, _ in
            question.kind == kind ? .json(limit.text, status: limit.status) : nil
        }
        let error = try #require(try upload(host, files: 40))
        #expect(error.code == .noSpace && error.message.contains(limit.shown) && error.hint != nil, "\(error)")
        #expect(!error.message.contains("files did not get there"))
        #expect(host.count(.batch) == 1 && host.count(.put) <= 8)
    }

    @Test func aFileThatIsTooLargeForTheHostLeavesTheOthers() throws {
        let bad = ContentHash(of: [3, 7]).hex
        let host = try LFSHost(change: { object, _ in
            guard object["oid"]?.asString == bad else { return }
            object["actions"] = nil
            object["error"] = ["code": 422, "message": "Size must be less than or equal to 2147483648"]
        })
        let error = try upload(host, files: 10)
        #expect(error?.code == .refused && error?.message.contains(bad) == true)
        #expect(error?.message.contains("Size must be less than") == true && host.count(.put) == 9)
    }

    @Test func aFullServerMaySayItOfEachFile() throws {
        let host = try LFSHost(change: { object, _ in
            object["actions"] = nil
            object["error"] = ["code": 403, "message": "over its data quota"]
        })
        #expect(try upload(host, files: 5)?.code == .noSpace)
    }

    // MARK: Asked too often

    @Test(arguments: [LFSHost.Kind.batch, .put], [429, 503, 403]) func whoWantsAnHourIsLeftAlone(
        kind: LFSHost.Kind, status: Int
    ) throws {
        let host = try LFSHost { question, _ in
            question.kind == kind ? .reply(status, [("Retry-After", "3600")]) : nil
        }
        let error = try upload(host, files: 40)
        #expect(
            error?.code == .offline && error?.hint?.contains("60 minutes") == true, "\(String(describing: error))")
        #expect(host.count(.batch) == 1 && host.count(.put) <= 8)
    }

    @Test func aLimitThatBeginsAnewSaysWhen() throws {
        let host = try LFSHost { question, _ in
            question.kind == .batch
                ? .reply(
                    403,
                    [
                        ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "784113577"),
                        ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                    ]) : nil
        }
        let error = try upload(host)
        #expect(
            error?.code == .offline && error?.hint?.contains("30 minutes") == true, "\(String(describing: error))")
        #expect(host.count(.batch) == 1)
    }

    @Test func waitsAreSaidForPeople() {
        let words = [0, 5, 119, 120, 3_600, 7_200].map { Duration.seconds($0).inWords }
        #expect(words == ["a second", "5 seconds", "119 seconds", "2 minutes", "60 minutes", "2 hours"])
    }

    // MARK: Who is not believed

    @Test func whoIsWrongTwiceIsNotWrongForEachFile() throws {
        let host = try LFSHost { question, _ in question.kind == .put ? .reply(401) : nil }
        #expect(try upload(host, files: 60)?.code == .denied)
        #expect(host.count(.put) <= 16, "\(host.count(.put))")
        #expect(host.count(.batch) <= 9)
    }

    @Test func whatEndedForOneFileEndedForTheRest() throws {
        let host = try LFSHost { question, _ in
            question.kind == .put && question.request.header("Authorization") != "Basic new" ? .reply(401) : nil
        } change: { object, host in
            guard var action = object["actions"]?["upload"]?.asObject else { return }
            action["header"] = ["Authorization": .string(host.count(.batch) == 1 ? "Basic old" : "Basic new")]
            object["actions"] = ["upload": .object(action)]
        }
        #expect(try upload(host, files: 60) == nil)
        let wrong = host.questions(.put).count { $0.request.header("Authorization") != "Basic new" }
        #expect(wrong <= 8, "\(wrong)")
    }

    // MARK: Answers

    @Test func textOfARefusalIsShown() throws {
        let host = try LFSHost { question, _ in
            question.kind == .batch
                ? .reply(403, [("Content-Type", "text/plain; charset=utf-8")], "\nThis repo is archived.\nmore")
                : nil
        }
        let error = try upload(host)
        #expect(error?.code == .denied && error?.message.hasSuffix("This repo is archived. (403)") == true)
    }

    @Test func anActionWithoutTLSIsRefusedWhereTheServerHasIt() throws {
        let action: JSON = ["href": "http://h/x"]
        #expect(throws: Never.self) { try LFSAction(action, at: try HTTPURL("http://h/y"), date: nil) }
        let problem = #expect(throws: LFSProblem.self) {
            try LFSAction(action, at: try HTTPURL("https://h/y"), date: nil)
        }
        guard case .failed(let error)? = problem?.kind else { return #expect(Bool(false)) }
        #expect(error.code == .refused && error.hint?.contains("ROOT_URL") == true)
    }

    @Test func aRestWithAWrongWholeIsTheRest() throws {
        var random = SeededRandom()
        let bytes = random.bytes(1 << 20)
        let host = try LFSHost { question, host in
            guard question.kind == .get else { return nil }
            guard question.request.header("Range") != nil else {
                return .cutOff(after: "", promising: bytes.count).dropLast()
                    + [.send(Array(bytes[..<700_000])), .close]
            }
            var steps = host.get(question.request, question.oid)
            if case .send(let answer)? = steps.first {
                let text = String(decoding: answer.prefix(120), as: UTF8.self)
                let end = text.firstRange(of: "/1048576")?.lowerBound ?? text.startIndex
                let start = text[..<end].utf8.count
                steps = [.send(Array(answer[..<start]) + Array("/0348576".utf8) + answer[(start + 8)...])]
            }
            return steps
        }
        let file = host.put(bytes)
        #expect(try host.client().verify([file]).files == 1, "\(random)")
        #expect(host.count(.get) == 2)
    }

    @Test func onlyTheProtocolsOwnTypeIsAccepted() throws {
        let host = try LFSHost(verifies: true)
        #expect(try upload(host) == nil)
        for kind in [LFSHost.Kind.batch, .verify] {
            let request = try #require(host.questions(kind).first?.request)
            #expect(
                request.headers.filter { $0.name.lowercased() == "accept" }.map(\.value) == [LFSServer.mediaType])
        }
    }
}
