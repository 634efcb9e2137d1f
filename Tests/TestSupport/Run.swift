public import CLinux
public import Files
import Glibc

/// What a program left behind.
public struct RunResult: Sendable {
    /// The exit status, or 128 plus the number of the signal that ended it.
    public let status: Int32
    /// What it wrote to its standard output.
    public let stdoutBytes: [UInt8]
    /// What it wrote to its standard error.
    public let stderrBytes: [UInt8]

    /// The standard output as text.
    public var stdout: String { String(decoding: stdoutBytes, as: UTF8.self) }
    /// The standard error as text.
    public var stderr: String { String(decoding: stderrBytes, as: UTF8.self) }
}

/// Why a program could not be run to its end.
public struct RunError: Error, CustomStringConvertible {
    /// What happened, with the program's name.
    public let description: String
}

/// The environment for a program that must not see this computer's own settings.
///
/// `home` is its home, settings of git and of certificates are left out, times and language are fixed.
public func hermeticEnvironment(home: FilePath, adding extra: [String: String] = [:]) -> [String: String] {
    var environment = [
        "HOME": home.string, "XDG_CONFIG_HOME": home.appending(".config").string, "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0",
        "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin",
    ]
    for name in ["TMPDIR", "LLVM_PROFILE_FILE", "LD_LIBRARY_PATH"] {
        if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    return environment.merging(extra) { $1 }
}

/// Runs a program to its end and answers what came of it.
///
/// `command` is looked for in `PATH` unless it has a slash. Without `environment` it gets this process's. A program that
/// has not ended after `timeout` seconds is killed, and that is an error.
public func run(
    command: String, arguments: [String] = [], environment: [String: String]? = nil, directory: FilePath? = nil,
    input: [UInt8] = [], timeout: Double = 120
) throws -> RunResult {
    try withTemporaryDirectory { folder in
        let (stdin, stdout, stderr) = (folder.appending("0"), folder.appending("1"), folder.appending("2"))
        try FileSystem.write(input, to: stdin)
        // `env -C` changes the directory, which `posix_spawn` itself cannot.
        let words = (directory.map { ["env", "-C", $0.string] } ?? []) + [command] + arguments
        let process = try spawn(words, environment: environment, streams: [stdin, stdout, stderr])
        let status = try wait(for: process, name: command, timeout: timeout)
        return RunResult(
            status: status, stdoutBytes: try FileSystem.read(stdout), stderrBytes: try FileSystem.read(stderr))
    }
}

func spawn(_ words: [String], environment: [String: String]?, streams: [FilePath]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, path) in streams.enumerated() {
        let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC | O_APPEND
        path.withCString { posix_spawn_file_actions_addopen(&actions, Int32(number), $0, flags, 0o600) }
    }
    inheritNothing(but: streams.count, &actions)
    let arguments = words.map { strdup($0) } + [nil]
    let variables = environment.map { pairs in pairs.map { strdup("\($0.key)=\($0.value)") } + [nil] }
    defer { for text in arguments + (variables ?? []) { free(text) } }
    // The thread that runs a test may not be one that signals reach; the program is its own, and can be asked to end.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process = pid_t()
    let status =
        variables.map { posix_spawnp(&process, words[0], &actions, &attributes, arguments, $0) }
        ?? posix_spawnp(&process, words[0], &actions, &attributes, arguments, environ)
    guard status == 0 else {
        throw RunError(description: "cannot run \(words[0]): \(String(cString: strerror(status)))")
    }
    return process
}

/// Gives a program that is to be started no more than its first streams: what a test has open is not for it. A server that
/// outlived its test would hold pipes open that somebody waits at.
public func inheritNothing(but streams: Int, _ actions: inout posix_spawn_file_actions_t) {
    posix_spawn_file_actions_addclosefrom_np(&actions, Int32(streams))
}

private func wait(for process: pid_t, name: String, timeout: Double) throws -> Int32 {
    let watch = Stopwatch()
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
        if watch.seconds > timeout {
            kill(process, SIGKILL)
            waitpid(process, &status, 0)
            throw RunError(description: "\(name) did not end within \(timeout) seconds")
        }
        SystemClock.sleep(seconds: watch.seconds < 0.1 ? 0.0005 : 0.005)
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}

/// Whether a program of that name is in `PATH`.
public func isInstalled(_ command: String) -> Bool {
    let folders = getenv("PATH").map { String(cString: $0) } ?? ""
    return folders.split(separator: ":").contains { access("\($0)/\(command)", X_OK) == 0 }
}
