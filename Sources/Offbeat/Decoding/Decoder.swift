import Files
import Processes

/// A program of the person's choice that turns audio which libsndfile does not read into WAV.
///
/// Which program that is never comes from what is synced: it would be another person's word that runs here. What it writes
/// is believed no more than any file: it is looked at like one that somebody brought.
struct Decoder: Sendable {
    /// What it may use up.
    struct Limits: Sendable {
        /// How many seconds it may take.
        var seconds: Double = 3600
        /// For how many of them it may write nothing.
        var idleSeconds: Double = 120
        /// So many bytes are written for a byte of the slowest speech, as numbers of four bytes.
        var bytesPerByte: Int64 = 512
        /// And so many may always be written.
        var leastBytes: Int64 = 64 << 20

        /// How many bytes it may write for a file of this size. A WAV file has no more than four gigabytes.
        func bytes(forSize size: Int64) -> Int64 {
            let most: Int64 = 4 << 30
            let (product, overflows) = size.multipliedReportingOverflow(by: bytesPerByte)
            return overflows ? most : min(most, product + leastBytes)
        }
    }

    private let template: CommandTemplate
    private let limits: Limits

    /// Reads a command line.
    init(command: String, limits: Limits = Limits()) throws(Failure) {
        do { template = try CommandTemplate(parsing: command) } catch { throw Failure(error) }
        guard template.mentions("in") else {
            throw Failure(
                .usage, "the command of a decoder needs {in} in it, and this has none: \(command)",
                hint: "write for example '\(Self.example)'")
        }
        self.limits = limits
    }

    /// A command that does it.
    static let example = "ffmpeg -v error -i {in} -f wav -"

    /// What a person knows it by.
    var name: String { template.words.first.map { String(decoding: $0, as: UTF8.self) } ?? "the decoder" }

    /// Runs it until it has written the sound of one file into another. The sentences that it throws begin with `subject`.
    func run(
        on file: FilePath, into sound: FilePath, size: Int64, about subject: String, _ progress: Progress
    ) throws(Failure) {
        var program = Program(words: template.filled(with: ["in": Array(file.bytes)]))
        program.output = .file(Array(sound.bytes))
        program.timeLimit = .milliseconds(Int64(limits.seconds * 1000))
        // Programs leave files where they run; here they go with all the rest.
        program.directory = Array(file.parent.bytes)
        let most = limits.bytes(forSize: size)
        var watch = GrowthWatch(sound, most: most, idleSeconds: limits.idleSeconds)
        let outcome: Program.Outcome
        do throws(ProcessError) {
            outcome = try program.run { watch.isOver() || progress.isStopped }
        } catch {
            if let reason = watch.reason { throw failure(subject, reason) }
            throw translated(error, subject)
        }
        _ = watch.isOver()
        if watch.reason == .tooMuch { throw failure(subject, .tooMuch) }
        guard outcome.isSuccess else {
            // Where the copy lies tells a person nothing.
            let words = outcome.lastComplaint.map { ": \($0.replacing(file.string, with: subject))" } ?? ""
            throw Failure(.io, "\(subject) cannot be decoded: \(name) \(outcome.ending)\(words)")
        }
        if watch.size == 0 { throw Failure(.io, "\(subject) cannot be decoded: \(name) wrote nothing") }
    }

    private func failure(_ subject: String, _ reason: GrowthWatch.Reason) -> Failure {
        switch reason {
        case .tooMuch:
            Failure(.overLimit, "\(subject) cannot be decoded: \(name) wrote more than such a file can hold")
        case .idle:
            Failure(
                .io, "\(subject) cannot be decoded: \(name) wrote nothing for \(Int(limits.idleSeconds)) seconds")
        }
    }

    private func translated(_ error: ProcessError, _ subject: String) -> Failure {
        switch error.code {
        case .stopped: Failure(.interrupted, "interrupted; \(subject) was not decoded")
        case .notFound, .notRunnable, .badCommand:
            Failure(
                Failure(error).code, "\(subject) cannot be decoded: \(error.description)",
                hint: "`offbeat config set audio.decoder CMD` names another program")
        default: Failure(Failure(error).code, "\(subject) cannot be decoded: \(error.description)")
        }
    }
}

/// Watches a file that somebody writes.
private struct GrowthWatch {
    enum Reason { case tooMuch, idle }

    private let path: FilePath
    private let most: Int64
    private let idleSeconds: Double
    private var last = Stopwatch()
    private(set) var size: Int64 = 0
    /// Why it is not to go on.
    private(set) var reason: Reason?

    init(_ path: FilePath, most: Int64, idleSeconds: Double) {
        (self.path, self.most, self.idleSeconds) = (path, most, idleSeconds)
    }

    /// Looks again; answers whether there is a reason to end it.
    mutating func isOver() -> Bool {
        let now = (try? FileSystem.status(of: path, followingLinks: false)).map { Int64($0.size) } ?? 0
        if now != size { last = Stopwatch() }
        size = now
        if size > most { reason = .tooMuch } else if last.seconds > idleSeconds { reason = .idle }
        return reason != nil
    }
}
