import CLinux
import Glibc

/// The one call that starts a program, with all that it takes.
struct Spawn {
    let program: Program
    let input: Handle?
    let output: Pipe
    let complaint: Pipe

    /// Starts it in a process group of its own, unless it asks at the terminal, with every signal as it is usual, and with no descriptor of ours but the
    /// three standard streams.
    func start() throws(ProcessError) -> pid_t {
        let all = program.words + (program.environment ?? []) + [program.directory ?? []]
        if all.contains(where: { $0.contains(0) }) {
            throw ProcessError(.badCommand, "\(program.name) was given a word with a zero byte")
        }
        guard let first = program.words.first, !first.isEmpty else {
            throw ProcessError(.badCommand, "no program is named")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        arrange(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        settle(&attributes)

        let words = Self.copies([Self.place(of: first)] + program.words.dropFirst())
        let variables = program.environment.map(Self.copies)
        defer { for text in words + (variables ?? []) { free(text) } }
        guard let name = words[0] else { throw ProcessError(ENOMEM, "start \(program.name)") }
        var id: pid_t = 0
        let number =
            variables.map { posix_spawnp(&id, name, &actions, &attributes, words, $0) }
            ?? posix_spawnp(&id, name, &actions, &attributes, words, environ)
        if number != 0 { throw reason(number) }
        return id
    }

    private func arrange(_ actions: inout posix_spawn_file_actions_t) {
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input.raw, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        switch program.output {
        case .collected: posix_spawn_file_actions_adddup2(&actions, output.writer?.raw ?? -1, 1)
        case .discarded: posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        case .file(let path):
            posix_spawn_file_actions_addopen(
                &actions, 1, Self.text(Self.place(of: path)), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        posix_spawn_file_actions_adddup2(&actions, complaint.writer?.raw ?? -1, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        if let directory = program.directory {
            posix_spawn_file_actions_addchdir_np(&actions, Self.text(directory))
        }
    }

    private func settle(_ attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = program.asksAtTerminal ? 0 : POSIX_SPAWN_SETPGROUP
        let flags = group | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    /// The system gives one number for all that can fail on the way; this tells what of it did.
    private func reason(_ number: Int32) -> ProcessError {
        if let directory = program.directory, access(Self.text(directory), X_OK) != 0 {
            return ProcessError(errno, "enter \(String(decoding: directory, as: UTF8.self))")
        }
        if case .file(let path) = program.output, access(Self.text(path), W_OK) != 0 {
            let number = errno
            if access(Self.text(Self.folder(of: path)), W_OK) != 0 || number != ENOENT {
                return ProcessError(number, "write \(String(decoding: path, as: UTF8.self))")
            }
        }
        return .starting(program.name, number)
    }

    // MARK: Names

    private static let slash = UInt8(ascii: "/")

    /// A relative name with a slash begins where this process is.
    private static func place(of name: [UInt8]) -> [UInt8] {
        guard name.contains(slash), name.first != slash, let here = getcwd(nil, 0) else { return name }
        defer { free(here) }
        return Array(UnsafeBufferPointer(start: here, count: strlen(here))).map(UInt8.init(bitPattern:)) + [slash]
            + name
    }

    private static func folder(of path: [UInt8]) -> [UInt8] {
        guard let last = path.lastIndex(of: slash) else { return Array(".".utf8) }
        return Array(path[...last])
    }

    static func text(_ bytes: [UInt8]) -> [CChar] { bytes.map(CChar.init(bitPattern:)) + [0] }

    /// Copies as C wants them, ended by nil; the caller frees them.
    static func copies(_ words: [[UInt8]]) -> [UnsafeMutablePointer<CChar>?] {
        words.map { strdup(text($0)) } + [nil]
    }
}
