import Files
import TestSupport
import Testing

@testable import Git

/// Servers that break off, lie, and talk nonsense.
@Suite struct FetchFaultTests {
    private let blob = ObjectNaming().id(of: .blob, [1, 2, 3])
    private static let can = "multi_ack_detailed side-band-64k ofs-delta agent=x"

    private func pack() -> [UInt8] {
        var draft = PackDraft()
        draft.add(3, [1, 2, 3])
        return draft.finished()
    }

    /// Fetches one file from a server that answers so.
    private func fetch(
        hearing answer: [UInt8], capabilities: String = can, failing failure: (any Error)? = nil, step: Int = .max
    ) throws -> FetchedPack? {
        try withTemporaryDirectory { folder in
            let channel = ScriptedChannel(
                Pkt.lines("\(blob) refs/x/1\0\(capabilities)", nil), answer, step: step)
            let advertisement = try Advertisement.read(from: channel)
            channel.failure = failure
            do {
                return try FetchSession(over: channel, after: advertisement).fetch([blob, blob], into: folder)
            } catch {
                let left = try FileSystem.list(folder)
                #expect(left.isEmpty)
                throw error
            }
        }
    }

    @Test(arguments: [1, 1 << 20]) func `A pack comes with words between, and with nothing around`(step: Int) throws
    {
        let pack = pack()
        let banded =
            Pkt.lines("NAK\n") + Pkt.band(2, "Counting\r") + Pkt.band(1, Array(pack.prefix(13))) + Pkt.line([])
            + Pkt.band(1, Array(pack.dropFirst(13)))
        #expect(try fetch(hearing: banded + Pkt.flush, step: step)?.objects == 1)
        // All that was wanted has come.
        #expect(try fetch(hearing: banded, step: step)?.objects == 1)
        #expect(try fetch(hearing: banded + [0x30], step: step)?.objects == 1)
        #expect(try fetch(hearing: Pkt.lines("NAK\n") + pack, capabilities: "", step: step)?.objects == 1)
    }

    @Test func `A server that ends in the middle`() throws {
        let answer = Pkt.lines("NAK\n") + Pkt.band(1, pack())
        for count in 0..<answer.count {
            let error = try wireError { try fetch(hearing: Array(answer.prefix(count))) as Any }
            #expect(error.code == .cutOff, "\(count)")
        }
        let plain = Pkt.lines("NAK\n") + pack()
        for count in 0..<plain.count {
            let error = try wireError { try fetch(hearing: Array(plain.prefix(count)), capabilities: "") as Any }
            #expect(error.code == .cutOff, "\(count)")
        }
        #expect(try wireError { try fetch(hearing: Pkt.lines("NAK\n", nil)) as Any }.code == .cutOff)
    }

    @Test func `It is said that no more is told, but where each request is a journey of its own`() throws {
        func requests(isStateless: Bool) throws -> String {
            let answer = Pkt.lines("NAK\n") + Pkt.band(1, pack()) + Pkt.flush
            let channel = ScriptedChannel(
                Pkt.lines("\(blob) refs/x/1\0\(Self.can) no-done thin-pack shallow", nil), answer,
                isStateless: isStateless)
            return try withTemporaryDirectory { folder in
                let advertisement = try Advertisement.read(from: channel)
                _ = try FetchSession(over: channel, after: advertisement, agent: "a b").fetch([blob], into: folder)
                return channel.sent.map { String(decoding: $0, as: UTF8.self) }.joined()
            }
        }
        let words = "multi_ack_detailed side-band-64k thin-pack ofs-delta agent=a-b\n"
        #expect(try requests(isStateless: false).contains("want \(blob) \(words)00000009done\n"))
        let forgetful = words.replacing(" side", with: " no-done side")
        #expect(try requests(isStateless: true).contains("want \(blob) \(forgetful)00000009done\n"))
    }

    @Test func `What a channel throws is passed on`() throws {
        let failure = ChannelFailure(description: "it stalled")
        for answer in [[], Pkt.lines("NAK\n"), Pkt.lines("NAK\n") + Pkt.band(1, Array(pack().prefix(20)))] {
            #expect(throws: ChannelFailure.self) { try fetch(hearing: answer, failing: failure) }
        }
    }

    @Test func `A server that refuses in the middle is told in its words`() throws {
        for answer in [
            Pkt.lines("ERR no such thing\n"), Pkt.lines("NAK\n") + Pkt.band(3, "no such thing\n"),
            Pkt.lines("NAK\n") + Pkt.band(1, Array(pack().prefix(14))) + Pkt.lines("ERR no such thing\n"),
        ] {
            let error = try wireError { try fetch(hearing: answer) as Any }
            #expect(error.code == .refusedByServer)
            #expect(error.words == "no such thing")
        }
    }

    @Test func `Nonsense is refused`() throws {
        for answer in [
            Pkt.lines("what\n"), Pkt.lines("ACK 12\n"), Pkt.lines("ACK \(blob) perhaps\n"),
            Pkt.lines("ACK \(blob) a b\n"),
            Pkt.flush, Pkt.lines("NAK\n") + Pkt.band(4, "x"), Array("HTTP/1.1 500".utf8),
        ] {
            #expect(try wireError { try fetch(hearing: answer) as Any }.code == .garbage)
        }
    }

    @Test func `A server that lies about the pack`() throws {
        func refusal(_ pack: [UInt8]) throws -> WireError {
            try wireError { try fetch(hearing: Pkt.lines("NAK\n") + Pkt.band(1, pack) + Pkt.flush) as Any }
        }
        var bytes = pack()
        bytes[bytes.count - 1] ^= 1
        #expect(try refusal(bytes).description.contains("checksum"))
        #expect(try refusal(pack() + [1]).code == .damagedPack)
        var other = PackDraft()
        other.add(3, [1, 2])
        #expect(try refusal(other.finished()).description.contains("lacks \(blob)"))
        #expect(try refusal(PackDraft().finished()).description.contains("lacks \(blob)"))
        #expect(try refusal(Array("<html>".utf8) + [UInt8](repeating: 32, count: 40)).code == .damagedPack)
    }

    @Test func `Changed answers never break the reader`() throws {
        var random = SeededRandom()
        let whole =
            Pkt.lines("ACK \(blob) common\n", "NAK\n") + Pkt.band(2, "Counting\r") + Pkt.band(1, pack()) + Pkt.flush
        for _ in 0..<1000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : Array("0123456789abcdef".utf8)[Int.random(in: 0..<16, using: &random)]
            }
            do { _ = try fetch(hearing: bytes) } catch { #expect(error is WireError, "\(random)") }
        }
    }
}
