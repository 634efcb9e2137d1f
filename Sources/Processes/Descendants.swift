import CLinux
import Glibc

/// What this process has started, and what that has started, as `/proc` shows it.
///
/// It can change while it is looked at, so that one look proves nothing; that this process has no child proves that there
/// is none, as it adopts those whose parents have gone.
enum Descendants {
    /// A process, told from a later one of the same number by when it began.
    struct Member: Hashable {
        let id: pid_t
        let start: UInt64

        /// Sends it a signal, and never one that has its number now.
        func send(_ signal: Int32) {
            // What is held by a descriptor keeps its meaning, whoever has the number.
            guard let held = try? Handle(owning: pidfd_open(id, 0), for: "reach a program") else { return }
            guard let facts = Facts(of: id), facts.start == start else { return }
            _ = pidfd_send_signal(held.raw, signal, nil, 0)
        }
    }

    /// Those of a process that are alive, this process's as a rule.
    static func all(below top: pid_t = getpid()) -> [Member] {
        var children: [pid_t: [Facts]] = [:]
        for id in numbers() {
            if let facts = Facts(of: id) { children[facts.parent, default: []].append(facts) }
        }
        var found: [Member] = []
        var parents = [top]
        while let parent = parents.popLast() {
            for facts in children.removeValue(forKey: parent) ?? [] {
                if !facts.isGone { found.append(Member(id: facts.id, start: facts.start)) }
                parents.append(facts.id)
            }
        }
        return found
    }

    private static func numbers() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var numbers: [pid_t] = []
        while let entry = readdir(folder) {
            let number = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                pid_t(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
            }
            if let number { numbers.append(number) }
        }
        return numbers
    }

    // MARK: Ending

    /// Ends them all: asks them to, lets them have `grace`, then kills them, and waits for that at most `patience`. Gives
    /// those that are left even so.
    static func end(grace: Duration, patience: Duration) -> [pid_t] {
        let start = Moment.now
        var asked: Set<Member> = []
        var pause: UInt32 = 1000
        while reap() {
            let (time, left) = (Moment.now - start, all())
            if time > grace + patience { return left.map(\.id) }
            for member in left {
                if time >= grace {
                    member.send(SIGKILL)
                } else if asked.insert(member).inserted {
                    member.send(SIGTERM)
                    // One that was stopped by a signal would not hear it.
                    member.send(SIGCONT)
                }
            }
            usleep(pause)
            pause = min(2 * pause, 32_000)
        }
        return []
    }

    /// Lets go of those that have ended; answers whether there are others.
    ///
    /// - Parameter spared: one that stays as it is.
    @discardableResult
    static func reap(sparing spared: pid_t? = nil) -> Bool {
        while true {
            var facts = siginfo_t()
            guard waitid(P_ALL, 0, &facts, WEXITED | WNOHANG | WNOWAIT) == 0 else {
                if errno == EINTR { continue }
                return false
            }
            guard facts.si_signo == SIGCHLD else { return true }
            let id = facts._sifields._sigchld.si_pid
            if id == spared { return true }
            var status: Int32 = 0
            waitpid(id, &status, WNOHANG)
        }
    }
}

/// What `/proc` says of a process.
private struct Facts {
    let id: pid_t
    let parent: pid_t
    /// When it began, in the system's ticks since it was started.
    let start: UInt64
    /// Whether only its ending is left of it.
    let isGone: Bool

    /// Nil where there is no such process.
    init?(of id: pid_t) {
        guard
            let file = try? Handle(owning: open("/proc/\(id)/stat", O_RDONLY | O_CLOEXEC), for: "look at a program")
        else { return nil }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(file.raw, &buffer, buffer.count)
        // The name comes second, in brackets, and may hold brackets and spaces itself.
        guard count > 0, let bracket = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = buffer[..<count].suffix(from: bracket + 1).split(separator: UInt8(ascii: " "))
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 19, let parent = pid_t(fields[1]), let start = UInt64(fields[19]) else { return nil }
        self.id = id
        self.parent = parent
        self.start = start
        isGone = fields[0] == "Z" || fields[0] == "X"
    }
}
