import Files

/// Made-up sounds, as noise in WAV files: nothing can shrink them, and no two are alike.
enum Sounds {
    private static let pieceSize = 1 << 20

    /// Makes a directory of sounds, each of `size` bytes.
    static func make(_ count: Int, of size: Int, in directory: FilePath) throws {
        try FileSystem.makeDirectory(directory)
        var noise = Noise(seed: UInt64(size))
        for number in 0..<count {
            let name = "sound-" + String(repeating: "0", count: 5 - "\(number)".count) + "\(number).wav"
            let file = try FileDescriptor.open(directory.appending(name), .write, create: .exclusive)
            var rest = size - 44
            try file.write(all: header(dataSize: rest))
            while rest > 0 {
                let piece = min(rest, pieceSize)
                try noise.withBytes(piece) { try file.write(all: $0) }
                rest -= piece
            }
        }
    }

    /// Two channels of 16 bits at 44.1 kHz.
    static func header(dataSize: Int) -> [UInt8] {
        Array("RIFF".utf8) + little(36 + dataSize, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
            + little(2, 2) + little(44100, 4) + little(44100 * 4, 4) + little(4, 2) + little(16, 2)
            + Array("data".utf8) + little(dataSize, 4)
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// Bytes of chance, as fast as they can be written.
private struct Noise {
    private var state: UInt64
    private var words = [UInt64](repeating: 0, count: 1 << 17)

    init(seed: UInt64) { state = seed | 1 }

    mutating func withBytes(_ count: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for index in 0..<(count + 7) / 8 {
            // Xorshift: never zero, and its period is far longer than what is made here.
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            words[index] = state
        }
        try words.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
}
