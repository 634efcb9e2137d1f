import Files
import Glibc
import TestSupport

/// A program that was started and runs beside the test. It is killed if nobody waits for it.
final class Child {
    /// Where its standard input comes from.
    enum Source {
        case nothing
        case file(FilePath)
        /// A pipe that stays open and never says anything.
        case silence
    }

    /// Where an output goes.
    enum Sink {
        case file(FilePath)
        /// The stream is not there at all.
        case closed
        /// A pipe whose reader has gone.
        case abandonedPipe
    }

    let words: [Word]
    private let process: pid_t
    private var isReaped = false
    /// Descriptors of this process that stay open as long as the child runs.
    private var kept: [Int32] = []

    init(
        _ words: [Word], environment: [String: String], directory: FilePath, stdin: Source = .nothing, stdout: Sink,
        stderr: Sink
    ) throws {
        self.words = words
        var actions = Actions()
        defer { actions.destroy() }
        kept += try actions.open(stdin)
        let gone = try actions.open(stdout, as: 1) + actions.open(stderr, as: 2)
        defer { for descriptor in gone { close(descriptor) } }
        // `env -C` changes the directory, which `posix_spawn` itself cannot, and becomes the program.
        process = try actions.spawn(["env", "-C", Word(directory)] + words, environment)
    }

    deinit {
        if !isReaped {
            kill()
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        for descriptor in kept { close(descriptor) }
    }

    /// Ends it at once, as a power cut would.
    func kill() { _ = Glibc.kill(process, SIGKILL) }

    /// Asks it to come to an end. Not as Ctrl-C does: who is started in the background may have to ignore that.
    func interrupt() { _ = Glibc.kill(process, SIGTERM) }

    /// Sends it a signal.
    func send(_ signal: Int32) { _ = Glibc.kill(process, signal) }

    /// Whether it has come to its end, and waits to be asked how.
    var hasEnded: Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == SIGCHLD
    }

    /// Waits for its end. Answers the exit status, or 128 plus the number of the signal that ended it.
    func wait(timeout: Double = 120) throws -> Int32 {
        let watch = Stopwatch()
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            guard watch.seconds < timeout else {
                throw Unexpected("\(words) did not end within \(timeout) seconds")
            }
            SystemClock.sleep(seconds: watch.seconds < 0.2 ? 0.0005 : 0.005)
        }
        isReaped = true
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

/// What happens between fork and exec.
private struct Actions {
    private var raw = posix_spawn_file_actions_t()

    init() { posix_spawn_file_actions_init(&raw) }

    mutating func destroy() { posix_spawn_file_actions_destroy(&raw) }

    /// Answers the descriptors that have to stay open here.
    mutating func open(_ source: Child.Source) throws -> [Int32] {
        switch source {
        case .nothing: open("/dev/null", as: 0, O_RDONLY)
        case .file(let path): open(path, as: 0, O_RDONLY)
        case .silence:
            let ends = try pipe()
            posix_spawn_file_actions_adddup2(&raw, ends.read, 0)
            return [ends.read, ends.write]
        }
        return []
    }

    /// Answers the descriptors to close here once the child is there.
    mutating func open(_ sink: Child.Sink, as number: Int32) throws -> [Int32] {
        switch sink {
        case .file(let path): open(path, as: number, O_WRONLY | O_CREAT | O_TRUNC)
        case .closed: posix_spawn_file_actions_addclose(&raw, number)
        case .abandonedPipe:
            let ends = try pipe()
            close(ends.read)
            posix_spawn_file_actions_adddup2(&raw, ends.write, number)
            return [ends.write]
        }
        return []
    }

    private mutating func open(_ path: FilePath, as number: Int32, _ flags: Int32) {
        path.withCString { _ = posix_spawn_file_actions_addopen(&raw, number, $0, flags, 0o600) }
    }

    /// A pipe that other children of this process do not inherit.
    private func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw Unexpected("no pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    mutating func spawn(_ words: [Word], _ environment: [String: String]) throws -> pid_t {
        let arguments = words.map { strdup(($0.bytes + [0]).map(CChar.init(bitPattern:))) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        // The thread that runs a test may not be one that signals reach; the program is its own.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        inheritNothing(but: 3, &raw)
        var process = pid_t()
        let status = posix_spawnp(&process, words[0].description, &raw, &attributes, arguments, variables)
        guard status == 0 else { throw Unexpected("cannot run \(words[0]): \(String(cString: strerror(status)))") }
        return process
    }
}
