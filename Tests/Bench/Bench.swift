import Files
import Glibc
import TestSupport

/// Measures Offbeat against other programs and against what the machine can do at best.
///
/// Times drift on a shared machine, so each figure is a ratio that was measured in one run, pair by pair. `Row` is one
/// piece of work to measure, `Pairs` is how, `Finding` is what came of it. What must not be measured together with this
/// program, or would swell its memory, runs in a process of its own, see `Work`. It judges nothing: rows that miss their
/// goals are said to, and tuning is done elsewhere.
@main
struct Bench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            if words.first == "--work" {
                try Work.run(Array(words.dropFirst()))
            } else {
                let options = try Options(words)
                exit(try options.place == nil ? Supervisor(options).run() : measure(options))
            }
        } catch {
            writeError("bench: \(error)\n")
            exit(1)
        }
    }

    /// Measures the rows that were asked for, in the place that was made for it.
    private static func measure(_ options: Options) throws -> Int32 {
        let rows = try Row.chosen(options.rows)
        let workshop = try Workshop(options)
        var report = Report(machine: .current, place: options.placeWords)
        var failed = false
        for row in rows {
            writeError("\(row.name): \(row.summary) …\n")
            let watch = Stopwatch()
            do {
                report.findings += try row.measure(workshop)
            } catch {
                failed = true
                writeError("\(row.name) could not be measured: \(error)\n")
            }
            writeError("\(row.name): \(Int(watch.seconds.rounded())) s\n")
            try workshop.clear()
            try FileSystem.write(report.json, to: options.json)
        }
        print(report.table)
        writeError("written to \(options.json)\n")
        return failed ? 1 : 0
    }
}

/// Says something that is no result.
func writeError(_ text: String) {
    _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
}
