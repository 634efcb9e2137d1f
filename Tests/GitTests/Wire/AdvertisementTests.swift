import TestSupport
import Testing

@testable import Git

private let one = String(repeating: "1", count: 40)
private let two = String(repeating: "2", count: 40)
private let capabilities = "report-status side-band-64k symref=HEAD:refs/heads/main agent=git/2.39.5"

@Suite struct AdvertisementTests {
    private func read(
        _ bytes: [UInt8], of service: WireService = .uploadPack, isStateless: Bool = false, step: Int = .max,
        limits: (references: Int, bytes: Int) = Advertisement.limits
    ) throws -> Advertisement {
        try Advertisement.read(
            from: ScriptedChannel(bytes, isStateless: isStateless, step: step), of: service, limits: limits)
    }

    @Test(arguments: [1, 7, 9999]) func `References, capabilities and the head are read`(step: Int) throws {
        let bytes = Pkt.lines(
            "\(one) HEAD\0\(capabilities)\n", "\(one) refs/heads/main\n", "\(two) refs/tags/1\n",
            "\(one) refs/tags/1^{}\n", "\(two) .have\n", "shallow \(two)\n", nil)
        let advertisement = try read(bytes, step: step)
        #expect(advertisement.references.map(\.name) == ["refs/heads/main", "refs/tags/1"])
        #expect(advertisement["refs/heads/main"]?.hex == one)
        #expect(advertisement["refs/tags/1"]?.hex == two)
        #expect(advertisement["HEAD"] == nil)
        #expect(advertisement.head == "refs/heads/main")
        #expect(advertisement.can("side-band-64k"))
        #expect(!advertisement.can("side-band"))
        #expect(advertisement.value(of: "agent") == "git/2.39.5")
        #expect(advertisement.value(of: "object-format") == nil)
        #expect(advertisement.shallow.map(\.hex) == [two])
        #expect(advertisement.lent.map(\.hex) == [two])
        #expect(advertisement.references(below: "refs/tags/").map(\.name) == ["refs/tags/1"])
    }

    @Test func `An empty repository has only capabilities`() throws {
        let zero = String(repeating: "0", count: 40)
        let advertisement = try read(Pkt.lines("\(zero) capabilities^{}\0\(capabilities)", nil))
        #expect(advertisement.references.isEmpty)
        #expect(advertisement.can("report-status"))
        // An old upload-pack says nothing but the end.
        #expect(try read(Pkt.flush).references.isEmpty)
    }

    @Test func `A web server names the service first`() throws {
        let bytes = Pkt.lines("# service=git-receive-pack\n", nil, "\(one) refs/heads/main\0\(capabilities)\n", nil)
        #expect(try read(bytes, of: .receivePack, isStateless: true).references.count == 1)
        let error = try wireError { try read(bytes, isStateless: true) }
        #expect(error.code == .garbage)
        #expect(error.words == "# service=git-receive-pack")
        let unended = Pkt.lines("# service=git-upload-pack\n", "\(one) refs/heads/main\0\n", nil)
        #expect(try wireError { try read(unended, isStateless: true) }.code == .garbage)
    }

    @Test func `The first version is read, a later one is refused`() throws {
        #expect(try read(Pkt.lines("version 1\n", "\(one) refs/heads/a\0x\n", nil)).can("x"))
        let error = try wireError { try read(Pkt.lines("version 2\n", "agent=git/3\n", nil)) }
        #expect(error.code == .unsupported)
        #expect(error.description == "the git server speaks another version: version 2")
    }

    @Test func `What nobody could ask for is passed over`() throws {
        let advertisement = try read(
            Pkt.lines(
                "\(one) refs/heads/a\0x\n", "\(two) refs/heads/a\n", "\(one) refs/../x\n",
                "\(one) refs/heads/a b\n",
                "\(one) other\n", "\(one) refs/heads/\u{1}\n", nil
            )
            .dropLast(4) + Pkt.line(Array("\(one) refs/heads/".utf8) + [0xFF]) + Pkt.flush)
        #expect(advertisement.references.map(\.name) == ["refs/heads/a"])
        #expect(advertisement["refs/heads/a"]?.hex == one)
    }

    // MARK: What is no git server

    @Test(arguments: [
        "<!DOCTYPE html><html><body>Sign in</body></html>", "Welcome to example.org!\n0000",
        "This account is currently not available.\n", "fatal: not a git repository\n", "SSH-2.0-OpenSSH\r\n", "no",
    ]) func `Who is there instead is told`(text: String) throws {
        for step in [1, 9999] {
            let error = try wireError { try read(Array(text.utf8), step: step) }
            #expect(error.code == .notGit)
            #expect(error.message == "this is no git server; it said")
            let start = text.prefix { !$0.isNewline }
            #expect(error.words?.hasPrefix(start) == true)
        }
    }

