import Blobs
import Digest
import Files
import Git
import HTTP
import Processes
import TestSupport
import TestTraits
import Testing

@testable import Network

/// In how many ways hosts say over ssh that they have no git-lfs, and what follows.
@Suite(.waiting) struct SSHForgeTests {
    /// A remote at the host, and who would move its files; what throws is the first question about them.
    private func ask(
        _ programs: [String: String], _ settings: [String: String] = [:], _ then: (any FileClient) throws -> Void
    ) throws {
        try SSHHost.with { (host) throws in
            for (name, script) in programs { try host.install(name, script) }
            let command = SSHServer.command(key: host.key, known: host.known, options: [])
            let lines = [("core.sshcommand", command)] + settings.map { ($0.key, $0.value) }
            let remote = try NetworkRemote(
                at: "ssh://127.0.0.1:\(host.server.port)/srv/r.git", called: "origin",
                settings: NetworkSettings(lines.map { .init(name: $0.0, value: $0.1) }), agent: "t", mayAsk: false,
                isStopped: { false })
            try then(try remote.files(for: .upload, by: LFSConfig()))
        }
    }

    static let absent = [
        "echo 'Disallowed command' >&2; exit 1", "echo; echo 'Gitea: Unknown git command' >&2; exit 1",
        "echo; sleep 0.1; echo 'Forgejo: Unknown git command' >&2; exit 1", "exit 2", "exit 0",
        "echo 'Could not find a Command Extension for Command: x' >&2; exit 2",
        "echo \"fatal: unrecognized command 'x'\" >&2; exit 128", "echo 'Welcome!'", "echo new words >&2; exit 1",
    ]

    @Test(arguments: absent) func withoutTransferTheHostIsAskedForAccess(script: String) throws {
        let access = #"echo '{"href":"http://127.0.0.1:9/x","header":{"Authorization":"RemoteAuth t"}}'"#
        try ask(["git-lfs-transfer": script, "git-lfs-authenticate": access]) { client throws in
            #expect(client is LFSClient)
            guard let client = client as? LFSClient else { return }
            #expect(try client.uploads.opened().url.description == "http://127.0.0.1:9/x")
        }
    }

    @Test func whatTransferComplainsAboutIsSaidWhereThereIsNothingElse() throws {
        try ask(["git-lfs-transfer": "echo 'no such repository' >&2; exit 1"]) { client throws in
            let error = networkError { _ = try client.lacking([Pointer.some], report: .none) }
            #expect(error?.message.hasSuffix("no such repository") == true, "\(String(describing: error))")
        }
    }

    @Test func whoIsNotLetInGetsNoOtherWay() throws {
        let error = networkError {
            try ask(["git-lfs-transfer": "echo 'Permission denied' >&2; exit 1"]) { _ in }
        }
        #expect(error?.code == .denied)
    }

    @Test(arguments: [
        "exit 0", "echo", #"echo '{"href":"https://h/x","header":{"Authorization":"RemoteAuth "}}'"#,
        #"echo '{"header":{"Authorization":""}}'"#,
    ]) func anEmptyAnswerIsNoAccess(script: String) throws {
        try ask(["git-lfs-authenticate": script]) { client throws in
            let error = networkError { _ = try client.lacking([Pointer.some], report: .none) }
            #expect(
                error?.code == .denied && error?.hint?.contains("token") == true, "\(String(describing: error))")
        }
    }

    @Test func aHostWithNeitherSaysWhatToDoAtOnce() throws {
        // Nothing listens on the port that is guessed.
        let watch = Stopwatch()
        try ask([:]) { client throws in
            let error = networkError { _ = try client.lacking([Pointer.some], report: .none) }
            #expect(error?.code == .refused)
            #expect(
                error?.description
                    == "127.0.0.1 has neither git-lfs-transfer nor git-lfs-authenticate; install Offbeat there "
                    + "(make install), or name a git-lfs server: git config lfs.url https://…")
        }
        #expect(watch.seconds < 20)
    }
}

/// What stands where a host with ssh alone is guessed to have git-lfs.
@Suite(.waiting) struct GuessTests {
    private func client(_ host: LFSHost) throws -> LFSClient {
        let endpoint = LFSEndpoint(
            url: try host.endpoint.url, ssh: SSHAddress(user: nil, host: "nas", port: nil, path: "/r.git"))
        return LFSClient(download: endpoint, upload: endpoint, web: WebClient(settings: NetworkSettings([])))
    }

    @Test(arguments: [404, 501, 405]) func aWebServerThatIsNoneIsNotTakenForOne(status: Int) throws {
        let host = try LFSHost { question, _ in question.kind == .batch ? .reply(status) : nil }
        let error = networkError { _ = try client(host).lacking([Pointer.some]) }
        #expect(error?.code == .refused && error?.message.hasPrefix("nas has neither") == true)
        #expect(host.count(.batch) == 1)
    }

    @Test func aPageIsNone() throws {
        let host = try LFSHost { question, _ in question.kind == .batch ? .page : nil }
        #expect(networkError { _ = try client(host).lacking([Pointer.some]) }?.message.hasPrefix("nas has") == true)
    }

    @Test func oneThatIsThereIsUsed() throws {
        let host = try LFSHost { question, _ in question.kind == .batch && question.count > 1 ? .reply(404) : nil }
        let file = host.put([1])
        let client = try client(host)
        #expect(try client.present([file]) == [file])
        let error = networkError {
            _ = try client.downloads.ask(.get, "x", nil, upTo: 9, isRepeatable: true) { false }
        }
        #expect(error == nil, "\(String(describing: error))")
    }

    @Test func whoWantsAPasswordIsThere() throws {
        let host = try LFSHost { question, _ in question.kind == .batch ? .reply(401) : nil }
        #expect(networkError { _ = try client(host).lacking([Pointer.some]) }?.code == .denied)
    }

    @Test(arguments: ["ssh.dev.azure.com", "vs-ssh.visualstudio.com"]) func azureIsAskedByHTTPS(host: String) throws
    {
        func endpoint(_ path: String) throws -> LFSEndpoint {
            try LFSEndpoint.guess(.ssh(SSHAddress(user: "git", host: host, port: nil, path: path)))
        }
        let found = try endpoint("v3/team/my songs/show")
        #expect(
            found.url.description == "https://dev.azure.com/team/my%20songs/_git/show/info/lfs" && found.ssh == nil)
        #expect(try endpoint("other").ssh != nil)
    }
}

extension Pointer {
    fileprivate static var some: Pointer { Pointer(oid: ContentHash(of: [4, 2]), size: 2) }
}
