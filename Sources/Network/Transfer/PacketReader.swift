/// Reads git's packets, of which git-lfs's protocol for ssh is made: each begins with its length in four digits.
final class PacketReader {
    /// What comes next.
    enum Packet {
        /// Bytes, valid until the next packet is read.
        case data(UnsafeRawBufferPointer)
        /// What parts arguments from what follows them.
        case delimiter
        /// The end of a message.
        case flush
        /// Nobody says anything any more.
        case end
    }

    private let fill: (UnsafeMutableRawBufferPointer) throws(NetworkError) -> Int
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private var start = 0
    private var end = 0

    /// The longest that git and git-lfs take, with its length.
    private static let limit = 65_520

    /// Reads from where `fill` gives some bytes, or 0 at the end.
    init(_ fill: @escaping (UnsafeMutableRawBufferPointer) throws(NetworkError) -> Int) { self.fill = fill }

    deinit { buffer.deallocate() }

    /// Reads the next packet. Throws `.refused` for what is none, and `.offline` where it ends in the middle.
    func next() throws(NetworkError) -> Packet {
        guard try have(4) else {
            if start == end { return .end }
            throw cutOff
        }
        guard let length = Self.number(buffer[start..<start + 4]), length <= Self.limit, length < 2 || length >= 4
        else {
            throw NetworkError(.refused, "what came is no packet of git-lfs's protocol")
        }
        if length < 2 {
            start += 4
            return length == 0 ? .flush : .delimiter
        }
        guard try have(length) else { throw cutOff }
        defer { start += length }
        return .data(UnsafeRawBufferPointer(rebasing: buffer[start + 4..<start + length]))
    }

    private var cutOff: NetworkError {
        NetworkError(
            .offline, "the connection ended in the middle of a message",
            hint: "try again later; what was done so far stays")
    }

    /// Waits until so many bytes are there; false where they will not come.
    private func have(_ count: Int) throws(NetworkError) -> Bool {
        while end - start < count {
            if buffer.count - start < count || start == end {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
                (start, end) = (0, end - start)
            }
            let got = try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            if got == 0 { return false }
            end += got
        }
        return true
    }

    /// What hexadecimal digits say.
    private static func number(_ digits: Slice<UnsafeMutableRawBufferPointer>) -> Int? {
        var number = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | Int(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | Int(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | Int(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return number
    }

    /// The text of a line, without the end of line that it may have.
    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
