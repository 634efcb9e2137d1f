import Blobs
import Digest
import Git
import HTTP
import TestSupport
import Testing

@testable import Network

/// A repository that is not where it was any more: its server says where it is, and git and git-lfs both go there.
@Suite struct MovedRepositoryTests {
    /// What has the repository now, with a git-lfs server beside it, and what leads there.
    private func withServers(
        _ body: (_ old: LoopbackServer, _ new: LoopbackServer, _ helper: Helper) throws -> Void
    ) throws {
        try GitHost.with { host throws in
            let new = try LoopbackServer { request in
                request.target.hasPrefix("/team/x.git/info/lfs/") ? .json(#"{"objects":[]}"#) : host.answer(request)
            }
            let old = try LoopbackServer { request in
                guard request.header("Authorization") != nil else {
                    return .reply(401, [("WWW-Authenticate", "Basic")])
                }
                guard let end = request.target.firstRange(of: "/info/refs" as String) else { return .reply(404) }
                return .redirect(to: "\(new.url)/team/x.git\(request.target[end.lowerBound...])", status: 301)
            }
            try Helper.with("printf 'username=u\\npassword=p\\n'") { helper throws in try body(old, new, helper) }
        }
    }

    private func remote(_ url: String, _ helper: Helper, _ lines: [Setting] = []) throws -> NetworkRemote {
        let settings = NetworkSettings(helper.settings.lines + lines, environment: helper.environment)
        return try NetworkRemote(
            at: url, called: "origin", settings: settings, agent: "x", mayAsk: false, isStopped: { false })
    }

    private let file = Pointer(oid: ContentHash(of: [1]), size: 1)

    @Test func filesAreWhereGitWasLedTo() throws {
        try withServers { old, new, helper throws in
            let remote = try remote("\(old.url)/old", helper)
            #expect(remote.newPlace == nil)
            let said = try Advertisement.read(from: remote.channel(to: .uploadPack), of: .uploadPack)
            #expect(said["refs/heads/main"] != nil && remote.newPlace == "\(new.url)/team/x.git")
            for direction in TransferDirection.allCases {
                let files = try remote.files(for: direction, by: LFSConfig())
                let client = try #require(files as? LFSClient)
                #expect(client.downloads.endpoint.url == (try new.at("/team/x.git/info/lfs")))
                #expect(client.uploads.endpoint == client.downloads.endpoint)
                _ = try? files.present([file], report: .none)
            }
            #expect(new.requests.contains { $0.target == "/team/x.git/info/lfs/objects/batch" })
            // What was told to the one is not told to the other.
            #expect(old.requests.allSatisfy { $0.target.hasPrefix("/old/info/refs?") })
            #expect(new.requests.allSatisfy { $0.header("Authorization") == nil })
        }
    }

    @Test func aServerThatIsNamedStaysTheOne() throws {
        try withServers { old, _, helper throws in
            let named = Setting(name: "lfs.url", value: "https://files.example/x")
            let remote = try remote("\(old.url)/old", helper, [named])
            _ = try Advertisement.read(from: remote.channel(to: .uploadPack), of: .uploadPack)
            let client = try #require(try remote.files(for: .upload, by: LFSConfig()) as? LFSClient)
            #expect(client.uploads.endpoint.url == (try HTTPURL(named.value)))
        }
    }

    @Test func theNameInTheAddressStaysWithItsServer() throws {
        try withServers { old, new, helper throws in
            let remote = try remote("http://ana@127.0.0.1:\(old.port)/old", helper)
            _ = try Advertisement.read(from: remote.channel(to: .uploadPack), of: .uploadPack)
            let client = try #require(try remote.files(for: .download, by: LFSConfig()) as? LFSClient)
            #expect(client.downloads.endpoint == LFSEndpoint(url: try new.at("/team/x.git/info/lfs")))
        }
    }
}
