import TestSupport
import Testing

@testable import Network

@Suite struct PacketTests {
    private func reader(_ bytes: [UInt8], pieces: Int = .max) -> PacketReader {
        var rest = bytes[...]
        return PacketReader { (buffer) throws(NetworkError) in
            let piece = rest.prefix(min(pieces, buffer.count))
            buffer.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
    }

    private func describe(_ reader: PacketReader) throws -> [String] {
        var all: [String] = []
        while true {
            switch try reader.next() {
            case .data(let bytes): all.append(PacketReader.text(bytes))
            case .delimiter: all.append("-")
            case .flush: all.append("=")
            case .end: return all
            }
        }
    }

    @Test(arguments: [1, 3, 1000]) func readsWhatItWrites(_ pieces: Int) throws {
        var bytes: [UInt8] = []
        let writer = PacketWriter { (piece) throws(NetworkError) in bytes += piece }
        try writer.line("status 200")
        writer.delimiter()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: PacketWriter.dataLimit)
        try long.withUnsafeBytes { try writer.data($0) }
        try long.withUnsafeBytes { try writer.data($0) }
        try writer.line(String(repeating: "y", count: 1 << 17))
        try writer.message(["quit", ""])
        try writer.send()
        try writer.send()
        let text = String(decoding: long, as: UTF8.self)
        let cut = String(repeating: "y", count: PacketWriter.dataLimit)
        let all = try describe(reader(bytes, pieces: pieces == 1000 ? .max : pieces))
        #expect(all == ["status 200", "-", text, text, cut, "quit", "", "="])
    }

    @Test func readsWhatOthersMayWrite() throws {
        #expect(try describe(reader(Array("0004000aab\nc\n\n0006AB".utf8))) == ["", "ab\nc\n", "AB"])
        #expect(try describe(reader([])) == [])
        #expect(try describe(reader(Array("000Ahello\n".utf8))) == ["hello"])
    }

    @Test(arguments: ["0002", "0003", "fff1aaaa", "zzzz", "HTTP/1.1", "-001", " 001"])
    func refusesWhatIsNone(_ text: String) {
        #expect(networkError { _ = try describe(reader(Array(text.utf8))) }?.code == .refused)
    }

    @Test(arguments: ["0", "000", "0005", "0009abc"]) func saysThatItWasCutOff(_ text: String) {
        #expect(networkError { _ = try describe(reader(Array(text.utf8))) }?.code == .offline)
    }
}
