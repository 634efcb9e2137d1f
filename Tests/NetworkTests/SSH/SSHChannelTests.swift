import Files
import Git
import Glibc
import TestSupport
import TestTraits
import Testing

@testable import Network

@Suite(.waiting) struct SSHChannelTests {
    private func readLine(_ channel: SSHChannel) throws -> [UInt8] {
        let head = try read(channel, 4)
        let length = Int(String(decoding: head, as: UTF8.self), radix: 16) ?? 0
        return length > 4 ? try read(channel, length - 4) : []
    }

    private func read(_ channel: SSHChannel, _ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var piece = [UInt8](repeating: 0, count: count - bytes.count)
            let got = try piece.withUnsafeMutableBytes { try channel.read(into: $0) }
            if got == 0 { break }
            bytes += piece[..<got]
        }
        return bytes
    }

    private func repository(in folder: FilePath, _ name: String = "a b'!.git") throws -> FilePath {
        let path = folder.appending(name)
        let result = try run(command: "git", arguments: ["init", "-q", "--bare", path.string])
        #expect(result.status == 0)
        return path
    }

    @Test(arguments: ["ed25519", "rsa", "ecdsa"]) func speaksWithGitAtTheOtherEnd(_ type: String) throws {
        try SSHHost.with(hostKeys: [type], keyType: type) { (host) throws in
            let channel = try host.client().channel(
                to: "git-receive-pack", at: host.address(try repository(in: host.folder)))
            #expect(!channel.isStateless)
            let line = String(decoding: try readLine(channel), as: UTF8.self)
            #expect(line.contains("capabilities^{}"))
            #expect(try readLine(channel).isEmpty)
            try channel.send(WireRequest(lines: Array("0000".utf8)))
            #expect(try read(channel, 1).isEmpty, "it has ended in order")
            channel.close()
        }
    }

    @Test func sendsPacksOfAnySize() throws {
        try SSHHost.with(settings: ["ForceCommand wc -c"]) { (host) throws in
            let pack = host.folder.appending("pack")
            try FileSystem.write([UInt8](repeating: 1, count: 3 << 20), to: pack)
            let channel = try host.client().channel(to: "git-receive-pack", at: host.address("/a"))
            try channel.send(WireRequest(lines: [1, 2, 3], pack: pack))
            channel.close()
            #expect(networkError { _ = try read(channel, 1) } == nil)
        }
    }

    /// The answer to a pack that is refused half-way is there to be read.
    @Test func readsWhyAPackIsNotTaken() throws {
        try SSHHost.with(settings: ["ForceCommand printf '000dno thanks'; exec 0<&-; exit 1"]) { (host) throws in
            let pack = host.folder.appending("pack")
            try FileSystem.write([UInt8](repeating: 1, count: 32 << 20), to: pack)
            let channel = try host.client().channel(to: "git-receive-pack", at: host.address("/a"))
            try channel.send(WireRequest(lines: [], pack: pack))
            #expect(try readLine(channel) == Array("no thanks".utf8))
            #expect(networkError { _ = try read(channel, 1) }?.code == .refused)
        }
    }

    @Test func saysInGitsWordsThatThereIsNoRepository() throws {
        try SSHHost.with { (host) throws in
            let channel = try host.client().channel(to: "git-upload-pack", at: host.address("/no/such.git"))
            let error = networkError { _ = try readLine(channel) }
            #expect(error?.code == .refused)
            #expect(error?.message.contains("'/no/such.git' does not appear to be a git repository") == true)
            let other = try host.client().channel(to: "git-no-such-service", at: host.address("/a"))
            let missing = networkError { _ = try readLine(other) }
            #expect(missing?.code == .refused && missing?.message == "127.0.0.1 has no git-no-such-service")
        }
    }

    @Test func asksForLeaveToUseTheWeb() throws {
        try SSHHost.with { (host) throws in
            let address = host.address("/srv/a b.git")
            #expect(try host.client().authenticate(address, .upload) == nil)
            let program = "git-lfs-authenticate"
            try host.install(program, "echo \"$# $1 $2\"")
            #expect(try host.client().authenticate(address, .upload) == Array("2 /srv/a b.git upload\n".utf8))
            try host.install(program, "echo no account >&2; exit 1")
            let refusal = networkError { _ = try host.client().authenticate(address, .download) }
            #expect(refusal?.code == .refused && refusal?.message.contains("no account") == true)
            try host.install(program, "head -c 100000 /dev/zero")
            let flood = networkError { _ = try host.client().authenticate(address, .download) }
            #expect(flood?.code == .refused)
        }
    }
}
