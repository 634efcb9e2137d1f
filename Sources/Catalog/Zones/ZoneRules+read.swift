extension ZoneRules {
    /// No zone's file is larger.
    public static let sizeLimit = 1 << 20

    /// Reads a file of the time zone database; nil for anything else.
    public init?(file: [UInt8]) {
        var reader = TZifReader(bytes: file)
        guard let first = reader.header() else { return nil }
        guard first.version >= UInt8(ascii: "2") else {
            guard let body = reader.body(first, wide: false) else { return nil }
            self.init(first: body.first, changes: body.changes, tail: nil)
            return
        }
        // The first block is for programs that know only 32 bits.
        guard reader.skip(first.size(wide: false)), let second = reader.header(),
            let body = reader.body(second, wide: true)
        else { return nil }
        let footer = reader.rest.dropFirst().prefix { $0 != UInt8(ascii: "\n") }
        let tail = footer.isEmpty ? nil : ZoneTail(Array(footer))
        if !footer.isEmpty, tail == nil { return nil }
        self.init(first: body.first, changes: body.changes, tail: tail)
    }
}

/// Reads the blocks of a zone's file.
private struct TZifReader {
    struct Header {
        let version: UInt8
        let isUTCCount, isStandardCount, leapCount, changeCount, typeCount, nameBytes: Int

        func size(wide: Bool) -> Int {
            let width = wide ? 8 : 4
            return changeCount * (width + 1) + typeCount * 6 + nameBytes + leapCount * (width + 4)
                + isStandardCount + isUTCCount
        }
    }

    private let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var rest: ArraySlice<UInt8> { bytes[place...] }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - place else { return false }
        place += count
        return true
    }

    mutating func header() -> Header? {
        let start = place
        guard skip(44), bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else { return nil }
        let counts = (0..<6).map { Int(Int32(truncatingIfNeeded: number(at: start + 20 + $0 * 4, width: 4))) }
        guard counts.allSatisfy({ (0...ZoneRules.sizeLimit).contains($0) }), counts[4] > 0 else { return nil }
        return Header(
            version: bytes[start + 4], isUTCCount: counts[0], isStandardCount: counts[1], leapCount: counts[2],
            changeCount: counts[3], typeCount: counts[4], nameBytes: counts[5])
    }

    mutating func body(_ header: Header, wide: Bool) -> (first: Int, changes: [(at: Int64, offset: Int)])? {
        let start = place
        guard skip(header.size(wide: wide)) else { return nil }
        let width = wide ? 8 : 4
        let kinds = start + header.changeCount * width
        let types = kinds + header.changeCount
        let offsets = (0..<header.typeCount).map { Int(number(at: types + $0 * 6, width: 4)) }
        var changes: [(at: Int64, offset: Int)] = []
        for index in 0..<header.changeCount {
            let kind = Int(bytes[kinds + index])
            guard kind < offsets.count, offsets[kind].magnitude < 86_400 else { return nil }
            changes.append((number(at: start + index * width, width: width), offsets[kind]))
        }
        guard offsets[0].magnitude < 86_400, zip(changes, changes.dropFirst()).allSatisfy({ $0.at < $1.at }) else {
            return nil
        }
        return (offsets[0], changes)
    }

    /// A signed number, the greatest byte first.
    private func number(at place: Int, width: Int) -> Int64 {
        let value = bytes[place..<(place + width)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return width == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    }
}
