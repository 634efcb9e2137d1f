import Catalog
import Processes

/// A program of the person's choice that posts are handed to, as JSON on its standard input.
///
/// What it writes to standard output says where the post appeared: `{"links": {NAME: ADDRESS}}`, or addresses, each on a
/// line. Status 75 says that it has done nothing and may be asked again; any other than 0, that it could not be done.
public struct ProgramTarget: PublishingTarget {
    private let words: [[UInt8]]

    /// Takes a program and its arguments.
    public init(words: [[UInt8]]) { self.words = words }

    /// Nothing is looked at: a program that is not there is found out when it is to run, before anything is sent.
    public func obstacle(to publication: Publication) -> String? { nil }

    /// Runs the program, for as long as the deadline lets it.
    public func handOff(_ publication: Publication, until deadline: Deadline, isStopped: () -> Bool) -> HandOff {
        var program = Program(words: words)
        program.input = publication.document.canonical()
        program.timeLimit = deadline.remaining
        do throws(ProcessError) {
            return Self.meaning(of: try program.run(stopped: isStopped), name)
        } catch {
            switch error.code {
            case .notFound, .notRunnable, .badCommand: return .unreached(error.description)
            case .timedOut, .stopped, .tooMuchOutput, .closed, .io: return .unknown(error.description)
            }
        }
    }

    private var name: String { words.first.map { String(decoding: $0, as: UTF8.self) } ?? "the program" }

    private static func meaning(of outcome: Program.Outcome, _ name: String) -> HandOff {
        let words = "\(name) \(outcome.ending)" + (outcome.lastComplaint.map { ": \($0)" } ?? "")
        return switch outcome.ending {
        case .exited(0): .sent(links: links(in: outcome.output))
        case .exited(75): .unreached(words)
        case .exited: .refused(words)
        // Somebody took its life, at whatever point it was.
        case .signalled: .unknown(words)
        }
    }

    private static let limit = 100

    private static func links(in output: [UInt8]) -> [String: String] {
        if let document = try? JSON.parse(output) {
            let named = document["links"]?.asObject?.entries ?? []
            let links = named.prefix(limit).compactMap { entry in entry.value.asString.map { (entry.key, $0) } }
            return Dictionary(links.filter { isAddress($0.1) }, uniquingKeysWith: { first, _ in first })
        }
        let lines = String(decoding: output, as: UTF8.self).split { $0.isNewline }.map(String.init).filter(
            isAddress)
        let names = (1...limit).map { $0 == 1 ? "command" : "command-\($0)" }
        return Dictionary(uniqueKeysWithValues: zip(names, lines))
    }

    /// One that can be shown, and not more.
    private static func isAddress(_ text: String) -> Bool {
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= Limits.url
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    }
}
