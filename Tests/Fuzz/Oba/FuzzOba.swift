import Analysis
import Catalog

/// Reads whatever the fuzzer makes up as a blob, and does everything with what comes out.
///
/// It is built only where `OFFBEAT_FUZZERS=1` is set, since it needs libFuzzer:
///
///     OFFBEAT_FUZZERS=1 swift build -c release --product fuzz-oba --scratch-path .build/fuzz \
///         -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld
///     SWIFT_BACKTRACE=enable=no .build/fuzz/release/fuzz-oba -rss_limit_mb=1024 FOUND Tests/AnalysisTests/Corpus
///
/// What it finds belongs into that corpus, which an ordinary test replays.
@main enum FuzzOba {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
        _ = runFuzzer(&count, &arguments) { bytes, size in
            FuzzOba.look(at: Array(UnsafeBufferPointer(start: bytes, count: size)))
            return 0
        }
    }

    /// A blob as it is; and what would be in one if its container were sound, which a fuzzer cannot make so by chance.
    static func look(at bytes: [UInt8]) {
        use(bytes)
        use(AnalysisBlob.contained(bytes))
    }

    private static func use(_ bytes: [UInt8]) {
        _ = try? AnalysisBlob.inspect(bytes)
        guard let analysis = try? AnalysisBlob.decode(bytes) else { return }
        let again = AnalysisBlob.encode(analysis)
        precondition((try? AnalysisBlob.decode(again)) == analysis, "what is read is not what was written")
        precondition(AnalysisBlob.encode(analysis) == again, "the bytes differ")
        precondition(JSON.object(analysis.document).canonical().count == analysis.rawSize, "the size is wrong")
        _ = analysis.audiowaveform(samplesPerPixel: 1024, perChannel: true)
        _ = analysis.audiowaveformJSON()
        _ = analysis.jams()
        _ = analysis.png(width: 40, height: 20)
    }
}

/// libFuzzer's own driver: mutates inputs and hands them over, until it is told to stop.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
