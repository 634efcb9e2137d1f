import Glibc

/// Curves that tell how the sound is made up, frame by frame.
struct TimbreMeter {
    /// Where the bands begin, in hertz; the last goes up to half the sample rate.
    static let edges = [0.0, 100, 200, 400, 800, 1600, 3200, 6400]
    private static let floor = -96.0
    /// How much louder a band is whose number is greater by one.
    static let decibelsPerStep = -floor / 255

    private let width: Double
    private let highest: Double
    private let limits: [Int]
    private let extras: Set<AnalysisSettings.ExtraCurve>
    private var centroid: [UInt8] = []
    private var bands: [UInt8] = []
    private var rolloff: [UInt8] = []
    private var flux: [UInt8] = []
    private var zeroCrossings: [UInt8] = []
    private var before: [Float] = []

    init(sampleRate: Double, size: Int, extras: Set<AnalysisSettings.ExtraCurve>) {
        width = sampleRate / Double(size)
        highest = sampleRate / 2
        let count = size / 2 + 1
        limits = Self.edges.map { min(count, Int(($0 / sampleRate * Double(size)).rounded(.up))) } + [count]
        self.extras = extras
    }

    /// Takes the next frame, and its magnitudes.
    mutating func add(_ frame: UnsafeBufferPointer<Float>, _ magnitudes: UnsafeBufferPointer<Float>) {
        var (weighted, all) = (0.0, 0.0)
        for band in 0..<Self.edges.count {
            var (sum, moment, energy): (Float, Float, Float) = (0, 0, 0)
            for bin in limits[band]..<limits[band + 1] {
                let value = magnitudes[bin]
                sum += value
                moment += value * Float(bin)
                energy += value * value
            }
            weighted += Double(moment)
            all += Double(sum)
            let decibels = energy > 0 ? 10 * log10(Double(energy)) : Self.floor
            bands.append(Self.byte((decibels - Self.floor) / -Self.floor))
        }
        centroid.append(Self.byte(all > 1e-6 ? weighted / all * width / highest : 0))
        if !extras.isEmpty { addExtras(frame, magnitudes, all) }
    }

    private mutating func addExtras(
        _ frame: UnsafeBufferPointer<Float>, _ magnitudes: UnsafeBufferPointer<Float>, _ all: Double
    ) {
        if extras.contains(.rolloff) {
            let energy = magnitudes.reduce(0.0) { $0 + Double($1 * $1) }
            var (sum, bin) = (0.0, 0)
            while bin < magnitudes.count - 1, sum + Double(magnitudes[bin] * magnitudes[bin]) < 0.85 * energy {
                sum += Double(magnitudes[bin] * magnitudes[bin])
                bin += 1
            }
            rolloff.append(Self.byte(energy > 0 ? Double(bin) * width / highest : 0))
        }
        if extras.contains(.flux) {
            var rise = 0.0
            for bin in magnitudes.indices where !before.isEmpty {
                rise += Double(max(0, magnitudes[bin] - before[bin]))
            }
            before = Array(magnitudes)
            flux.append(Self.byte(all > 0 ? rise / all : 0))
        }
        if extras.contains(.zeroCrossings) {
            var changes = 0
            for index in 1..<frame.count where (frame[index] < 0) != (frame[index - 1] < 0) { changes += 1 }
            zeroCrossings.append(Self.byte(Double(changes) / Double(frame.count - 1)))
        }
    }

    private static func byte(_ share: Double) -> UInt8 { UInt8(max(0, min(255, (share * 255).rounded()))) }

    /// The bands frame by frame, as the curve of them has them.
    var levels: [UInt8] { bands }

    /// The curves, as far as they are wanted.
    var curves: [Features.Curve] {
        func curve(_ name: String, _ raw: [UInt8], width: Int = 1, most: Double = 1) -> Features.Curve {
            Features.Curve(name: name, width: width, scale: most / 255, offset: 0, raw: raw)
        }
        var all = [
            curve("bands", bands, width: Self.edges.count), curve("centroid", centroid, most: highest),
        ]
        if extras.contains(.flux) { all.append(curve("flux", flux)) }
        if extras.contains(.rolloff) { all.append(curve("rolloff", rolloff, most: highest)) }
        if extras.contains(.zeroCrossings) { all.append(curve("zeroCrossings", zeroCrossings)) }
        return all
    }
}
