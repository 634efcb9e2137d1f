import Deflate

/// Writes pictures of few colours as PNG.
struct PNG {
    let width: Int
    let height: Int
    /// Red, green and blue of each colour, one after the other.
    let palette: [UInt8]
    /// The colour of each point, row by row.
    private(set) var points: [UInt8]

    /// Begins with a picture of colour 0.
    init(width: Int, height: Int, palette: [UInt8]) {
        self.width = width
        self.height = height
        self.palette = palette
        points = [UInt8](repeating: 0, count: width * height)
    }

    /// Gives a column the colour from one row to another, as far as they are in the picture.
    mutating func line(column: Int, rows: ClosedRange<Int>, _ colour: UInt8) {
        guard (0..<width).contains(column) else { return }
        for row in rows.clamped(to: 0...height - 1) { points[row * width + column] = colour }
    }

    /// Gives a row the colour where it has colour 0.
    mutating func rule(row: Int, _ colour: UInt8) {
        guard (0..<height).contains(row) else { return }
        for place in row * width..<(row + 1) * width where points[place] == 0 { points[place] = colour }
    }

    /// The file.
    var file: [UInt8] {
        var header: [UInt8] = []
        header.append(big: width)
        header.append(big: height)
        // Eight bits that name a colour of the palette; packed, filtered and ordered in the only or the plain way.
        header += [8, 3, 0, 0, 0]
        var lines: [UInt8] = []
        lines.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            lines.append(0)
            lines += points[row * width..<(row + 1) * width]
        }
        var packed: [UInt8] = []
        Deflater(level: 9).compress(lines, into: &packed)
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
            + Self.chunk("PLTE", palette) + Self.chunk("IDAT", packed) + Self.chunk("IEND", [])
    }

    private static func chunk(_ name: StaticString, _ data: [UInt8]) -> [UInt8] {
        let named = name.withUTF8Buffer { Array($0) } + data
        var bytes: [UInt8] = []
        bytes.append(big: data.count)
        bytes += named
        bytes.append(big: Int(Checksum.crc32(named)))
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(big number: Int) {
        Swift.withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian) { append(contentsOf: $0) }
    }
}
