import Glibc

/// A made-up sound: a sine as a WAV file, its bytes written by hand.
///
/// `bits` is 8, 16, 24 or 32 (integers). The channels sound alike; `amplitude` is between 0 and 1.
public func wav(
    seconds: Double = 1, frequency: Double = 440, sampleRate: Int = 44100, channels: Int = 1, bits: Int = 16,
    amplitude: Double = 0.5
) -> [UInt8] {
    let frames = Int(seconds * Double(sampleRate))
    var samples = [UInt8]()
    samples.reserveCapacity(frames * channels * bits / 8)
    for frame in 0..<frames {
        let angle = 2 * Double.pi * frequency * Double(frame) / Double(sampleRate)
        let sample = encoded(sin(angle) * amplitude, bits: bits)
        for _ in 0..<channels { samples += sample }
    }
    return waveHeader(dataSize: samples.count, sampleRate: sampleRate, channels: channels, bits: bits) + samples
}

/// A made-up sound that is like no other seed's: noise of 16 bits as a WAV file.
public func noise(seed: UInt64, frames: Int = 800, sampleRate: Int = 44100, channels: Int = 1) -> [UInt8] {
    var random = SeededRandom(seed: seed)
    let samples = random.bytes(frames * channels * 2)
    return waveHeader(dataSize: samples.count, sampleRate: sampleRate, channels: channels, bits: 16) + samples
}

private func waveHeader(dataSize: Int, sampleRate: Int, channels: Int, bits: Int) -> [UInt8] {
    let frameSize = channels * bits / 8
    return Array("RIFF".utf8) + little(36 + dataSize, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
        + little(channels, 2) + little(sampleRate, 4) + little(sampleRate * frameSize, 4) + little(frameSize, 2)
        + little(bits, 2) + Array("data".utf8) + little(dataSize, 4)
}

/// One sample; eight bits are without sign in this format, more are with it.
private func encoded(_ value: Double, bits: Int) -> [UInt8] {
    let full = Double(1 << (bits - 1)) - 1
    let sample = Int((value * full).rounded())
    return little(bits == 8 ? sample + 128 : sample, bits / 8)
}

private func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
