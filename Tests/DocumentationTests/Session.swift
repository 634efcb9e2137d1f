import Files
import Glibc
import TestSupport

/// A session as a page shows it: lines that begin with `$ ` are typed, the others are what comes.
///
/// A line `…` stands for any number of lines.
struct Session {
    struct Step {
        let command: String
        var output: [String] = []
    }

    private(set) var steps: [Step] = []

    init(_ block: Page.Block) {
        for line in block.lines {
            if line.hasPrefix("$ ") {
                steps.append(Step(command: String(line.dropFirst(2))))
            } else if !steps.isEmpty {
                steps[steps.count - 1].output.append(line)
            }
        }
    }
}

/// A person's place at a computer: a home with a folder called Band, in which made-up songs lie.
struct Desk {
    let home: FilePath
    private let environment: [String: String]

    /// Where the built programs lie, which is beside the tests.
    static let programs: FilePath? = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") }.map { FilePath($0) }
        guard let folder = bundle?.parent, FileSystem.exists(folder.appending("offbeat")) else { return nil }
        return folder
    }()

    init(in place: FilePath, programs: FilePath) throws {
        home = place.appending("home")
        var environment = hermeticEnvironment(home: home)
        environment["PATH"] = "\(programs):\(environment["PATH"] ?? "/usr/bin:/bin")"
        self.environment = environment
        try FileSystem.makeDirectories(band)
        let songs = band.appending("Songs").string
        _ = try run(
            command: programs.appending("made-up-audio").string, arguments: [songs, "6", "1"],
            environment: environment)
    }

    private var band: FilePath { home.appending("Band") }

    /// Types a line into a shell. What both streams say comes together, as on a screen.
    func type(_ command: String) throws -> (status: Int32, lines: [String]) {
        let result = try run(
            command: "sh", arguments: ["-c", "{ \(command)\n} 2>&1"], environment: environment, directory: band)
        var lines = result.stdout.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return (result.status, lines.map { $0.replacing(home.string, with: "/home/ana") })
    }
}

/// What is told of a session, without what differs each time.
enum Told {
    /// Whether the lines are those that the page shows.
    static func matches(_ lines: [String], shown: [String]) -> Bool {
        let (lines, shown) = (lines.map(stripped), shown.map(stripped))
        guard let gap = shown.firstIndex(of: "…") else { return lines == shown }
        let (head, tail) = (shown[..<gap], shown[(gap + 1)...])
        return lines.count >= head.count + tail.count && lines.starts(with: head)
            && Array(lines.suffix(tail.count)) == Array(tail)
    }

    /// Where a post's id stands: first, or behind what was done with it, and with a state in the line.
    private static var post: Regex<(Substring, Substring)> {
        /^((?:Wrote |Approved |Changed )?)[0-9a-f]{8}(?= .*(?:pending|approved))/
    }

    /// Times, and the ids of versions and posts, are new each time; those of tracks follow from their audio.
    private static func stripped(_ line: String) -> String {
        var line = line.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?Z)?/, with: "TIME")
            .replacing(Self.post, with: { "\($0.output.1)POST" })
            .replacing(/^(Published )[0-9a-f]{8}/, with: { "\($0.output.1)POST" })
            .replacing(/#[0-9a-f]{32}\b/, with: "#POST")
            .replacing(/scratch\/[0-9a-f]{32}\b/, with: "scratch/GUEST")
            .replacing(/\b([Gg]uest (?:keep )?)[0-9a-f]{8}\b/, with: { "\($0.output.1)GUEST" })
            .replacing(/\b([0-9a-f]{40}|[0-9a-f]{10}|[0-9a-f]{7})\b/, with: "VERSION")
        while line.last == " " { line.removeLast() }
        return line
    }
}
