/// The unit of git's protocol: some bytes with their number in front, or the mark between two parts.
enum PktLine: Hashable {
    /// The bytes, without their number.
    case data([UInt8])
    /// The end of a part, `0000`.
    case flush

    /// The most bytes that a line has, the four digits of its length included.
    static let sizeLimit = 65_520

    /// Appends a line. It must be no longer than `sizeLimit` allows.
    static func append(_ bytes: some Collection<UInt8>, to request: inout [UInt8]) {
        let count = bytes.count + 4
        precondition(count <= sizeLimit, "no line has so many bytes")
        for shift in [12, 8, 4, 0] { request.append(Self.digit(count >> shift & 15)) }
        request.append(contentsOf: bytes)
    }

    /// Appends a line of text, with the line's end that text has.
    static func append(_ text: String, to request: inout [UInt8]) {
        append(Array((text + "\n").utf8), to: &request)
    }

    /// Appends the mark between two parts.
    static func appendFlush(to request: inout [UInt8]) { request += Array("0000".utf8) }

    private static func digit(_ value: Int) -> UInt8 { Array("0123456789abcdef".utf8)[value] }

    /// A line's text without the line's end; nil for the mark.
    var text: ArraySlice<UInt8>? {
        guard case .data(let bytes) = self else { return nil }
        return bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
    }
}

/// Reads lines from what a server says. It holds one line and what came with it, however much the server says.
///
/// Not for two threads at once.
final class PktReader {
    private let source: (UnsafeMutableRawBufferPointer) throws -> Int
    private var buffer = [UInt8](repeating: 0, count: PktLine.sizeLimit)
    private var start = 0
    private var end = 0
    private var isOver = false
    /// What the very first bytes were: where these are not git's, they say who is there instead.
    private(set) var opening: [UInt8] = []
    private static let openingSize = 1024

    /// Prepares to read from a source, which gives 0 where it is over.
    init(from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) { self.source = source }

    /// Prepares to read what a channel brings.
    convenience init(_ channel: any WireChannel) { self.init { try channel.read(into: $0) } }

    /// Prepares to read lines that lie in memory.
    convenience init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        self.init { room in
            let count = min(room.count, rest.count)
            room.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            return count
        }
    }

    /// Whether something was read that is no part of any line yet.
    var hasRest: Bool { end > start }

    /// Begins anew: what was said before is over.
    func forget() {
        (start, end) = (0, 0)
        isOver = false
    }

    /// The next line; nil where the server has ended between two.
    ///
    /// - Throws: `garbage` for what is no line, `cutOff` where one ends too early, `refusedByServer` for a line that begins
    ///   with `ERR`; what the source throws.
    func next() throws -> PktLine? {
        guard try fill(4) else {
            guard hasRest else { return nil }
            throw WireError.cutOff("in the middle of a line")
        }
        let digits = buffer[start..<(start + 4)]
        guard let count = Self.length(digits), count == 0 || 4...PktLine.sizeLimit ~= count else {
            throw WireError.garbage("is no line of git's", buffer[start..<end])
        }
        if count == 0 {
            start += 4
            return .flush
        }
        guard try fill(count) else { throw WireError.cutOff("in the middle of a line") }
        let line = Array(buffer[(start + 4)..<(start + count)])
        start += count
        if line.starts(with: Array("ERR ".utf8)) { throw WireError.refused(Array(line.dropFirst(4))) }
        return .data(line)
    }

    /// Lends what comes next, whatever it is; false where the server has ended.
    func withRest(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        guard try fill(1) else { return false }
        let range = start..<end
        start = end
        try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        return true
    }

    /// Reads what is there until so many bytes of the opening are known, for the message.
    func readOpening() {
        while opening.count < Self.openingSize, !isOver, (try? fill(end - start + 1)) == true {}
    }

    /// Sees to it that so many bytes are there; false where the source ends before.
    private func fill(_ count: Int) throws -> Bool {
        while end - start < count {
            if isOver { return false }
            if start > 0 {
                buffer.withUnsafeMutableBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: bytes[..<(end - start)]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                }
                (start, end) = (0, end - start)
            }
            guard end < buffer.count else { return false }
            let place = end
            let got = try buffer.withUnsafeMutableBytes { bytes in
                try source(UnsafeMutableRawBufferPointer(rebasing: bytes[place...]))
            }
            guard 0...(buffer.count - place) ~= got else { return false }
            isOver = got == 0
            end += got
            if opening.count < Self.openingSize {
                opening += buffer[place..<end].prefix(Self.openingSize - opening.count)
            }
        }
        return true
    }

    private static func length(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for byte in digits {
            // Some servers write large letters.
            let small = UInt8(ascii: "A")...UInt8(ascii: "F") ~= byte ? byte | 0x20 : byte
            guard let digit = ObjectID.value(ofDigit: small) else { return nil }
            value = value << 4 | Int(digit)
        }
        return value
    }
}
