import Glibc

/// How much of what sounds now did not sound a moment ago, frame by frame.
///
/// Magnitudes are gathered in bands of a quarter tone, as the ear hears, and compared with the loudest of the neighbouring
/// bands two frames before, so that a voice that trembles is not taken for new notes.
///
/// What begins in one part of the spectrum only, such as a cymbal above a loud chord, counts for more than its share of it.
struct OnsetCurve {
    private static let lag = 2
    private static let lowest = 60.0
    private static let highest = 9000.0
    private static let bandsAnOctave = 24.0
    /// How faint a sound may be to count: one of a five-thousandth of full scale begins to.
    private static let compression: Float = 5000

    /// Parts of the spectrum that are as many bands wide each.
    private static let parts = 6

    private let weights: [(first: Int, values: [Float])]
    private var past: [[Float]]
    private var scratch: [Float]
    /// One value a frame.
    private(set) var values: [Float] = []

    init(sampleRate: Double, size: Int) {
        let width = sampleRate / Double(size)
        var edges: [Int] = []
        var frequency = Self.lowest
        while frequency < min(Self.highest, sampleRate / 2 * 0.95) {
            let bin = Int((frequency / width).rounded())
            if bin > (edges.last ?? 0) { edges.append(bin) }
            frequency *= pow(2, 1 / Self.bandsAnOctave)
        }
        // Triangles from each edge over the next to the one behind it.
        weights =
            edges.count < 3
            ? []
            : (0..<edges.count - 2).map { index in
                let (start, middle, end) = (edges[index], edges[index + 1], edges[index + 2])
                let values = (start + 1..<end).map { bin -> Float in
                    bin <= middle
                        ? Float(bin - start) / Float(middle - start) : Float(end - bin) / Float(end - middle)
                }
                return (start + 1, values)
            }
        past = Array(repeating: [Float](repeating: 0, count: weights.count), count: Self.lag)
        scratch = [Float](repeating: 0, count: weights.count)
    }

    /// Takes the magnitudes of the next frame.
    mutating func add(_ magnitudes: UnsafeBufferPointer<Float>) {
        for (band, weight) in weights.enumerated() {
            var sum: Float = 0
            weight.values.withUnsafeBufferPointer { values in
                for index in 0..<values.count { sum += values[index] * magnitudes[weight.first + index] }
            }
            scratch[band] = log10f(1 + Self.compression * sum)
        }
        let before = past[0]
        var (rise, squares, high) = (Float(0), Float(0), Float(0))
        let last = weights.count - 1
        for part in 0..<Self.parts {
            let bands = weights.count * part / Self.parts..<weights.count * (part + 1) / Self.parts
            var sum: Float = 0
            for band in bands {
                let loudest = max(before[max(0, band - 1)], before[band], before[min(last, band + 1)])
                sum += max(0, scratch[band] - loudest)
            }
            rise += sum
            high = bands.isEmpty ? 0 : sum / Float(bands.count)
            squares += high * high
        }
        let mean = rise / Float(max(1, weights.count))
        let root = (squares / Float(Self.parts)).squareRoot()
        // What was there before the beginning is not known, so nothing is new in the first frames by being there.
        values.append(values.count < Self.lag ? 0 : max((mean + root) / 2, 0.8 * (0.7 * mean + 0.3 * high)))
        past.removeFirst()
        past.append(scratch)
    }

    /// Takes back what seemed to begin in the frames from there on.
    mutating func forget(from frame: Int) {
        for index in min(frame, values.count)..<values.count { values[index] = 0 }
    }
}
