import Blobs
import Catalog
import Digest
import Git
import HTTP
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// Who is told what: what `git-lfs-authenticate` gives, where secrets go, and locks.
@Suite(.waiting) struct LFSAccessTests {
    private static let ssh = SSHAddress(user: "git", host: "nas", port: nil, path: "/r.git")

    private func client(
        _ host: LFSHost, _ answer: @escaping @Sendable (Int) throws(NetworkError) -> String?
    ) throws -> LFSClient {
        let count = Mutex(0)
        let endpoint = LFSEndpoint(url: try HTTPURL("https://nas.invalid/r.git/info/lfs"), ssh: Self.ssh)
        return LFSClient(
            download: endpoint, upload: endpoint, web: WebClient(settings: NetworkSettings([])),
            authenticate: { (address, _) throws(NetworkError) in
                #expect(address == Self.ssh)
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return try answer(number).map { [UInt8]($0.utf8) }
            }, patience: LFSPatience())
    }

    private func answer(_ host: LFSHost, _ token: String, _ rest: String = "") -> String {
        #"{"href":"\#(host.url)/r.git/info/lfs","header":{"Authorization":"RemoteAuth \#(token)"}\#(rest)}"#
    }

    @Test func whatSSHGaveOpensTheServerAndNoOther() throws {
        let other = try LFSHost()
        let host = try LFSHost(change: { object, host in
            guard object["size"] == 2 else { return }
            object["actions"] = [
                "download": ["href": .string("\(other.url)/files/\(object["oid"]?.asString ?? "")")]
            ]
        })
        let (here, there) = (host.put([1]), host.put([1, 2]))
        other.put([1, 2])
        let asked = Mutex<[Int]>([])
        let client = try client(host) { number in
            asked.withLock { $0.append(number) }
            return answer(host, "t")
        }
        #expect(try client.verify([here, there]).files == 2)
        #expect(host.questions(.batch).allSatisfy { $0.request.header("Authorization") == "RemoteAuth t" })
        #expect(host.questions(.get).map { $0.request.header("Authorization") } == ["RemoteAuth t"])
        #expect(other.questions(.get).map { $0.request.header("Authorization") } == [nil])
        #expect(asked.withLock { $0 } == [1])
    }

    @Test func anAuthenticatedAnswerGetsNothingOfOurs() throws {
        let host = try LFSHost(change: { object, _ in object["authenticated"] = true })
        let file = host.put([1])
        #expect(try client(host) { _ in answer(host, "t") }.verify([file]).files == 1)
        #expect(host.questions(.get).map { $0.request.header("Authorization") } == [nil])
    }

