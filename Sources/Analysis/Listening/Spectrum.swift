import CKissFFT
import Glibc

/// The magnitudes of a frame's spectrum.
///
/// By kissfft: it is small, free of conditions that a program of this licence could not keep, and as quick as is needed,
/// since frames are real and no longer than they have to be.
final class Spectrum {
    /// How many magnitudes there are: from 0 up to half the sample rate.
    let count: Int
    private let size: Int
    private let plan: kiss_fftr_cfg
    private let window: UnsafeMutablePointer<Float>
    private let input: UnsafeMutablePointer<Float>
    private let output: UnsafeMutablePointer<kiss_fft_cpx>
    private let magnitudes: UnsafeMutablePointer<Float>

    /// Prepares for frames of a size that is a power of two.
    init(size: Int) {
        guard let plan = kiss_fftr_alloc(Int32(size), 0, nil, nil) else { preconditionFailure("out of memory") }
        self.plan = plan
        self.size = size
        count = size / 2 + 1
        window = .allocate(capacity: size)
        input = .allocate(capacity: size)
        output = .allocate(capacity: count)
        magnitudes = .allocate(capacity: count)
        // Hann's window, scaled so that a sine of full scale has a magnitude of 1.
        for index in 0..<size {
            window[index] = Float((1 - cos(2 * .pi * (Double(index) + 0.5) / Double(size))) * 2 / Double(size))
        }
        output.initialize(repeating: kiss_fft_cpx(r: 0, i: 0), count: count)
    }

    deinit {
        free(UnsafeMutableRawPointer(plan))
        window.deallocate()
        input.deallocate()
        output.deallocate()
        magnitudes.deallocate()
    }

    /// The magnitudes of a frame; they are there until the next one is asked for.
    func of(_ frame: UnsafeBufferPointer<Float>) -> UnsafeBufferPointer<Float> {
        precondition(frame.count == size)
        let samples = frame.baseAddress!
        for index in 0..<size { input[index] = samples[index] * window[index] }
        kiss_fftr(plan, input, output)
        for index in 0..<count {
            let value = output[index]
            magnitudes[index] = (value.r * value.r + value.i * value.i).squareRoot()
        }
        return UnsafeBufferPointer(start: magnitudes, count: count)
    }
}
