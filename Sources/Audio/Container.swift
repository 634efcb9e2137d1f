import CSndfile

/// A file format that libsndfile reads and that bytes mark clearly enough to be believed.
///
/// Formats of which libsndfile only guesses (raw, HTK, MPC 2000, WVE, SDS) are left out on purpose: it takes other
/// files for them.
struct Container: Sendable {
    let name: String
    let fileExtension: String
    /// Whether its samples are compressed whatever the encoding says, as in FLAC, which announces itself as PCM.
    var isCompressed = false
    /// Whether it may say nothing about its length.
    var mayOmitLength = false

    static let all: [Int32: Container] = [
        Int32(SF_FORMAT_WAV): Container(name: "wav", fileExtension: "wav"),
        Int32(SF_FORMAT_WAVEX): Container(name: "wav", fileExtension: "wav"),
        Int32(SF_FORMAT_RF64): Container(name: "rf64", fileExtension: "wav"),
        Int32(SF_FORMAT_W64): Container(name: "w64", fileExtension: "w64"),
        Int32(SF_FORMAT_AIFF): Container(name: "aiff", fileExtension: "aiff"),
        Int32(SF_FORMAT_CAF): Container(name: "caf", fileExtension: "caf"),
        Int32(SF_FORMAT_AU): Container(name: "au", fileExtension: "au"),
        Int32(SF_FORMAT_FLAC): Container(
            name: "flac", fileExtension: "flac", isCompressed: true, mayOmitLength: true),
        Int32(SF_FORMAT_OGG): Container(name: "ogg", fileExtension: "ogg", isCompressed: true, mayOmitLength: true),
        Int32(SF_FORMAT_MPEG): Container(
            name: "mp3", fileExtension: "mp3", isCompressed: true, mayOmitLength: true),
        Int32(SF_FORMAT_PAF): Container(name: "paf", fileExtension: "paf"),
        Int32(SF_FORMAT_SVX): Container(name: "svx", fileExtension: "svx"),
        Int32(SF_FORMAT_NIST): Container(name: "nist", fileExtension: "sph"),
        Int32(SF_FORMAT_VOC): Container(name: "voc", fileExtension: "voc"),
        Int32(SF_FORMAT_IRCAM): Container(name: "ircam", fileExtension: "sf"),
        Int32(SF_FORMAT_PVF): Container(name: "pvf", fileExtension: "pvf"),
        Int32(SF_FORMAT_AVR): Container(name: "avr", fileExtension: "avr"),
    ]
}

/// How the samples are stored.
struct Encoding: Sendable {
    /// The bits of libsndfile's formats that tell it.
    static let mask = Int32(SF_FORMAT_SUBMASK)
    private let subtype: Int32

    init(subtype: Int32) {
        self.subtype = subtype
    }

    /// The bits of a sample; nil where loss or prediction leaves no such number.
    var bits: Int? {
        switch subtype {
        case Int32(SF_FORMAT_PCM_S8), Int32(SF_FORMAT_PCM_U8): 8
        case Int32(SF_FORMAT_DWVW_12): 12
        case Int32(SF_FORMAT_PCM_16), Int32(SF_FORMAT_ALAC_16), Int32(SF_FORMAT_DWVW_16): 16
        case Int32(SF_FORMAT_ALAC_20): 20
        case Int32(SF_FORMAT_PCM_24), Int32(SF_FORMAT_ALAC_24), Int32(SF_FORMAT_DWVW_24): 24
        case Int32(SF_FORMAT_PCM_32), Int32(SF_FORMAT_ALAC_32), Int32(SF_FORMAT_FLOAT): 32
        case Int32(SF_FORMAT_DOUBLE): 64
        default: nil
        }
    }

    /// The bytes of a sample, where every sample takes the same.
    var bytesPerSample: Int? {
        switch subtype {
        case Int32(SF_FORMAT_PCM_S8), Int32(SF_FORMAT_PCM_U8), Int32(SF_FORMAT_ULAW), Int32(SF_FORMAT_ALAW): 1
        case Int32(SF_FORMAT_PCM_16): 2
        case Int32(SF_FORMAT_PCM_24): 3
        case Int32(SF_FORMAT_PCM_32), Int32(SF_FORMAT_FLOAT): 4
        case Int32(SF_FORMAT_DOUBLE): 8
        default: nil
        }
    }

    /// The name of an encoding whose decoder in libsndfile writes and reads beside its memory where a file wants it to.
    var refusedName: String? {
        switch subtype {
        case Int32(SF_FORMAT_NMS_ADPCM_16), Int32(SF_FORMAT_NMS_ADPCM_24), Int32(SF_FORMAT_NMS_ADPCM_32):
            "NMS ADPCM"
        default: nil
        }
    }

    /// The name and extension of an encoding that people take for a format of its own.
    var ownName: (name: String, fileExtension: String)? {
        switch subtype {
        case Int32(SF_FORMAT_OPUS): ("opus", "opus")
        case Int32(SF_FORMAT_MPEG_LAYER_I): ("mp1", "mp1")
        case Int32(SF_FORMAT_MPEG_LAYER_II): ("mp2", "mp2")
        default: nil
        }
    }
}
