/// What a file's first bytes say that it is.
struct FileKind: Equatable {
    /// How many bytes are needed.
    static let length = 40
    /// What is said of a file that nothing recognises.
    static let unknownReason = "is no audio that can be read (WAV, AIFF, FLAC, Ogg, Opus, MP3, CAF, AU, W64)"

    /// The kind of audio, with its article: `a WAV file`; nil if the bytes do not begin like audio.
    let audioName: String?
    /// Whether the bytes are such that libsndfile may take them for MP3: nothing else marks them.
    let mayBeMPEG: Bool
    /// Why the file is no audio, where the bytes are clearly of something else.
    let refusal: String?
    /// What another program may read the sound of, where the bytes say so: `m4a`, `wma`, ….
    let foreignFormat: String?
    /// Whether nothing tells what it is.
    let isUnknown: Bool

    init(beginning bytes: [UInt8]) {
        let match = Self.marks.first { mark in
            bytes.count >= mark.offset + mark.bytes.count && bytes[mark.offset...].starts(with: mark.bytes)
        }
        foreignFormat = match?.foreignFormat
        audioName = match.flatMap { $0.isAudio ? $0.name : nil }
        mayBeMPEG = match == nil || match?.bytes == Array("ID3".utf8)
        if let match, !match.isAudio {
            refusal = "is \(match.name), not audio that can be read"
        } else if match == nil, Self.isText(bytes) {
            refusal = "is text, not audio"
        } else {
            refusal = nil
        }
        isUnknown = match == nil && refusal == nil
    }

    private struct Mark {
        let bytes: [UInt8]
        var offset = 0
        let name: String
        var isAudio = false
        var foreignFormat: String?

        static func audio(_ text: String, at offset: Int = 0, _ name: String) -> Mark {
            Mark(bytes: Array(text.utf8), offset: offset, name: name, isAudio: true)
        }

        static func other(_ text: String, at offset: Int = 0, _ name: String) -> Mark {
            Mark(bytes: Array(text.utf8), offset: offset, name: name)
        }

        static func other(_ bytes: [UInt8], _ name: String) -> Mark { Mark(bytes: bytes, name: name) }

        /// What is no audio here, and for which there are decoders.
        static func foreign(_ text: String, at offset: Int = 0, _ name: String, _ format: String) -> Mark {
            Mark(bytes: Array(text.utf8), offset: offset, name: name, foreignFormat: format)
        }
    }

    /// The first that fits decides.
    private static let marks: [Mark] = [
        .audio("WAVE", at: 8, "a WAV file"), .audio("AIFF", at: 8, "an AIFF file"),
        .audio("AIFC", at: 8, "an AIFF file"), .audio("8SVX", at: 8, "an SVX file"),
        .audio("16SV", at: 8, "an SVX file"), .audio("fLaC", "a FLAC file"), .audio("OggS", "an Ogg file"),
        .audio("ID3", "an MP3 file"), .audio("caff", "a CAF file"), .audio(".snd", "an AU file"),
        .audio("dns.", "an AU file"), .audio("NIST_1A", "a NIST file"), .audio("Creative Voice File", "a VOC file"),
        .audio(" paf", "a PAF file"), .audio("fap ", "a PAF file"), .audio("PVF1", "a PVF file"),
        .audio("2BIT", "an AVR file"),
        Mark(bytes: [0x72, 0x69, 0x66, 0x66, 0x2e, 0x91, 0xcf, 0x11], name: "a W64 file", isAudio: true),
        .foreign("ftyp", at: 4, "an MP4 or M4A file", "m4a"), .foreign("wvpk", "a WavPack file", "wv"),
        .foreign("MAC ", "a Monkey's Audio file", "ape"), .foreign("TTA1", "a True Audio file", "tta"),
        .foreign("tBaK", "a TAK file", "tak"), .foreign("MPCK", "a Musepack file", "mpc"),
        .foreign("MP+", "a Musepack file", "mpc"), .foreign("DSD ", "a DSD file", "dsf"),
        .foreign("FRM8", "a DSD file", "dff"), .foreign("#!AMR", "an AMR file", "amr"),
        .foreign(".RMF", "a RealMedia file", "ra"), .foreign("ADIF", "an AAC file", "aac"),
        .other([0xff, 0xd8, 0xff], "a JPEG picture"),
        .other([0x89, 0x50, 0x4e, 0x47], "a PNG picture"), .other("GIF8", "a GIF picture"),
        .other("WEBP", at: 8, "a WebP picture"), .other("AVI ", at: 8, "an AVI film"),
        Mark(bytes: [0x1a, 0x45, 0xdf, 0xa3], name: "a Matroska or WebM file", foreignFormat: "mka"),
        Mark(bytes: [0x30, 0x26, 0xb2, 0x75], name: "a Windows Media file", foreignFormat: "wma"),
        .other("%PDF", "a PDF document"),
        .other([0x50, 0x4b, 0x03, 0x04], "a ZIP archive"), .other([0x1f, 0x8b], "a gzip archive"),
        .other([0x7f, 0x45, 0x4c, 0x46], "a program"), .other("SQLite format 3", "an SQLite database"),
        .other("MThd", "a MIDI file"), .other("version https://git-lfs", "a git-lfs pointer, not the audio itself"),
    ]

    /// Whether all bytes are such as stand in text; a format with a mark never gets here.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f || (0x09...0x0d).contains($0) }
            && (String(validating: bytes, as: UTF8.self) != nil || bytes.allSatisfy { $0 < 0x80 })
    }
}
