import Analysis
import Catalog
import Digest
import Glibc

/// Prints what is heard in each file as a line of JSON, for the script beside it that judges it.
///
/// With `--time` it says instead how many times faster than real time a core was, and how much memory that took.
@main
enum Listen {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let isTimed = arguments.contains("--time")
        for path in arguments where path != "--time" {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return fail("\(path) cannot be opened") }
            defer { close(descriptor) }
            do throws(AnalysisError) {
                let began = processorSeconds()
                // The hash is left out: it is no part of listening.
                let analysis = try SoundAnalysis.analyse(descriptor: descriptor, source: .ofNothing)
                let took = processorSeconds() - began
                if isTimed {
                    let seconds = Double(analysis.features.durationMs) / 1000
                    print("\(Int(seconds / took)) x real time, \(mostMemory()) KiB, \(path)")
                } else {
                    print(JSON.object(analysis.document).description)
                }
            } catch { return fail("\(path) \(error.reason)") }
        }
    }

    private static func fail(_ reason: String) {
        let line = "listen: \(reason)\n"
        write(2, line, line.utf8.count)
        exit(1)
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The most that the process has held so far, in KiB.
    private static func mostMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
