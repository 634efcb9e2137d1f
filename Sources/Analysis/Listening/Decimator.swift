import Glibc

/// Makes a stream of half the sample rate of another, without what that could not hold.
struct Decimator {
    private static let taps = 31
    private let kernel: [Float]
    private var waiting: [Float]
    private(set) var output: [Float] = []

    init() {
        // A half-band low pass: a windowed sinc of which every other value is zero but the middle one.
        let middle = Self.taps / 2
        kernel = (0..<Self.taps).map { index in
            let distance = Double(index - middle)
            let sinc = distance == 0 ? 0.5 : sin(.pi * distance / 2) / (.pi * distance)
            let phase = 2 * .pi * Double(index) / Double(Self.taps - 1)
            return Float(sinc * (0.42 - 0.5 * cos(phase) + 0.08 * cos(2 * phase)))
        }
        // What comes out is not late: the first value is made of what lies around the first sample.
        waiting = [Float](repeating: 0, count: middle)
    }

    /// Takes the next samples; what they make is in `output` until the next are taken.
    mutating func add(_ samples: UnsafeBufferPointer<Float>) {
        waiting.append(contentsOf: samples)
        run()
    }

    /// Makes what is still to come at the end.
    mutating func end() {
        waiting.append(contentsOf: repeatElement(0, count: Self.taps / 2))
        run()
    }

    private mutating func run() {
        let middle = Self.taps / 2
        let count = waiting.count < Self.taps ? 0 : (waiting.count - Self.taps) / 2 + 1
        output.removeAll(keepingCapacity: true)
        output.reserveCapacity(count)
        let (odd, center) = (stride(from: 0, to: middle, by: 2).map { kernel[$0] }, kernel[middle])
        waiting.withUnsafeBufferPointer { waiting in
            odd.withUnsafeBufferPointer { odd in
                for index in 0..<count {
                    let start = 2 * index
                    var sum = waiting[start + middle] * center
                    // The kernel is the same on both sides.
                    for tap in 0..<odd.count {
                        sum += odd[tap] * (waiting[start + 2 * tap] + waiting[start + Self.taps - 1 - 2 * tap])
                    }
                    output.append(sum)
                }
            }
        }
        waiting.removeFirst(2 * count)
    }
}
