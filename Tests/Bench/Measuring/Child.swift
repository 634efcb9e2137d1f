import Files
import Glibc
import TestSupport

/// A program that was started.
struct Child {
    let id: pid_t
    private let watch: Stopwatch

    /// What a program took and said.
    struct Result {
        /// From before the start until its end was noticed.
        let seconds: Double
        /// The most memory that it had at once. The system counts what the starting process had at that moment too,
        /// so that one must be small.
        let peakBytes: Int
        /// The exit status, or 128 plus the number of the signal that ended it.
        let status: Int32
    }

    /// Starts a program; the streams become its first descriptors.
    static func start(
        _ words: [String], environment: [String]?, streams: [Int32], ownGroup: Bool = false
    ) throws -> Child {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
        }
        inheritNothing(but: streams.count, &actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | (ownGroup ? POSIX_SPAWN_SETPGROUP : 0)))
        return try withCStrings(words) { arguments in
            try withCStrings(environment ?? inherited) { variables in
                var id = pid_t()
                let watch = Stopwatch()
                let status = posix_spawnp(&id, words[0], &actions, &attributes, arguments, variables)
                guard status == 0 else {
                    throw BenchError("cannot run \(words[0]): \(String(cString: strerror(status)))")
                }
                return Child(id: id, watch: watch)
            }
        }
    }

    /// The variables of this process.
    private static var inherited: [String] {
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            variables.append(String(cString: variable))
            next += 1
        }
        return variables
    }

    /// Waits for the end.
    func wait() -> Result {
        var (status, usage) = (Int32(0), rusage())
        while wait4(id, &status, 0, &usage) == -1 && errno == EINTR {}
        let seconds = watch.seconds
        return Result(seconds: seconds, peakBytes: usage.ru_maxrss * 1024, status: Self.exitStatus(status))
    }

    /// The exit status, or nil while it runs.
    func statusIfEnded() -> Int32? {
        var status: Int32 = 0
        return waitpid(id, &status, WNOHANG) == id ? Self.exitStatus(status) : nil
    }

    private static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

extension Child {
    /// Runs a program to its end, with nothing to read; what it says goes where `output` leads.
    ///
    /// Without a descriptor it goes nowhere, and what it says on standard error goes to this program's.
    static func run(
        _ words: [String], environment: [String]?, input: Int32? = nil, output: Int32? = nil, errors: Int32 = 2
    ) throws -> Result {
        try start(
            words, environment: environment,
            streams: [input ?? Nowhere.descriptor.raw, output ?? Nowhere.descriptor.raw, errors]
        ).wait()
    }
}

/// The descriptor of `/dev/null`, opened once so that opening it is not measured.
private enum Nowhere {
    static let descriptor: OpenFile = OpenFile()

    struct OpenFile: Sendable {
        let raw = open("/dev/null", O_RDWR | O_CLOEXEC)
    }
}

private typealias CStrings = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// Calls `body` with the texts as C wants them, closed by a null pointer.
private func withCStrings<R>(_ texts: [String], _ body: (CStrings) throws -> R) rethrows -> R {
    var pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    // An array of at least one element has a base address.
    return try pointers.withUnsafeMutableBufferPointer { try body($0.baseAddress!) }
}
