import Deflate
import Files
import Git
import HTTP

/// What is sent to a git server, as the body of a request: lines, and the pack behind them piece by piece.
final class PackBody {
    private let lines: [UInt8]
    private let pack: OpenFile?
    private var sent: Int64 = 0
    /// Whether all of it has been read from here, and may be with the server.
    var isWhole: Bool { sent == length }
    /// The status of the answer by which the server refused it.
    var refusal: Int?
    /// Why the pack could not be read to its end.
    private(set) var failure: String?

    init(_ request: WireRequest) throws(FileError) {
        lines = request.lines
        pack = try request.pack.map { path throws(FileError) in try OpenFile(path) }
    }

    /// A file with the size that it had when it was opened.
    private final class OpenFile {
        let file: FileDescriptor
        let size: Int64

        init(_ path: FilePath) throws(FileError) {
            file = try FileDescriptor.open(path, .read)
            size = try file.status().size
            file.expectSequentialReading()
        }
    }

    var length: Int64 { Int64(lines.count) + (pack?.size ?? 0) }

    /// The body, read from here.
    var stream: HTTPRequest.Body {
        .stream(length: length, rewind: { self.rewind() }, read: { self.read(into: $0) })
    }

    private func rewind() -> Bool {
        sent = 0
        return true
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if sent < lines.count {
            let piece = lines[Int(sent)...].prefix(buffer.count)
            buffer.copyBytes(from: piece)
            sent += Int64(piece.count)
            return piece.count
        }
        let place = sent - Int64(lines.count)
        guard let pack, place < pack.size else { return 0 }
        do throws(FileError) {
            let count = try pack.file.pread(into: buffer, at: place)
            sent += Int64(count)
            if count == 0 { failure = "it has become shorter" }
            return count == 0 ? nil : count
        } catch {
            failure = error.description
            return nil
        }
    }

    /// Lines as gzip, for those that say much: what is had is the same few words over and over.
    static func gzip(_ lines: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = []
        Deflater().compress(lines, into: &packed)
        // Its stream is zlib's: without the two bytes before and the four behind it is what gzip has, too.
        let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        let numbers = [Checksum.crc32(lines), UInt32(truncatingIfNeeded: lines.count)]
        return head + packed.dropFirst(2).dropLast(4)
            + numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) } }
    }
}
