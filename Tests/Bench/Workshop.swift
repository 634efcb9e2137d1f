import Files
import Glibc
import TestSupport

/// What the rows work with: a place, the programs, and libraries that take long to make and are therefore shared.
final class Workshop {
    /// The name of our side in every comparison.
    static let ours = "Offbeat"

    let place: FilePath
    let options: Options
    /// The environment of programs that must not see this computer's own settings.
    let plain: [String]
    /// The same for git with git-lfs set up, which changes what `git add` does.
    let withLFS: [String]

    private let errors: FilePath
    private var libraries: [Int: MadeLibrary] = [:]

    init(_ options: Options) throws {
        // The process that measures is always told where.
        guard let place = options.place else { throw BenchError("no place to measure in") }
        self.place = place
        self.options = options
        errors = place.appending("errors")
        plain = try Self.environment(home: place.appending("home"))
        withLFS = try Self.environment(home: place.appending("home-lfs"))
        try FileSystem.makeDirectory(place.appending("row"))
        if Self.has("git-lfs") {
            try finish(["git", "lfs", "install", "--skip-repo"], environment: withLFS)
        }
    }

    private static func environment(home: FilePath) throws -> [String] {
        try FileSystem.makeDirectory(home)
        try FileSystem.write(gitSettings, to: home.appending(".gitconfig"))
        return hermeticEnvironment(home: home).map { "\($0.key)=\($0.value)" }.sorted()
    }

    /// git's defaults, but that it does not clear up in the background while another is measured.
    private static let gitSettings = """
        [user]
        \tname = Bench
        \temail = bench@invalid
        [init]
        \tdefaultBranch = main
        [gc]
        \tauto = 0

        """

    /// Whether a peer is there; where it is not, says that nothing is compared with it.
    static func has(_ peer: String) -> Bool {
        if isInstalled(peer) { return true }
        writeError("\(peer) is not installed: not compared\n")
        return false
    }

    // MARK: Programs

    var offbeat: String { options.programs.appending("offbeat").string }
    var bare: String { options.programs.appending("bare").string }
    var bench: String { options.programs.appending("bench").string }

    /// Runs a program and tells what it took; that it fails is an error.
    func time(_ words: [String], environment: [String]? = nil, input: FilePath? = nil) throws -> Reading {
        let result = try run(words, environment, input: input, output: nil)
        return Reading(seconds: result.seconds, peakBytes: result.peakBytes)
    }

    /// Runs a program and throws away what it took.
    func finish(_ words: [String], environment: [String]? = nil, input: FilePath? = nil) throws {
        _ = try run(words, environment, input: input, output: nil)
    }

    /// Runs a program and gives what it says.
    func lines(_ words: [String], environment: [String]? = nil) throws -> [String] {
        let output = place.appending("output")
        _ = try run(words, environment, input: nil, output: output)
        return String(decoding: try FileSystem.read(output), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// Runs a program and keeps what it says in a file.
    func finish(_ words: [String], writing output: FilePath) throws {
        _ = try run(words, nil, input: nil, output: output)
    }

    /// Runs programs all at once, and tells the seconds until the last has ended; that one fails is an error.
    func race(_ programs: [[String]]) throws -> Reading {
        let output = try FileDescriptor.open("/dev/null", .write)
        let complaining = try FileDescriptor.open(errors, .write, create: .ifMissing, truncate: true)
        let watch = Stopwatch()
        let children = try programs.map {
            try Child.start($0, environment: plain, streams: [output.raw, output.raw, complaining.raw])
        }
        let statuses = children.map { $0.wait().status }
        let seconds = watch.seconds
        guard statuses.allSatisfy({ $0 == 0 }) else {
            let said = String(decoding: try FileSystem.read(errors), as: UTF8.self)
            throw BenchError("of those that ran at once some failed: status \(statuses)\n\(said)")
        }
        return Reading(seconds: seconds)
    }

    /// Has a part of this program work in a process of its own, and gives the seconds that it measured itself.
    func work(_ words: String...) throws -> [Double] { try work(words) }

    /// The same.
    func work(_ words: [String]) throws -> [Double] {
        try lines([bench, "--work"] + words).compactMap(Double.init)
    }

    private func run(
        _ words: [String], _ environment: [String]?, input: FilePath?, output: FilePath?
    ) throws -> Child.Result {
        let reading = try FileDescriptor.open(input ?? "/dev/null", .read)
        let writing = try FileDescriptor.open(
            output ?? "/dev/null", .write, create: .ifMissing, truncate: output != nil)
        let complaining = try FileDescriptor.open(errors, .write, create: .ifMissing, truncate: true)
        let result = try Child.run(
            words, environment: environment ?? plain, input: reading.raw, output: writing.raw,
            errors: complaining.raw)
        guard result.status == 0 else {
            let said = String(decoding: try FileSystem.read(errors), as: UTF8.self)
            throw BenchError("\(words.joined(separator: " ")): status \(result.status)\n\(said)")
        }
        return result
    }

    // MARK: Places

    /// A place for the row that is being measured.
    func path(_ name: String) -> FilePath { place.appending("row").appending(name) }

    /// Takes away what the row made.
    func clear() throws {
        try FileSystem.removeTree(place.appending("row"))
        try FileSystem.makeDirectory(place.appending("row"))
    }

    /// Makes a new store.
    func makeStore(at path: FilePath) throws { try finish([offbeat, "init", path.string, "--user", "ana"]) }

    /// A library of so many tracks, made when it is first asked for. Rows may add versions to it.
    func library(of count: Int) throws -> MadeLibrary {
        if let library = libraries[count] { return library }
        writeError("making a library of \(count) tracks …\n")
        let path = place.appending("library-\(count)")
        try makeStore(at: path)
        let library = try MadeLibrary(
            at: path, count: count, from: lines([bench, "--work", "fill", path.string, "\(count)"]))
        libraries[count] = library
        return library
    }
}
