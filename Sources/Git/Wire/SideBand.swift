/// Takes apart what a server sends in one stream: the data, and what it tells meanwhile.
struct SideBand {
    /// A piece of it.
    enum Piece {
        case data(ArraySlice<UInt8>)
        /// One line of what the server tells.
        case words(String)
    }

    private let reader: PktReader
    private static let lineLimit = 1024

    init(_ reader: PktReader) { self.reader = reader }

    /// Calls `body` with each piece until the part ends, or the server does: whether all has come is for the data to tell.
    ///
    /// - Throws: `refusedByServer` for what the server ends with, `garbage`, `cutOff`.
    func forEach(_ body: (Piece) throws -> Void) throws {
        var line: [UInt8] = []
        while case .data(let bytes) = try reader.next() {
            switch bytes.first {
            case 1: try body(.data(bytes.dropFirst()))
            case 2:
                for byte in bytes.dropFirst() {
                    guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                        if line.count < Self.lineLimit { line.append(byte) }
                        continue
                    }
                    try tell(&line, body)
                }
            case 3: throw WireError.refused(Array(bytes.dropFirst()))
            // Some servers send it empty so that the connection stays open.
            case nil: continue
            default: throw WireError.garbage("belongs to no band", bytes)
            }
        }
        try tell(&line, body)
    }

    private func tell(_ line: inout [UInt8], _ body: (Piece) throws -> Void) throws {
        let words = WireText.line(line)
        line = []
        if !words.isEmpty { try body(.words(words)) }
    }
}
