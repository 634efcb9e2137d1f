/// Tells MP3 from bytes that only look like it.
///
/// libsndfile takes any file for MP3 in which eleven bits are set at the right place. Here the beginning must hold
/// a chain of frames: each header valid, of one kind with the one before, and exactly where that one ends.
enum MPEGFrames {
    /// How far behind the tags the first frame may lie; encoders leave some padding there.
    private static let window = 1 << 16
    private static let neededFrames = 3

    /// Whether a chain of frames begins behind the tags of the file, or a FLAC stream does, which may have such tags.
    static func begin(in source: Source) -> Bool {
        var offset: Int64 = 0
        while let length = tagLength(source.bytes(at: offset, count: 10)) { offset += length }
        let bytes = source.bytes(at: offset, count: window)
        if bytes.starts(with: "fLaC".utf8) { return true }
        let endsHere = offset + Int64(bytes.count) == source.size
        return bytes.indices.contains { isChain(bytes, from: $0, endsHere: endsHere) }
    }

    /// The length of an ID3v2 tag that begins with these bytes.
    private static func tagLength(_ header: [UInt8]) -> Int64? {
        guard header.count == 10, header.starts(with: "ID3".utf8), header[6...].allSatisfy({ $0 < 0x80 }) else {
            return nil
        }
        let size = header[6...].reduce(Int64(0)) { $0 << 7 | Int64($1) }
        let hasFooter = header[5] & 0x10 != 0
        return 10 + size + (hasFooter ? 10 : 0)
    }

    private static func isChain(_ bytes: [UInt8], from start: Int, endsHere: Bool) -> Bool {
        var position = start
        var first: Header?
        for found in 0..<neededFrames {
            // A short file may end, or have its ID3v1 tag, behind its first whole frame.
            if found > 0, endsHere,
                position == bytes.count || bytes[min(position, bytes.count)...].starts(with: "TAG".utf8)
            {
                return true
            }
            guard position + 4 <= bytes.count, let header = Header(bytes[position..<(position + 4)]) else {
                return false
            }
            if let first, !first.isLike(header) { return false }
            first = first ?? header
            position += header.length
            if position > bytes.count { return found > 0 }
        }
        return true
    }

    /// The four bytes at the beginning of a frame.
    private struct Header {
        private let version: Int
        private let layer: Int
        private let sampleRate: Int
        /// The bytes to the next frame.
        let length: Int

        init?(_ bytes: ArraySlice<UInt8>) {
            let word = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let (version, layer) = (Int(word >> 19 & 3), Int(word >> 17 & 3))
            let (rate, speed) = (Int(word >> 12 & 15), Int(word >> 10 & 3))
            guard word >> 21 == 0x7ff, version != 1, layer != 0, rate != 0, rate != 15, speed != 3 else {
                return nil
            }
            self.version = version
            self.layer = layer
            // Version 3 is MPEG 1, 2 is MPEG 2 at half the rates, 0 is MPEG 2.5 at a quarter.
            sampleRate = [44100, 48000, 32000][speed] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
            let kilobits = Self.bitRates(version: version, layer: layer)[rate - 1]
            let padding = Int(word >> 9 & 1)
            if layer == 3 {
                length = (12_000 * kilobits / sampleRate + padding) * 4
            } else {
                let samples = layer == 1 && version != 3 ? 576 : 1152
                length = samples / 8 * 1000 * kilobits / sampleRate + padding
            }
        }

        func isLike(_ other: Header) -> Bool {
            version == other.version && layer == other.layer && sampleRate == other.sampleRate
        }

        /// The table of the standard; in the header layer 3 is I, 2 is II, 1 is III.
        private static func bitRates(version: Int, layer: Int) -> [Int] {
            switch (version == 3, layer) {
            case (true, 3): [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448]
            case (true, 2): [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
            case (true, _): [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            case (false, 3): [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256]
            default: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
            }
        }
    }
}
