import CLinux
import Glibc

extension Foreground {
    /// Starts it. Signals that this process was told to ignore stay ignored; those that it heeds are as they usually are.
    func start() throws(ProcessError) -> pid_t {
        guard let first = words.first, !first.isEmpty else {
            throw ProcessError(.badCommand, "no program is named")
        }
        if (words + variables.map(\.value)).contains(where: { $0.contains(0) }) {
            throw ProcessError(.badCommand, "\(name) was given a word with a zero byte")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if isOutputDiverted { posix_spawn_file_actions_adddup2(&actions, 2, 1) }
        // Above the numbers that scripts use for their own; to give a descriptor its own number is to let it be inherited.
        let held = inherited.map { fcntl($0, F_DUPFD_CLOEXEC, 100) } ?? -1
        defer { if held >= 0 { close(held) } }
        if let inherited {
            let number = held >= 0 ? held : inherited
            posix_spawn_file_actions_adddup2(&actions, number, number)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The one that this program ignores for itself.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        let (words, environment) = (Spawn.copies(words), Spawn.copies(environment()))
        defer { for text in words + environment { free(text) } }
        guard let name = words[0] else { throw ProcessError(ENOMEM, "start \(name)") }
        var id: pid_t = 0
        let number = posix_spawnp(&id, name, &actions, &attributes, words, environment)
        if number != 0 { throw .starting(self.name, number) }
        return id
    }

    private func environment() -> [[UInt8]] {
        let own = variables.map { Array("\($0.name)=".utf8) + $0.value }
        let names = variables.map { Array("\($0.name)=".utf8) }
        var others: [[UInt8]] = []
        var next = environ
        while let text = next.pointee {
            let bytes = UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:))
            if !names.contains(where: { bytes.starts(with: $0) }) { others.append(bytes) }
            next += 1
        }
        return others + own
    }
}
