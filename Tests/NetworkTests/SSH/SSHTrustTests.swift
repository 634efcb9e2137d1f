import Files
import Git
import Glibc
import Synchronization
import TestSupport
import TestTraits
import Testing

@testable import Network

/// Whom ssh lets in, whom it believes, and what is said where it does not: by a real sshd.
@Suite(.waiting) struct SSHTrustTests {
    private func attempt(_ client: SSHClient, _ address: SSHAddress) -> NetworkError? {
        networkError {
            let channel = try client.channel(to: "git-upload-pack", at: address)
            var buffer = [UInt8](repeating: 0, count: 1)
            _ = try buffer.withUnsafeMutableBytes { try channel.read(into: $0) }
        }
    }

    @Test func believesNoHostThatIsNotKnown() throws {
        try SSHHost.with { (host) throws in
            try FileSystem.write("", to: host.known)
            let error = attempt(host.client(), host.address("/a"))
            #expect(error?.code == .denied && error?.message == "the host key of 127.0.0.1 is not known here")
            #expect(error?.hint?.hasSuffix("ssh -p \(host.server.port) 127.0.0.1") == true)
            #expect(try FileSystem.read(host.known).isEmpty, "nor does it note it")
        }
    }

    @Test func believesNoHostWhoseKeyHasChanged() throws {
        try SSHHost.with { (host) throws in
            let other = host.folder.appending("other")
            try SSHServer.makeKey(at: other, type: "ed25519")
            let line = String(decoding: try FileSystem.read(host.folder.appending("other.pub")), as: UTF8.self)
            try FileSystem.write("[127.0.0.1]:\(host.server.port) \(line)", to: host.known)
            let error = attempt(host.client(), host.address("/a"))
            #expect(error?.code == .denied && error?.message.contains("another host key than before") == true)
            #expect(error?.hint?.contains("ssh-keygen -R '[127.0.0.1]:\(host.server.port)'") == true)
        }
    }

    @Test func saysWhoIsNotLetIn() throws {
        try SSHHost.with { (host) throws in
            let stranger = host.folder.appending("stranger")
            try SSHServer.makeKey(at: stranger, type: "ed25519")
            let error = attempt(host.client(key: stranger), host.address("/a"))
            #expect(error?.code == .denied && error?.message.contains("Permission denied (publickey)") == true)
            #expect(error?.hint?.contains("ssh-add") == true)
        }
    }

    /// Nobody is there to type the passphrase: nothing waits for it, unless an agent has the key.
    @Test func takesAKeyWithAPassphraseFromTheAgent() throws {
        try SSHHost.with(passphrase: "opensesame") { (host) throws in
            #expect(attempt(host.client(), host.address("/a"))?.code == .denied)
            let agent = try run(
                command: "ssh-agent", arguments: ["-s", "-a", host.folder.appending("agent").string])
            let number = try #require(
                agent.stdout.split(whereSeparator: { $0 == "=" || $0 == ";" }).compactMap { pid_t($0) }.first)
            defer { kill(number, SIGTERM) }
            let asking = host.folder.appending("asking")
            try FileSystem.write("#!/bin/sh\necho opensesame\n", to: asking, mode: 0o700)
            let added = try run(
                command: "ssh-add", arguments: [host.key.string],
                environment: hermeticEnvironment(
                    home: host.folder,
                    adding: [
                        "SSH_AUTH_SOCK": host.folder.appending("agent").string, "SSH_ASKPASS": asking.string,
                        "SSH_ASKPASS_REQUIRE": "force",
                    ]))
            #expect(added.status == 0, "\(added.stderr)")
            let agentOption = "IdentityAgent=\(host.folder.appending("agent"))"
            let error = attempt(host.client(options: [agentOption]), host.address("/no/such"))
            #expect(error?.code == .refused, "it is let in: \(error?.description ?? "")")
        }
    }

    /// Where somebody may be asked nothing else changes, and what is said on the way is heard.
    @Test func letsSomebodyHearWhatIsSaid() throws {
        try SSHHost.with(settings: ["ForceCommand echo hello >&2; printf 0000"]) { (host) throws in
            let heard = Mutex<[UInt8]>([])
            let command = SSHServer.command(key: host.key, known: host.known)
            let client = SSHClient(
                settings: NetworkSettings([]), environment: ["GIT_SSH_COMMAND": command], mayAsk: true,
                onComplaint: { piece in heard.withLock { $0 += piece } })
            #expect(attempt(client, host.address("/a")) == nil)
            let channel = try client.channel(to: "git-upload-pack", at: host.address("/a"))
            var buffer = [UInt8](repeating: 0, count: 4)
            while try buffer.withUnsafeMutableBytes({ try channel.read(into: $0) }) > 0 {}
            channel.close()
            #expect(String(decoding: heard.withLock { $0 }, as: UTF8.self).contains("hello\n"))
        }
    }

    @Test func isOfflineWhereNobodyListens() throws {
        try SSHHost.with { (host) throws in
            let (socket, port) = try LoopbackPort.refuse()
            defer { close(socket) }
            let nobody = SSHAddress(user: nil, host: "127.0.0.1", port: port, path: "/a")
            let error = attempt(host.client(), nobody)
            #expect(
                error?.code == .offline && error?.message.contains("Connection refused") == true,
                "\(error?.description ?? "")")
            let unknown = SSHAddress(user: nil, host: "no-such-host.invalid", port: nil, path: "/a")
            let lost = attempt(host.client(), unknown)
            #expect(lost?.code == .offline && lost?.message.contains("Could not resolve") == true)
        }
    }

    /// One that takes the connection and says nothing, one that goes on after it has let us in, and one that cuts it off.
    @Test func isOfflineWhereTheHostStalls() throws {
        let (socket, port) = try LoopbackPort.listen()
        defer { close(socket) }
        try SSHHost.with(settings: ["ForceCommand sleep 60"]) { (host) throws in
            let silent = SSHAddress(user: nil, host: "127.0.0.1", port: port, path: "/a")
            let watch = Stopwatch()
            let error = attempt(host.client(options: ["ConnectTimeout=1"]), silent)
            #expect(error?.code == .offline, "\(error?.description ?? "")")
            let stalled = attempt(host.client(patience: .seconds(2)), host.address("/a"))
            #expect(stalled?.code == .offline && stalled?.message.contains("in time") == true)
            #expect(watch.seconds < 30)
            let stopped = attempt(host.client(isStopped: { watch.seconds > 3 }), host.address("/a"))
            #expect(stopped?.code == .stopped)
        }
        try SSHHost.with(settings: ["ForceCommand kill -9 $PPID"]) { (host) throws in
            #expect(attempt(host.client(), host.address("/a"))?.code == .offline)
        }
    }
}
