import CEbur128

/// Loudness by EBU R 128, as libebur128 measures it.
struct LoudnessMeter: ~Copyable {
    private let state: UnsafeMutablePointer<ebur128_state>?

    /// Prepares for a stream. Where libebur128 does not take so many channels or such a rate, nothing is measured.
    init(channels: Int, sampleRate: Int) {
        let mode = Int32(EBUR128_MODE_I.rawValue | EBUR128_MODE_LRA.rawValue | EBUR128_MODE_HISTOGRAM.rawValue)
        state = ebur128_init(UInt32(channels), UInt(sampleRate), mode)
    }

    deinit {
        var state = state
        if state != nil { ebur128_destroy(&state) }
    }

    /// Takes frames, channel by channel within each.
    func add(_ samples: UnsafeBufferPointer<Float>, frames: Int) {
        if let state, frames > 0 { _ = ebur128_add_frames_float(state, samples.baseAddress, frames) }
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
