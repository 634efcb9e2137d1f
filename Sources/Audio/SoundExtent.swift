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
        guard let data = ChunkLayout.of(head)?.sound(in: source) else { return nil }
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
