import Files
import Git
import HTTP
import TestSupport
import Testing

@testable import Network

/// Where the server is, as git-lfs finds it.
@Suite struct LFSEndpointTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let remote: String
        var settings: [String: String] = [:]
        var config = ""
        var upload = false
        let expected: String
        var ssh: String?

        var testDescription: String { "\(remote) \(settings) \(config)" }
    }

    static let cases = [
        Case(remote: "https://h.example/a/b", expected: "https://h.example/a/b.git/info/lfs"),
        Case(remote: "https://h.example/a/b.git/", expected: "https://h.example/a/b.git/info/lfs"),
        Case(
            remote: "https://h.example:8443/a/b.git",
            settings: ["remote.origin.lfsurl": "https://x/y", "lfs.url": "https://main/z"],
            expected: "https://main/z"),
        Case(
            remote: "git@h.example:a/b.git", expected: "https://h.example/a/b.git/info/lfs",
            ssh: "git@h.example:a/b.git"),
        Case(
            remote: "ssh://git@h.example:2222/a/b", expected: "https://h.example/a/b.git/info/lfs",
            ssh: "git@h.example:/a/b"),
        Case(remote: "h.example:b", expected: "https://h.example/b.git/info/lfs", ssh: "h.example:b"),
        Case(
            remote: "https://h/a", settings: ["remote.origin.lfsurl": "https://ro2"],
            config: "[lfs]\n url = https://file/z\n[remote \"origin\"]\n lfsurl = https://ro\n",
            expected: "https://file/z"),
        Case(remote: "https://h/a", config: "[remote \"origin\"]\nlfsurl = https://ro\n", expected: "https://ro"),
        Case(
            remote: "https://h/a", settings: ["lfs.url": "https://conf/"], config: "[lfs]\nurl = https://file\n",
            expected: "https://conf/"),
        Case(
            remote: "https://h/a", settings: ["lfs.url": "git@ssh.example:my/repo"],
            expected: "https://ssh.example/my/repo", ssh: "git@ssh.example:my/repo"),
        Case(
            remote: "https://h/a", settings: ["lfs.url": "ssh://git@ssh.example:2200/my/repo.git"],
            expected: "https://ssh.example/my/repo.git", ssh: "git@ssh.example:/my/repo.git"),
        Case(
            remote: "git+ssh://git@h.example/a", expected: "https://h.example/a.git/info/lfs",
            ssh: "git@h.example:/a"),
    ]

    @Test(arguments: cases) func itIsWhereGitLFSFindsIt(_ this: Case) throws {
        let found = try find(this)
        #expect(found == this.expected)
    }

    @Test(arguments: cases) func gitLFSItselfSaysTheSame(_ this: Case) throws {
        let lines = try withTemporaryDirectory { folder in
            func git(_ arguments: String...) throws -> String {
                let result = try run(
                    command: "git", arguments: arguments, environment: hermeticEnvironment(home: folder),
                    directory: folder)
                #expect(result.status == 0, "\(result.stderr)")
                return result.stdout
            }
            _ = try git("init", "-q")
            _ = try git("config", "remote.origin.url", this.remote)
            for (key, value) in this.settings { _ = try git("config", key, value) }
            if !this.config.isEmpty {
                try FileSystem.write([UInt8](this.config.utf8), to: folder.appending(".lfsconfig"))
            }
            return try git("lfs", "env").split(separator: "\n").map(String.init)
        }
        #expect(lines.contains { $0.hasPrefix("Endpoint=\(this.expected) (") }, "\(lines)")
        let ssh = lines.first { $0.hasPrefix("  SSH=") }
        #expect(ssh == this.ssh.map { "  SSH=\($0)" })
        let address = try read(this).ssh.map { address in
            (address.user.map { "\($0)@" } ?? "") + "\(address.host):\(address.path)"
        }
        #expect(address == this.ssh)
    }

    @Test func uploadsMayGoElsewhere() throws {
        var this = Case(
            remote: "https://h/a", settings: ["lfs.url": "https://main", "lfs.pushurl": "https://push"],
            expected: "")
        #expect(try find(this) == "https://main/")
        this.upload = true
        #expect(try find(this) == "https://push/")
        this.settings = ["remote.origin.lfsurl": "https://ro", "remote.origin.lfspushurl": "https://rp"]
        #expect(try find(this) == "https://rp/")
        this.settings["lfs.url"] = "https://main"
        #expect(try find(this) == "https://main/", "what counts for all counts before what a remote says")
        this.settings = [:]
        this.config = "[remote \"origin\"]\nlfspushurl = https://evil\n[lfs]\npushurl = https://file\n"
        #expect(try find(this) == "https://file/")
    }

    @Test(arguments: ["/tmp/x", "file:///tmp/x", "-oProxyCommand=x:y", "ext::sh -c x", "https://", "nothing"])
    func whatLFSConfigSaysOpensNoFileAndNoProgram(_ text: String) throws {
        let this = Case(remote: "https://h/a", config: "[lfs]\nurl = \"\(text)\"\n", expected: "")
        let error = try #require(throws: NetworkError.self) { _ = try find(this) }
        #expect(error.code == .refused && error.message.contains("lfs.url in .lfsconfig"))
        #expect(!error.description.contains("ProxyCommand"))
    }

    @Test func aPasswordIsNeverShown() throws {
        let this = Case(remote: "https://h/a", settings: ["lfs.url": "ftp://me:secret@h/x"], expected: "")
        let error = try #require(throws: NetworkError.self) { _ = try find(this) }
        #expect(!error.description.contains("secret"))
    }

    @Test func aPathIsWrittenAsAWebAddress() throws {
        let address = SSHAddress(user: nil, host: "nas", port: nil, path: "/my songs/ü%")
        #expect(
            try LFSEndpoint.guess(.ssh(address)).url.description
                == "https://nas/my%20songs/%C3%BC%25.git/info/lfs")
        let six = SSHAddress(user: nil, host: "::1", port: nil, path: "~me/x.git")
        #expect(try LFSEndpoint.guess(.ssh(six)).url.description == "https://[::1]/~me/x.git/info/lfs")
        #expect(throws: NetworkError.self) {
            try LFSEndpoint.guess(.ssh(SSHAddress(user: nil, host: "my nas", port: nil, path: "/x")))
        }
    }

    // MARK: .lfsconfig

    @Test func onlySettingsOfGitLFSCountThere() {
        let config = LFSConfig(
            [UInt8](
                """
                \u{FEFF}# what anybody may have written
                [core]
                    sshCommand = rm
                [lfs "transfer"]
                    x = y
                [LFS] URL = "https://a b#c" ; not this
                    locksverify
                    customtransfer.x.path = /bin/sh
                [remote "My \\"One\\""] lfsurl = https://\\
                here\t \\t
                    url = https://never
                [broken
                    url = https://broken
                [lfs]
                    pushurl = "https://open

                """.utf8))
        #expect(config["lfs.url"] == "https://a b#c")
        #expect(config["lfs.locksverify"] == "true")
        #expect(config["remote.My \"One\".lfsurl"] == "https://here\t \t")
        for name in ["core.sshcommand", "lfs.transfer.x", "remote.My \"One\".url", "lfs.pushurl"] {
            #expect(config[name] == nil, "\(name)")
        }
    }

    @Test func whatIsTooLargeSaysNothing() {
        let text = "[lfs]\nurl = https://a\n"
        #expect(LFSConfig([UInt8](text.utf8))["lfs.url"] == "https://a")
        #expect(LFSConfig([UInt8](text.utf8) + [UInt8](repeating: 10, count: 1 << 16))["lfs.url"] == nil)
    }

    private func read(_ this: Case) throws -> LFSEndpoint {
        try LFSEndpoint.find(
            for: this.upload ? .upload : .download, of: "origin", at: NetworkAddress(this.remote),
            settings: NetworkSettings(this.settings.map { Setting(name: $0.key, value: $0.value) }),
            lfsconfig: LFSConfig([UInt8](this.config.utf8)))
    }

    /// Where it is, written as git-lfs does where nothing follows the host.
    private func find(_ this: Case) throws -> String {
        let text = try read(this).url.description
        return this.expected.hasSuffix("/") || this.expected.isEmpty || !text.hasSuffix("/")
            ? text : String(text.dropLast())
    }
}
