/// Writes git's packets, some at a time.
final class PacketWriter {
    private let drain: (UnsafeRawBufferPointer) throws(NetworkError) -> Void
    private var held: [UInt8] = []

    /// So many bytes go into one packet: fewer than any reader takes.
    static let dataLimit = 65_280
    private static let heldLimit = 1 << 17

    /// Writes to `drain`, which takes all that it is given.
    init(_ drain: @escaping (UnsafeRawBufferPointer) throws(NetworkError) -> Void) { self.drain = drain }

    /// Adds a line of text; one that is too long for a packet is cut.
    func line(_ text: String) throws(NetworkError) {
        begin(min(text.utf8.count, Self.dataLimit) + 1)
        held.append(contentsOf: text.utf8.prefix(Self.dataLimit))
        held.append(UInt8(ascii: "\n"))
        try settle()
    }

    /// Adds bytes, at most ``dataLimit``.
    func data(_ bytes: UnsafeRawBufferPointer) throws(NetworkError) {
        begin(bytes.count)
        held.append(contentsOf: bytes)
        try settle()
    }

    /// Adds what parts arguments from what follows them.
    func delimiter() { held.append(contentsOf: "0001".utf8) }

    /// Adds the end of a message.
    func flush() { held.append(contentsOf: "0000".utf8) }

    /// Adds a message without a body.
    func message(_ lines: [String]) throws(NetworkError) {
        for text in lines { try line(text) }
        flush()
    }

    /// Hands on what is held.
    func send() throws(NetworkError) {
        guard !held.isEmpty else { return }
        let bytes = held
        held.removeAll(keepingCapacity: true)
        try bytes.withUnsafeBufferPointer { buffer throws(NetworkError) in try drain(UnsafeRawBufferPointer(buffer))
        }
    }

    private func begin(_ count: Int) {
        let digits = Array("0123456789abcdef".utf8)
        let length = count + 4
        for shift in [12, 8, 4, 0] { held.append(digits[length >> shift & 15]) }
    }

    private func settle() throws(NetworkError) {
        if held.count >= Self.heldLimit { try send() }
    }
}
