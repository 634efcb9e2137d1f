import Files
import Processes

/// A program of the person's choice that takes a track apart.
///
/// Which program that is never comes from what is synced: it would be another person's word that runs here.
struct Separator {
    private let template: CommandTemplate

    /// Reads a command line.
    init(command: String) throws(Failure) {
        do { template = try CommandTemplate(parsing: command) } catch { throw Failure(error) }
        for place in ["in", "out"] where !template.mentions(place) {
            throw Failure(
                .usage, "the command of a separator needs {\(place)} in it, and this has none: \(command)",
                hint: "write for example 'demucs -o {out} {in}'")
        }
    }

    /// What it may use up.
    struct Limits {
        var time: Duration?
        var bytes: Int64
        /// More parts than this are no separation.
        static let parts = 64
    }

    /// Runs it on a file, until it has written into a folder what it can.
    func run(on file: FilePath, into folder: FilePath, within limits: Limits, _ progress: Progress) throws {
        var program = Program(words: template.filled(with: ["in": Array(file.bytes), "out": Array(folder.bytes)]))
        program.output = .discarded
        program.timeLimit = limits.time
        // Programs leave files where they run; here they go with all the rest.
        program.directory = Array(file.parent.bytes)
        var isTooMuch = false
        let outcome: Program.Outcome
        do {
            outcome = try program.run {
                isTooMuch = Self.size(of: folder, until: limits.bytes) > limits.bytes
                return isTooMuch || (try? progress.checkStopped()) == nil
            }
        } catch {
            if isTooMuch { throw Self.tooMuch(limits) }
            throw Self.translated(error)
        }
        if Self.size(of: folder, until: limits.bytes) > limits.bytes { throw Self.tooMuch(limits) }
        guard outcome.isSuccess else {
            let words = outcome.lastComplaint.map { ": \($0)" } ?? ""
            throw Failure("\(name) \(outcome.ending)\(words)", hint: "nothing was changed")
        }
    }

    /// What a person knows it by.
    var name: String { template.words.first.map { String(decoding: $0, as: UTF8.self) } ?? "the separator" }

    private static func translated(_ error: ProcessError) -> Failure {
        switch error.code {
        case .timedOut: Failure(error.description, hint: "give it longer with --timeout; nothing was changed")
        case .stopped: Failure(.interrupted, "interrupted; nothing was changed")
        default: Failure(error)
        }
    }

    private static func tooMuch(_ limits: Limits) -> Failure {
        Failure(
            .overLimit,
            "the separator wrote more than \(limits.bytes) bytes, far more than the track's parts can have",
            hint: "nothing was changed")
    }

    /// The bytes of all files below a folder; what goes while it is looked at counts nothing.
    private static func size(of folder: FilePath, until limit: Int64, depth: Int = 0) -> Int64 {
        var sum: Int64 = 0
        for entry in (try? FileSystem.list(folder)) ?? [] where sum <= limit && depth < 8 {
            let path = folder.appending(entry.name)
            if entry.kind == .directory {
                sum += size(of: path, until: limit - sum, depth: depth + 1)
            } else if let status = try? FileSystem.status(of: path, followingLinks: false) {
                sum += Int64(status.size)
            }
        }
        return sum
    }
}

extension Failure {
    /// A program that a person named did not do what it is for.
    fileprivate init(_ message: String, hint: String) { self.init(.io, message, hint: hint) }
}
