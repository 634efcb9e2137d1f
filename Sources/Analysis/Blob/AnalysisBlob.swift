import Deflate

/// An analysis as the bytes of an `.oba` file, and back.
///
/// The same analysis always gives the same bytes, and what is read back equals what was written. The article
/// `AnalysisBlob` says what each byte means, so that other programs can read and write such files.
public enum AnalysisBlob {
    /// The most bytes that a blob may hold when it is unpacked.
    public static let ceiling = 64 << 20

    /// The most bytes of the part that is JSON.
    public static let jsonLimit = 1 << 20

    /// Puts an analysis into a blob.
    ///
    /// Where it would hold more than ``ceiling``, the finest distances of the waveform are left out, and named in the
    /// setting `leftOut`. Numbers that are not finite count as 0.
    public static func encode(_ analysis: SoundAnalysis, compressed: Bool = true) -> [UInt8] {
        encode(analysis, compressed: compressed, ceiling: ceiling)
    }

    static func encode(_ analysis: SoundAnalysis, compressed: Bool, ceiling: Int) -> [UInt8] {
        var analysis = analysis
        var raw = BlobWriter.raw(analysis)
        while raw.count > ceiling, !analysis.waveform.levels.isEmpty {
            analysis.leaveOutFinest()
            raw = BlobWriter.raw(analysis)
        }
        guard compressed else { return contained(raw) }
        var bytes = BlobHeader(codec: .zlib, rawSize: raw.count, checksum: Checksum.crc32(raw)).bytes
        bytes.reserveCapacity(raw.count / 2)
        // Peaks never repeat exactly: looking for runs alone gives smaller blobs, and is several times faster.
        Deflater(strategy: .runs).compress(raw, into: &bytes)
        return bytes
    }

    /// Puts bytes into a sound container, whatever they are; for those that try to break the reader.
    package static func contained(_ raw: [UInt8]) -> [UInt8] {
        BlobHeader(codec: .raw, rawSize: raw.count, checksum: Checksum.crc32(raw)).bytes + raw
    }

    /// Takes an analysis out of a blob.
    ///
    /// Throws `.tooLarge` for a blob that holds more than ``ceiling``, and `.damaged` for anything else that is not as
    /// the format says. However large a blob claims to be, no more memory is taken than its bytes can unpack to.
    public static func decode(_ bytes: [UInt8]) throws(AnalysisError) -> SoundAnalysis {
        var reader = try BlobReader(bytes)
        return try reader.analysis()
    }

    /// Tells what a blob is made of, and whether it is sound as far as that.
    ///
    /// Reads blobs too whose arrays this program has no use for.
    public static func inspect(_ bytes: [UInt8]) throws(AnalysisError) -> BlobFacts {
        try BlobReader(bytes).facts
    }
}

extension SoundAnalysis {
    /// Leaves out the finest distance of the waveform, and says so in the settings.
    fileprivate mutating func leaveOutFinest() {
        let finest = waveform.levels.removeFirst()
        var leftOut: [Int] = []
        if case .numbers(let earlier) = origin.settings["leftOut"] { leftOut = earlier }
        origin.settings["leftOut"] = .numbers(leftOut + [finest.samplesPerPixel])
    }
}
