import TestSupport
import Testing

@testable import Git

@Suite struct PktLineTests {
    private func lines(_ bytes: [UInt8], step: Int = .max) throws -> [PktLine] {
        let reader = PktReader(ScriptedChannel(bytes, step: step))
        var lines: [PktLine] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test(arguments: [1, 3, 4096]) func `What is written is read, however it is cut`(step: Int) throws {
        var bytes: [UInt8] = []
        let largest = [UInt8](repeating: 7, count: 65_516)
        PktLine.append("hello", to: &bytes)
        PktLine.append([UInt8](), to: &bytes)
        PktLine.appendFlush(to: &bytes)
        PktLine.append(largest, to: &bytes)
        #expect(bytes.starts(with: Array("000ahello\n00040000fff0".utf8)))
        #expect(
            try lines(bytes, step: step) == [.data(Array("hello\n".utf8)), .data([]), .flush, .data(largest)])
    }

    @Test func `Digits may be large`() throws {
        #expect(try lines(Array("000Ahello\n".utf8)) == [.data(Array("hello\n".utf8))])
    }

    @Test func `The text of a line is without its end`() {
        #expect(PktLine.data(Array("x\n".utf8)).text?.elementsEqual("x".utf8) == true)
        #expect(PktLine.data(Array("x".utf8)).text?.elementsEqual("x".utf8) == true)
        #expect(PktLine.data([]).text?.isEmpty == true)
        #expect(PktLine.flush.text == nil)
    }

    @Test(arguments: ["0001", "0002", "0003", "fff1", "ffff", "00g0", "HTTP", "-001"])
    func `What is no line is refused`(text: String) throws {
        let error = try wireError { try lines(Array((text + "rest").utf8)) }
        #expect(error.code == .garbage)
        #expect(error.words == text + "rest")
    }

    @Test(arguments: ["0", "000", "0005", "00ffabc"]) func `What ends too early is told`(text: String) throws {
        #expect(try wireError { try lines(Array(text.utf8)) }.code == .cutOff)
    }

    @Test func `A server's refusal is told in its words, made fit for a terminal`() throws {
        let words = "ERR \u{1B}[31mno\u{7}\r\nsuch\u{202E}  thing\u{0}\n"
        let error = try wireError { try lines(Pkt.lines(words)) }
        #expect(error.code == .refusedByServer)
        #expect(error.words == "[31mno such thing")
        #expect(error.description == "the git server refuses: [31mno such thing")
    }

    @Test func `Words without end are cut`() throws {
        let error = try wireError { try lines(Pkt.lines("ERR " + String(repeating: "ä", count: 5000))) }
        #expect(error.words?.count == 301)
    }

    @Test func `What a source throws is passed on`() {
        let channel = ScriptedChannel(Array("0008ab".utf8))
        channel.failure = ChannelFailure(description: "the line is dead")
        let reader = PktReader(channel)
        #expect(throws: ChannelFailure.self) { try reader.next() }
    }

    @Test func `Any bytes are read to an end`() throws {
        var random = SeededRandom()
        for _ in 0..<2000 {
            var bytes = random.bytes(Int.random(in: 0...200, using: &random))
            // Digits are as likely as anything else, so that lines come about.
            for place in bytes.indices where Bool.random(using: &random) {
                bytes[place] = Array("000123f".utf8).randomElement(using: &random) ?? 0
            }
            do { #expect(try lines(bytes).count <= 51, "\(random)") } catch {
                #expect(error is WireError, "\(random)")
            }
        }
    }
}
