import Audio
import CLinux
import Glibc

/// Reads whatever the fuzzer makes up as an audio file: facts, tags, and samples to the end.
///
/// It is built only where `OFFBEAT_FUZZERS=1` is set, since it needs libFuzzer:
///
///     OFFBEAT_FUZZERS=1 swift build -c release --product fuzz-audio --scratch-path .build/fuzz \
///         -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
///     SWIFT_BACKTRACE=enable=no .build/fuzz/release/fuzz-audio -rss_limit_mb=2048 -timeout=20 \
///         -max_len=65536 FOUND Tests/AudioTests/Corpus
///
/// What it finds belongs into that corpus, which an ordinary test replays. The installed libsndfile has no sanitizers in
/// it, so the fuzzer sees less of it than of this project; with one that was built with them, named by `LD_LIBRARY_PATH`,
/// it sees all.
@main enum FuzzAudio {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = runFuzzer(&count, &arguments) { bytes, size in
            FuzzAudio.look(at: UnsafeRawBufferPointer(start: bytes, count: size))
            return 0
        }
    }

    /// Nobody listens on: a few bytes can stand for hours of silence.
    private static let mostFrames = 1 << 18

    static func look(at bytes: UnsafeRawBufferPointer) {
        let closeOnRun: UInt32 = 1  // MFD_CLOEXEC
        let file = memfd_create("input", closeOnRun)
        precondition(file >= 0 && write(file, bytes.baseAddress, bytes.count) == bytes.count, "no file")
        defer { close(file) }
        if let (facts, _) = try? AudioFile.inspect(descriptor: file) {
            precondition((1...1024).contains(facts.channels) && (1...10_000_000).contains(facts.sampleRate))
            precondition((0...Int64(bytes.count) * 8192).contains(facts.frames), "more than can be")
        }
        _ = try? AudioFile.inspect(descriptor: file, mustBeWhole: true)
        _ = ForeignAudio(descriptor: file, ending: "m4a", isNamed: true)
        _ = try? listen(to: file)
    }

    private static func listen(to file: Int32) throws(AudioError) {
        var reader = try SampleReader(descriptor: file)
        var buffer = [Float](repeating: 0, count: 512 * reader.channels)
        var frames = 0
        while frames < mostFrames {
            let got = try buffer.withUnsafeMutableBufferPointer { (room) throws(AudioError) in
                try reader.read(into: room)
            }
            precondition((0...512).contains(got), "more than there is room for")
            if got == 0 { return try reader.finish(afterReading: Int64(frames)) }
            precondition(buffer[..<(got * reader.channels)].allSatisfy { $0.isFinite }, "no number")
            frames += got
        }
    }
}

/// libFuzzer's own driver: mutates inputs and hands them over, until it is told to stop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
