import Analysis
import Audio
import Catalog
import Digest
import Files
import Glibc
import Offbeat
import TestSupport

/// What listening costs, and what comes of it, in one process.
extension Work {
    /// Measures how long a core is at work on a whole analysis.
    static func analyse(_ path: FilePath) throws {
        let file = try FileDescriptor.open(path, .read)
        for round in 0..<6 {
            let before = processorSeconds()
            _ = try SoundAnalysis.analyse(descriptor: file.raw, source: .ofNothing)
            if round > 0 { print(processorSeconds() - before) }
        }
    }

    /// Analyses a file, packs and unpacks what was found, and tells the most memory that took.
    static func analyseOnce(_ path: FilePath) throws {
        let file = try FileDescriptor.open(path, .read)
        _ = try AnalysisBlob.decode(
            AnalysisBlob.encode(SoundAnalysis.analyse(descriptor: file.raw, source: .ofNothing)))
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        print(usage.ru_maxrss << 10)
    }

    /// Decodes a file to its end.
    static func decode(_ path: FilePath) throws {
        let file = try FileDescriptor.open(path, .read)
        var reader = try SampleReader(descriptor: file.raw)
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: 1 << 15)
        defer { buffer.deallocate() }
        while try reader.read(into: buffer) > 0 {}
    }

    /// Writes an analysis as JSON beside the file. Prints the sizes of the blob, of what it holds, and of the JSON, and then
    /// how long packing took, again and again.
    static func packAnalysis(of path: FilePath) throws {
        let file = try FileDescriptor.open(path, .read)
        let analysis = try SoundAnalysis.analyse(descriptor: file.raw, source: .ofNothing)
        let blob = AnalysisBlob.encode(analysis)
        let json = JSON.object(analysis.document).canonical()
        try FileSystem.write(json, to: FilePath(path.string + ".json"))
        print(blob.count)
        print(AnalysisBlob.encode(analysis, compressed: false).count)
        print(json.count)
        for _ in 0..<21 {
            let before = processorSeconds()
            _ = AnalysisBlob.encode(analysis)
            print(processorSeconds() - before)
        }
    }

    /// Measures how long it takes a process at work to read the analysis of the only track there is.
    static func readAnalyses(at path: FilePath, remembering: Bool) throws {
        let library = try Library(at: path, context: .bench)
        try library.settings.set(.cacheMemory, to: remembering ? "16" : "0")
        let session = try library.session()
        for round in 0..<220 {
            let watch = Stopwatch()
            let reading = try session.readAnalysis(of: "song", isCachedOnly: true)
            if round >= 20 { print(watch.seconds) }
            guard case .sound = reading.content else { throw BenchError("it was not read") }
        }
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
