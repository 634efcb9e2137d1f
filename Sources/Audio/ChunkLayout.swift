/// How a format lays out its chunks, each with a name, a size and contents.
struct ChunkLayout {
    /// Where the first one begins.
    var first: Int64 = 12
    var idLength = 4
    var sizeLength = 4
    var isBigEndian = false
    /// Whether the size is that of the whole chunk, and not of what follows the header.
    var countsHeader = false
    /// Chunks begin at multiples of this.
    var alignment: Int64 = 2
    var dataName = "data"
    /// How many bytes stand before the samples in their chunk.
    var lead: Int64 = 0

    /// A file has a few dozen.
    private static let mostChunks = 4096

    /// The layout of the format that a file begins like; nil for one without chunks.
    static func of(_ head: [UInt8]) -> ChunkLayout? {
        func says(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
        if says("WAVE", at: 8) { return ChunkLayout(isBigEndian: says("RIFX")) }
        if says("FORM"), says("AIFF", at: 8) || says("AIFC", at: 8) {
            return ChunkLayout(isBigEndian: true, dataName: "SSND", lead: 8)
        }
        if says("riff"), says("wave", at: 24) {
            return ChunkLayout(first: 40, idLength: 16, sizeLength: 8, countsHeader: true, alignment: 8)
        }
        if says("caff") { return ChunkLayout(first: 8, sizeLength: 8, isBigEndian: true, alignment: 1, lead: 4) }
        return nil
    }

    /// One of the chunks, as it announces itself.
    private struct Chunk {
        /// The first four bytes of its name.
        let name: Name
        let start: Int64
        let size: Int64
    }

    /// Four letters.
    private struct Name: Equatable {
        let word: UInt32

        init(_ bytes: some Sequence<UInt8>) { word = bytes.reduce(0) { $0 << 8 | UInt32($1) } }

        static let data = Name("data".utf8)
        static let list = Name("LIST".utf8)
        static let sizes = Name("ds64".utf8)
        static let zero = Name([])
        /// Those that stand in a list without a size.
        static let heads = [Name("INFO".utf8), Name("adtl".utf8)]
    }

    /// Calls `body` with each chunk, until it wants no more, or one runs over the end.
    private func walk(_ source: Source, _ body: (Chunk) -> Bool) {
        let header = idLength + sizeLength
        // On the stack: it is done for every file that is added.
        withUnsafeTemporaryAllocation(byteCount: header, alignment: 1) { bytes in
            var place = first
            for _ in 0..<Self.mostChunks {
                guard source.read(at: place, into: bytes) == header else { return }
                var size = number(bytes[idLength...])
                guard size >= (countsHeader ? header : 0) else { return }
                if countsHeader { size -= Int64(header) }
                let start = place + Int64(header)
                guard body(Chunk(name: Name(bytes[..<4]), start: start, size: size)) else { return }
                let (end, overflows) = start.addingReportingOverflow(size)
                guard !overflows, end <= source.size else { return }
                place = (end + alignment - 1) / alignment * alignment
            }
        }
    }

    /// Where the samples begin, and how many bytes they are said to have.
    func sound(in source: Source) -> (start: Int64, size: Int64)? {
        var found: (start: Int64, size: Int64)?
        // Where the size of the samples does not fit into their chunk's four bytes.
        var longSize: Int64?
        let data = Name(dataName.utf8)
        walk(source) { chunk in
            if chunk.name == data {
                let size = chunk.size == 0xffff_ffff ? longSize ?? chunk.size : chunk.size
                found = size < lead ? nil : (chunk.start + lead, size - lead)
                return false
            }
            if chunk.name == .sizes {
                let sizes = source.bytes(at: chunk.start, count: 16)
                if sizes.count == 16 { longSize = sizes.withUnsafeBytes { number($0[8...]) } }
            }
            return true
        }
        return found
    }

    /// Whether a list of a WAV file holds a size of two gigabytes or more. To libsndfile it is negative: it goes back that
    /// far, finds the same size again, and goes round for ever.
    func hasEndlessList(in source: Source) -> Bool {
        guard dataName == "data", idLength == 4, sizeLength == 4 else { return false }
        var isEndless = false
        walk(source) { chunk in
            if chunk.name == .list { isEndless = isEndless || isListEndless(chunk, source) }
            return !isEndless
        }
        return isEndless
    }

    /// Goes through a list as libsndfile does.
    private func isListEndless(_ list: Chunk, _ source: Source) -> Bool {
        let length = min(list.size, source.size - list.start)
        var place: Int64 = 0
        while place < length {
            let bytes = source.bytes(at: list.start + place, count: 8)
            guard bytes.count == 8 else { return false }
            let name = Name(bytes[..<4])
            if Name.heads.contains(name) {
                place += 4
                continue
            }
            if name == Name("exif".utf8) || name == .data || name == .zero { return false }
            let size = bytes.withUnsafeBytes { number($0[4...]) }
            if size >= 0x7fff_ffff { return true }
            place += 8 + size + size % 2
        }
        return false
    }

    private func number(_ bytes: some BidirectionalCollection<UInt8>) -> Int64 {
        let join = { (sum: UInt64, byte: UInt8) in sum << 8 | UInt64(byte) }
        return Int64(bitPattern: isBigEndian ? bytes.reduce(0, join) : bytes.reversed().reduce(0, join))
    }
}