    @Test func whatEndsIsAskedForAgainBefore() throws {
        let host = try LFSHost { question, _ in question.kind == .batch ? [.pause(0.8)] + .reply(503) : nil }
        let file = host.put([1])
        let client = try client(host) { number throws(NetworkError) in
            if number == 3 { throw NetworkError(.denied, "enough") }
            return answer(host, "t\(number)", #","expires_in":1"#)
        }
        let failure = networkError { try client.verify([file]) }
        #expect(failure?.message == "enough")
        let tokens = host.questions(.batch).map { $0.request.header("Authorization") }
        #expect(tokens == ["RemoteAuth t1", "RemoteAuth t2"])
    }

    @Test func whatEndedEarlyIsAskedForOnceMore() throws {
        let host = try LFSHost { question, _ in
            question.kind == .batch && question.request.header("Authorization") == "RemoteAuth t1"
                ? .reply(401) : nil
        }
        let file = host.put([1])
        #expect(try client(host) { number in answer(host, "t\(number)") }.verify([file]).files == 1)
        let bad = try LFSHost { question, _ in question.kind == .batch ? .reply(403) : nil }
        let client = try client(bad) { number in answer(bad, "t\(number)") }
        let failure = networkError { try client.verify([file]) }
        #expect(failure?.code == .denied)
        #expect(bad.count(.batch) == 2)
    }

    @Test func withoutSuchAProgramTheServerIsGuessed() throws {
        let endpoint = LFSEndpoint(
            url: try HTTPURL("https://nas.invalid/r.git/info/lfs"), user: "me", ssh: Self.ssh)
        let server = LFSServer(
            .upload, at: endpoint, web: WebClient(settings: NetworkSettings([])),
            authenticate: { (_, operation) throws(NetworkError) in
                #expect(operation == .upload)
                return nil
            })
        let grant = try server.opened()
        #expect(grant.url == endpoint.url && grant.headers.lines.isEmpty && grant.access == .person(user: "me"))
        #expect(!server.forget(grant))
    }

    @Test(arguments: [
        "Welcome to nas!", "[]", #"{"header":[]}"#, #"{"header":{"A":5}}"#, #"{"href":"file:///x"}"#,
        #"{"href":"ssh://nas/x"}"#,
    ]) func whatIsNoAnswerIsRefused(_ text: String) throws {
        let endpoint = LFSEndpoint(url: try HTTPURL("https://nas/r"), ssh: Self.ssh)
        let error = networkError { try LFSGrant([UInt8](text.utf8), for: endpoint) }
        #expect(error?.code == .refused && error?.message.contains("git-lfs-authenticate at nas") == true)
    }

    @Test func anAnswerWithoutAnAddressIsForTheGuess() throws {
        let endpoint = LFSEndpoint(url: try HTTPURL("https://nas/r"), ssh: Self.ssh)
        let grant = try LFSGrant(
            [UInt8](#"{"href":"","header":null,"expires_at":"0001-01-01T00:00:00Z"}"#.utf8), for: endpoint)
        #expect(grant.url == endpoint.url && grant.expiry == nil && !grant.isComplete)
    }

    // MARK: Locks

    @Test func whoTouchesWhatOthersLockedIsRefused() throws {
        let host = try LFSHost { question, _ in
            guard question.kind == .locks else { return nil }
            let values = (try? JSON.parse(question.request.body)) ?? .null
            #expect(values["ref"] == ["name": "refs/heads/main"])
            guard values["cursor"] == "2" else {
                return .json(
                    #"{"ours":[{"id":"1","path":"mine.wav"}],"theirs":[{"id":"7","path":"a.wav","owner":{"name":"Ada"}}],"next_cursor":"2"}"#
                )
            }
            return .json(#"{"ours":null,"theirs":[{"id":"8","path":"b.wav"},{"id":"9","path":"c\n.wav"}]}"#)
        }
        let client = try host.client()
        try client.requireUnlocked(ref: "refs/heads/main") { $0 == "mine.wav" || $0 == "other.wav" }
        let one = networkError { try client.requireUnlocked(ref: "refs/heads/main") { $0 == "a.wav" } }
        #expect(one?.code == .denied && one?.message == "a.wav is locked by Ada")
        let many = networkError { try client.requireUnlocked(ref: "refs/heads/main") { !$0.hasPrefix("a") } }
        #expect(many?.message == "b.wav is locked by somebody, and 1 more are locked by others")
        #expect(host.count(.locks) == 6)
    }

    @Test(arguments: [403, 404, 501]) func aServerWithoutLocksIsNoHindrance(status: Int) throws {
        let host = try LFSHost { question, _ in question.kind == .locks ? .reply(status) : nil }
        let client = try host.client()
        #expect(try client.locks(ref: nil) == .unsupported)
        try client.requireUnlocked(ref: nil) { _ in true }
        let failure = networkError { try client.requireUnlocked(ref: nil, isRequired: true) { _ in true } }
        #expect(failure != nil)
    }

    @Test(arguments: [LoopbackServer.Step].lockAnswers.indices) func locksThatCannotBeToldAreAnError(_ number: Int)
        throws
    {
        let steps = [LoopbackServer.Step].lockAnswers[number]
        let host = try LFSHost { question, _ in question.kind == .locks ? steps : nil }
        let client = try host.client()
        let failure = networkError { try client.locks(ref: nil) }
        #expect(failure != nil)
    }

    @Test func locksAreEmptyWithoutLists() throws {
        let host = try LFSHost { question, _ in question.kind == .locks ? .json("{}") : nil }
        #expect(try host.client().locks(ref: nil) == .known(ours: [], theirs: []))
    }

    @Test func whetherLocksAreLookedAtIsSet() throws {
        let endpoint = LFSEndpoint(url: try HTTPURL("https://h/r.git/info/lfs"))
        func verifies(_ lines: [String: String]) -> Bool? {
            endpoint.verifiesLocks(NetworkSettings(lines.map { .init(name: $0.key, value: $0.value) }))
        }
        #expect(verifies([:]) == nil && verifies(["lfs.https://h/r.git/info/lfs.locksverify": "true"]) == true)
        #expect(verifies(["lfs.locksverify": "false"]) == false)
        #expect(verifies(["lfs.locksverify": "1", "lfs.https://h/r.git/info/lfs.locksverify": "no"]) == false)
    }
}

extension [LoopbackServer.Step] {
    fileprivate static let lockAnswers: [Self] = [
        .page, .garbage, .json("[]"), .json(#"{"theirs":5}"#), .reply(500), .json("nothing"),
    ]
}
