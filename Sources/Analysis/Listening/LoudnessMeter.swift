import CEbur128

/// Loudness by EBU R 128, as libebur128 measures it.
///
/// Up to six channels are those of 5.1, as libebur128 has it, and seven and eight those of 6.1 and 7.1 in the order of WAV
/// and FLAC. More have no usual order, so all of them count alike, as ITU-R BS.1770 has it for places that it does not name;
/// libebur128 itself would hear the first six only. Of more than 64, which it does not take, the first 64 count.
struct LoudnessMeter: ~Copyable {
    /// More are not listened to.
    static let mostChannels = 64

    private let state: UnsafeMutablePointer<ebur128_state>?
    private let channels: Int
    /// Room for the channels that count, where not all do.
    private let narrow: UnsafeMutableBufferPointer<Float>?
    private static let narrowFrames = 256

    /// Prepares for a stream. Where libebur128 does not take such a rate, nothing is measured.
    init(channels: Int, sampleRate: Int) {
        let mode = Int32(EBUR128_MODE_I.rawValue | EBUR128_MODE_LRA.rawValue | EBUR128_MODE_HISTOGRAM.rawValue)
        let counted = min(channels, Self.mostChannels)
        self.channels = channels
        state = ebur128_init(UInt32(counted), UInt(sampleRate), mode)
        narrow = counted < channels ? .allocate(capacity: counted * Self.narrowFrames) : nil
        narrow?.initialize(repeating: 0)
        guard let state, channels > 6 else { return }
        for channel in 0..<counted {
            let place = Self.places[channels]?[channel] ?? EBUR128_CENTER
            _ = ebur128_set_channel(state, UInt32(channel), Int32(place.rawValue))
        }
    }

    deinit {
        var state = state
        if state != nil { ebur128_destroy(&state) }
        narrow?.deallocate()
    }

    /// Where the loudspeakers of many channels stand.
    private static let places: [Int: [channel]] = [
        7: [
            EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED, EBUR128_Mp180, EBUR128_Mp090,
            EBUR128_Mm090,
        ],
        8: [
            EBUR128_LEFT, EBUR128_RIGHT, EBUR128_CENTER, EBUR128_UNUSED, EBUR128_Mp135, EBUR128_Mm135,
            EBUR128_Mp090, EBUR128_Mm090,
        ],
    ]

    /// Takes frames, channel by channel within each.
    func add(_ samples: UnsafeBufferPointer<Float>, frames: Int) {
        guard let state, frames > 0 else { return }
        guard let narrow else {
            _ = ebur128_add_frames_float(state, samples.baseAddress, frames)
            return
        }
        var done = 0
        while done < frames {
            let count = min(Self.narrowFrames, frames - done)
            for frame in 0..<count {
                for channel in 0..<Self.mostChannels {
                    narrow[frame * Self.mostChannels + channel] = samples[(done + frame) * channels + channel]
                }
            }
            _ = ebur128_add_frames_float(state, narrow.baseAddress, count)
            done += count
        }
    }

    /// Integrated loudness in LUFS, and the range in LU; nil for silence.
    var result: (integrated: Double?, range: Double?) {
        guard let state else { return (nil, nil) }
        var (integrated, range) = (0.0, 0.0)
        guard ebur128_loudness_global(state, &integrated) == 0, integrated.isFinite else { return (nil, nil) }
        let hasRange = ebur128_loudness_range(state, &range) == 0 && range.isFinite
        return (integrated, hasRange ? range : nil)
    }
}
