import CSndfile

/// How many bytes of sound a file announces, and how many of them are there.
///
/// libsndfile takes what is there for the whole and tells nobody, so half a download sounds like a short piece. Only
/// formats that say how long their samples are come here; the others are checked by what can be decoded.
struct SoundExtent: Equatable {
    let announced: Int64
    let present: Int64

    /// Looks at the file's chunks; nil where nothing is announced that could be held against it.
    init?(of source: Source) {
        let head = source.bytes(at: 0, count: 40)
        guard let layout = Layout.of(head) else { return nil }
        guard let data = layout.sound(in: source) else { return nil }
        guard data.size > 0, !Self.isPlaceholder(data.size) else { return nil }
        announced = data.size
        present = max(0, min(data.size, source.size - data.start))
    }

    /// Whether a size is what programs write that cannot know it yet, since they write to a pipe: the greatest that four
    /// bytes hold with a sign or without, or a little less, for whole blocks or the header.
    private static func isPlaceholder(_ size: Int64) -> Bool {
        [0x7f00_0000, 0x8000_0000, 0x1_0000_0000].contains { ($0 - 0x1_0000...$0).contains(size) }
    }
}

/// How a format lays out its chunks.
private struct Layout {
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

    static func of(_ head: [UInt8]) -> Layout? {
        func says(_ text: String, at offset: Int = 0) -> Bool { head.dropFirst(offset).starts(with: text.utf8) }
        if says("WAVE", at: 8) { return Layout(isBigEndian: says("RIFX")) }
        if says("FORM"), says("AIFF", at: 8) || says("AIFC", at: 8) {
            return Layout(isBigEndian: true, dataName: "SSND", lead: 8)
        }
        if says("riff"), says("wave", at: 24) {
            return Layout(first: 40, idLength: 16, sizeLength: 8, countsHeader: true, alignment: 8)
        }
        if says("caff") { return Layout(first: 8, sizeLength: 8, isBigEndian: true, alignment: 1, lead: 4) }
        return nil
    }

    /// Where the samples begin, and how many bytes they are said to have.
    func sound(in source: Source) -> (start: Int64, size: Int64)? {
        var place = first
        let header = Int64(idLength + sizeLength)
        // Where the size of the samples does not fit into their chunk's four bytes.
        var longSize: Int64?
        for _ in 0..<Self.mostChunks where place < source.size {
            let bytes = source.bytes(at: place, count: Int(header))
            guard bytes.count == header else { return nil }
            var size = number(bytes[idLength...])
            guard size >= (countsHeader ? header : 0) else { return nil }
            if countsHeader { size -= header }
            let start = place + header
            if bytes.starts(with: dataName.utf8) {
                if size == 0xffff_ffff, let longSize { size = longSize }
                return size < lead ? nil : (start + lead, size - lead)
            }
            if bytes.starts(with: "ds64".utf8) {
                let sizes = source.bytes(at: start, count: 16)
                if sizes.count == 16 { longSize = number(sizes[8...]) }
            }
            let (end, overflows) = start.addingReportingOverflow(size)
            guard !overflows, end <= source.size else { return nil }
            place = (end + alignment - 1) / alignment * alignment
        }
        return nil
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        let ordered = isBigEndian ? Array(bytes) : bytes.reversed()
        return Int64(bitPattern: ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

extension SoundFile {
    /// Throws if the file has fewer samples than it announces.
    func checkWhole(in source: Source) throws(AudioError) {
        guard let extent = SoundExtent(of: source) else { return }
        let bytes = Encoding(subtype: info.format & Encoding.mask).bytesPerSample
        let unit = bytes.map { Int64($0) * Int64(info.channels) } ?? 1
        let (there, all) = (extent.present / unit, extent.announced / unit)
        guard there < all else { return }
        let what = bytes == nil ? "bytes of sound" : "frames"
        throw AudioError(.damaged, "is cut off: \(there) of \(all) \(what) are there")
    }
}
