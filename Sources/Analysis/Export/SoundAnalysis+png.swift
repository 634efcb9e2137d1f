extension SoundAnalysis {
    /// The greatest width and height of a picture.
    public static let pictureLimit = 16_384

    /// A picture of the waveform as PNG: peaks, the louder core, and beats as ticks at both edges.
    ///
    /// Width and height are at least 1 and at most ``pictureLimit``. Where there are more beats than can be told apart,
    /// every second, fourth and so on is shown.
    public func png(width: Int, height: Int) -> [UInt8] {
        let size = (width: min(max(width, 1), Self.pictureLimit), height: min(max(height, 1), Self.pictureLimit))
        var picture = PNG(width: size.width, height: size.height, palette: Colour.palette)
        drawSilences(in: &picture)
        drawPeaks(in: &picture)
        picture.rule(row: (size.height - 1) / 2, Colour.axis)
        drawBeats(in: &picture)
        return picture.file
    }

    private enum Colour {
        static let silence: UInt8 = 1
        static let peak: UInt8 = 2
        static let core: UInt8 = 3
        static let axis: UInt8 = 4
        static let beat: UInt8 = 5
        /// Paper, a shade of it, two blues, grey, and a warm tone for beats.
        static let palette: [UInt8] = [
            0xFA, 0xFA, 0xF7, 0xEE, 0xEE, 0xE8, 0x8F, 0xB3, 0xCC, 0x3D, 0x6E, 0x91, 0xC9, 0xCE, 0xD1, 0xD0, 0x6A,
            0x3A,
        ]
    }

    private func drawPeaks(in picture: inout PNG) {
        // The coarsest distance that still has a stretch for each column; else the finest.
        let levels = waveform.levels.filter { $0.count > 0 && $0.mono.count == 2 * $0.count }
        let enough = levels.filter { $0.count >= picture.width }
        guard let level = enough.min(by: { $0.count < $1.count }) ?? levels.max(by: { $0.count < $1.count }) else {
            return
        }
        for column in 0..<picture.width {
            let first = column * level.count / picture.width
            let stretch = first..<max(first + 1, (column + 1) * level.count / picture.width)
            var (least, greatest, loudness) = (Int8.max, Int8.min, 0.0)
            for place in stretch {
                least = min(least, level.mono[2 * place])
                greatest = max(greatest, level.mono[2 * place + 1])
                loudness = max(loudness, Double(level.rms[place]) / 255)
            }
            let (low, high) = (Double(least) / 128, Double(greatest) / 128)
            picture.line(column: column, rows: rows(from: low, to: high, of: picture.height), Colour.peak)
            let core = rows(from: max(low, -loudness), to: min(high, loudness), of: picture.height)
            picture.line(column: column, rows: core, Colour.core)
        }
    }

    /// The rows from one height to another, each from -1 to 1; at least one.
    private func rows(from low: Double, to high: Double, of height: Int) -> ClosedRange<Int> {
        func row(_ value: Double) -> Int { Int(((1 - value) / 2 * Double(height - 1)).rounded()) }
        let (top, bottom) = (row(max(low, high)), row(min(low, high)))
        return top...bottom
    }

    private func drawSilences(in picture: inout PNG) {
        for silence in markers.silences {
            guard let start = column(of: silence.start, picture), let end = column(of: silence.end, picture),
                start < end
            else { continue }
            for column in start..<min(end, picture.width) {
                picture.line(column: column, rows: 0...picture.height - 1, Colour.silence)
            }
        }
    }

    private func drawBeats(in picture: inout PNG) {
        var step = 1
        while markers.beats.count / step > max(1, picture.width / 4) { step *= 2 }
        let length = max(1, picture.height / 12)
        for index in stride(from: 0, to: markers.beats.count, by: step) {
            guard let column = column(of: markers.beats[index], picture) else { continue }
            picture.line(column: column, rows: 0...length - 1, Colour.beat)
            picture.line(column: column, rows: picture.height - length...picture.height - 1, Colour.beat)
        }
    }

    /// Where a moment is in the picture; nil for one that is not in the audio.
    private func column(of moment: Int, _ picture: PNG) -> Int? {
        let duration = features.durationMs
        guard moment >= 0, moment <= duration, duration > 0 else { return nil }
        return Int(Double(moment) / Double(duration) * Double(picture.width))
    }
}
