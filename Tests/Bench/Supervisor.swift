import Files
import Glibc

/// Makes the place to measure in, has another process measure there, and clears the place away, whatever happens.
///
/// For the administrator the place is a new ext4 in a sparse file, mounted in a mount namespace of the measuring process
/// alone, and the file's name is removed once it is mounted: the system takes both away when that process ends, however
/// it ends. For others, and where mounting is not allowed, it is a temporary directory.
struct Supervisor {
    private static let imageSize: Int64 = 12 << 30
    private static let inodes = 2_000_000
    /// What the script answers when the machine does not let it mount.
    private static let mountRefused: Int32 = 97

    private let options: Options
    private let directory: FilePath

    init(_ options: Options) throws {
        self.options = options
        let parent = getenv("TMPDIR").map { FilePath(String(cString: $0)) } ?? "/tmp"
        directory = try parent.absolute().appending("offbeat-bench-\(getpid())")
    }

    func run() throws -> Int32 {
        // Blocked, and waited for below; the measuring process begins with none blocked.
        var signals = SignalSet([SIGINT, SIGTERM, SIGHUP, SIGCHLD])
        signals.block()
        try FileSystem.makeDirectory(directory, mode: 0o700)
        defer { _ = try? FileSystem.removeTree(directory) }
        if getuid() == 0, try makeImage() {
            let status = try supervise(mountedWords, &signals)
            if status != Self.mountRefused { return status }
        }
        writeError("no file system of its own: measuring in \(directory), where figures drift more\n")
        let words = options.words(at: directory, "a temporary directory")
        return try supervise([bench] + words, &signals)
    }

    private var bench: String { options.programs.appending("bench").string }
    private var image: FilePath { directory.appending("image") }
    private var mountPoint: FilePath { directory.appending("mounted") }

    private func makeImage() throws -> Bool {
        try FileSystem.makeDirectory(mountPoint)
        try FileDescriptor.open(image, .write, create: .exclusive).truncate(to: Self.imageSize)
        // Nothing is left for the kernel to set up in the background later.
        let result = try? Child.run(
            [
                "mkfs.ext4", "-q", "-F", "-N", "\(Self.inodes)", "-E", "lazy_itable_init=0,lazy_journal_init=0",
                image.string,
            ], environment: nil)
        return result?.status == 0
    }

    private var mountedWords: [String] {
        let script = """
            mount -o loop "$1" "$2" || exit \(Self.mountRefused)
            rm -f "$1"
            shift 2
            exec "$@"
            """
        return [
            "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", image.string,
            mountPoint.string, bench,
        ] + options.words(at: mountPoint, "a new ext4, loop-mounted")
    }

    /// Runs the process in a group of its own, and ends the whole group when this one is told to end.
    private func supervise(_ words: [String], _ signals: inout SignalSet) throws -> Int32 {
        let child = try Child.start(words, environment: nil, streams: [0, 1, 2], ownGroup: true)
        var interrupted = false
        while true {
            if let status = child.statusIfEnded() { return interrupted ? 130 : status }
            if signals.wait() != SIGCHLD {
                interrupted = true
                kill(-child.id, SIGTERM)
            }
        }
    }
}

/// Signals that are waited for rather than handled.
struct SignalSet {
    private var set = sigset_t()

    init(_ signals: [Int32]) {
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
    }

    mutating func block() { sigprocmask(SIG_BLOCK, &set, nil) }

    /// The next of them that comes.
    mutating func wait() -> Int32 {
        var signal: Int32 = 0
        sigwait(&set, &signal)
        return signal
    }
}