    @Test func `A folder behind a web server is no git server`() throws {
        let error = try wireError { try read(Array("\(one)\trefs/heads/main\n".utf8), isStateless: true) }
        #expect(error.code == .unsupported)
        let rare = "95dc" + String(repeating: "0", count: 36)
        #expect(try wireError { try read(Array("\(rare)\trefs/heads/main\n".utf8)) }.code == .unsupported)
    }

    @Test func `A server that ends is told from one that says something else`() throws {
        let silent = try wireError { try read([]) }
        #expect(silent.code == .cutOff)
        #expect(silent.message.contains("before it said anything"))
        let whole = Pkt.lines("\(one) HEAD\0\(capabilities)\n", "\(one) refs/heads/main\n", nil)
        for count in 5..<whole.count {
            #expect(try wireError { try read(Array(whole.prefix(count))) }.code == .cutOff, "\(count)")
        }
    }

    @Test func `A refusal is told in the server's words`() throws {
        let error = try wireError { try read(Pkt.lines("ERR access denied or repository not exported\n")) }
        #expect(error.code == .refusedByServer)
        #expect(error.words == "access denied or repository not exported")
    }

    @Test(arguments: ["hello", "1111 refs/heads/x", "\(one)", "\(one)refs/heads/x", "shallow 12", ""])
    func `What is no reference is refused`(text: String) throws {
        let bytes = Pkt.lines("\(one) refs/heads/main\0\(capabilities)", text, nil)
        #expect(try wireError { try read(bytes) }.code == .garbage)
    }

    @Test func `What follows the end is refused, where a server waits to be asked`() throws {
        let bytes = Pkt.lines("\(one) refs/heads/main\0\(capabilities)", nil, "more")
        #expect(try wireError { try read(bytes) }.code == .garbage)
        #expect(try read(bytes, isStateless: true).references.count == 1)
    }

    @Test func `Names by another digest are refused`() throws {
        let long = String(repeating: "3", count: 64)
        for line in ["\(long) refs/heads/main\0x", "\(one) refs/heads/main\0object-format=sha256"] {
            let error = try wireError { try read(Pkt.lines(line, nil)) }
            #expect(error.code == .unsupported)
            #expect(error.message.contains("SHA-256"))
        }
        #expect(try read(Pkt.lines("\(one) refs/heads/main\0object-format=sha1", nil)).references.count == 1)
    }

    @Test func `More references than are bearable are refused`() throws {
        var bytes = Pkt.lines("\(one) refs/heads/main\0\(capabilities)")
        for number in 0..<100 { bytes += Pkt.lines("\(one) refs/heads/\(number)\n") }
        bytes += Pkt.flush
        #expect(try read(bytes, limits: (101, 1 << 20)).references.count == 101)
        #expect(try wireError { try read(bytes, limits: (100, 1 << 20)) }.code == .tooLarge)
        #expect(try wireError { try read(bytes, limits: (1000, 4000)) }.code == .tooLarge)
    }

    @Test func `Changed advertisements never break the reader`() throws {
        var random = SeededRandom()
        let whole = Pkt.lines(
            "# service=git-upload-pack\n", nil, "version 1", "\(one) HEAD\0\(capabilities)\n",
            "\(two) refs/tags/1\n",
            "\(one) refs/tags/1^{}\n", "shallow \(two)\n", "\(two) .have\n", nil)
        for _ in 0..<5000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] = Array("0123456789abcdef\n\0 ".utf8).randomElement(using: &random) ?? 0
                case 2: bytes.removeSubrange(place..<min(place + 7, bytes.count - 1))
                default: bytes.insert(contentsOf: whole.prefix(Int.random(in: 0...90, using: &random)), at: place)
                }
            }
            do { #expect(try read(bytes).references.count < 60, "\(random)") } catch {
                #expect(error is WireError, "\(random)")
            }
        }
    }

    @Test func `Who wants nothing leaves politely`() {
        let channel = ScriptedChannel([])
        channel.leave()
        #expect(channel.sent == [Pkt.flush])
        #expect(channel.isEnded)
        #expect(channel.isClosed)
        let forgetful = ScriptedChannel([], isStateless: true)
        forgetful.leave()
        #expect(forgetful.sent.isEmpty)
        #expect(forgetful.isClosed)
    }
}
