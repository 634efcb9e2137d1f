import Glibc

/// How loud the highest sounds are, moment by moment, so that the short and bright ones are heard each by itself.
///
/// A spectrum blurs what follows within a tenth of a second, and a faint cymbal is lost in it beside a loud chord. What is
/// left of the signal when four times the difference from one sample to the next is taken holds little but what is high.
struct TrebleMeter {
    private static let order = 4
    /// What is fainter than this counts as silence.
    private static let faintest: Float = 0.0002

    private let hop: Int
    private var waiting: [Float]
    /// In decibels, one value a hop, each of the hop around that moment.
    private(set) var levels: [Float] = []

    /// - Parameter hop: How many samples lie between a value and the next.
    init(hop: Int) {
        self.hop = hop
        waiting = [Float](repeating: 0, count: (hop + Self.order) / 2)
    }

    /// Takes the next samples.
    mutating func add(_ samples: UnsafeBufferPointer<Float>) {
        waiting.append(contentsOf: samples)
        var start = 0
        waiting.withUnsafeBufferPointer { waiting in
            while waiting.count - start >= hop + Self.order {
                let power = Self.power(waiting, start, hop)
                levels.append(20 * log10f(power.squareRoot() + Self.faintest))
                start += hop
            }
        }
        if start > 0 { waiting.removeFirst(start) }
    }

    /// The mean square of the fourth differences, which are at most sixteen times the signal.
    private static func power(_ samples: UnsafeBufferPointer<Float>, _ start: Int, _ count: Int) -> Float {
        let base = UnsafeRawPointer(samples.baseAddress!)
        func load(_ index: Int) -> SIMD8<Float> {
            base.loadUnaligned(fromByteOffset: 4 * index, as: SIMD8<Float>.self)
        }
        var sums = SIMD8<Float>()
        let whole = count / 8 * 8
        for index in stride(from: start, to: start + whole, by: 8) {
            let outer = load(index) + load(index + 4)
            let inner = load(index + 1) + load(index + 3)
            let value = outer - 4 * inner + 6 * load(index + 2)
            sums += value * value
        }
        return sums.sum() / Float(256 * max(1, whole))
    }
}
