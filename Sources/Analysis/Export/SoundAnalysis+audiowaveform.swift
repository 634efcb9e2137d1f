import Catalog

/// The waveform as BBC's audiowaveform writes it, which peaks.js and wavesurfer read.
extension SoundAnalysis {
    /// The binary form: version 1 with the mean of all channels, or version 2 with each channel.
    ///
    /// The distance is the finest that has at least so many samples a pixel, else the coarsest there is.
    public func audiowaveform(samplesPerPixel: Int = 0, perChannel: Bool = false) -> [UInt8] {
        let view = WaveformView(self, samplesPerPixel, perChannel)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + view.peaks.count)
        bytes.append(little: Int32(view.version))
        // Eight bits.
        bytes.append(little: UInt32(1))
        bytes.append(little: Int32(truncatingIfNeeded: features.sampleRate))
        bytes.append(little: Int32(truncatingIfNeeded: view.samplesPerPixel))
        bytes.append(little: UInt32(truncatingIfNeeded: view.count))
        if view.version == 2 { bytes.append(little: Int32(view.channels)) }
        return bytes + view.peaks.lazy.map { UInt8(bitPattern: $0) }
    }

    /// The form as JSON of one line, with the same numbers.
    public func audiowaveformJSON(samplesPerPixel: Int = 0, perChannel: Bool = false) -> [UInt8] {
        let view = WaveformView(self, samplesPerPixel, perChannel)
        let json: JSONObject = [
            "version": .integer(2), "channels": .whole(view.channels), "sample_rate": .whole(features.sampleRate),
            "samples_per_pixel": .whole(view.samplesPerPixel), "bits": .integer(8), "length": .whole(view.count),
            "data": .array(view.peaks.map { .whole(Int($0)) }),
        ]
        return JSON.object(json).compact()
    }
}

/// One distance as audiowaveform orders it: for each stretch the least and greatest of each channel in turn.
private struct WaveformView {
    let samplesPerPixel: Int
    let channels: Int
    let count: Int
    let peaks: [Int8]

    /// Readers tell by the version whether the header says how many channels there are.
    var version: Int { channels == 1 ? 1 : 2 }

    init(_ analysis: SoundAnalysis, _ wanted: Int, _ perChannel: Bool) {
        let levels = analysis.waveform.levels
        let level =
            levels.filter { $0.samplesPerPixel >= wanted }.min { $0.samplesPerPixel < $1.samplesPerPixel }
            ?? levels.max { $0.samplesPerPixel < $1.samplesPerPixel }
            ?? Waveform.Level(samplesPerPixel: Waveform.distances[0], mono: [], channels: [], rms: [])
        let planes = perChannel && level.channels.count > 1 ? level.channels : [level.mono]
        samplesPerPixel = level.samplesPerPixel
        channels = planes.count
        count = planes.map { $0.count / 2 }.min() ?? 0
        if planes.count == 1 {
            peaks = level.mono
            return
        }
        var peaks: [Int8] = []
        peaks.reserveCapacity(count * planes.count * 2)
        for pair in 0..<count { for plane in planes { peaks += plane[2 * pair...2 * pair + 1] } }
        self.peaks = peaks
    }
}
