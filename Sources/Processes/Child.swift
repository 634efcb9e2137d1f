import CLinux
import Glibc

/// A program that runs, and the pipes to it.
///
/// The leader of the group is left unreaped until the group is ended: as long as it is a zombie its number is nobody
/// else's, so a signal never reaches a stranger.
final class Child {
    let output: Pipe
    let complaint: Pipe
    private let id: pid_t
    /// Whether it has a process group of its own.
    private let hasGroup: Bool
    /// Whether what it has started stays when it has ended by itself.
    private let leavesOthers: Bool
    /// Becomes readable when the program ends; nil where the system has no such thing.
    private let end: Handle?
    private(set) var hasEnded = false
    private var ending: Program.Ending?

    /// Starts a program, which reads from `stream` instead of the input that it has, if one is given.
    init(starting program: Program, reading stream: Handle? = nil) throws(ProcessError) {
        hasGroup = !program.asksAtTerminal
        leavesOthers = program.leavesOthers
        output = try Pipe()
        complaint = try Pipe(keepingLast: 1 << 14)
        let input = if let stream { stream } else { try Self.input(program.input) }
        id = try Spawn(program: program, input: input, output: output, complaint: complaint).start()
        output.handOver()
        complaint.handOver()
        end = try? Handle(owning: pidfd_open(id, 0), for: "watch a program")
    }

    deinit { _ = end(grace: .zero) }

    /// The bytes as a file in memory, which no reader can leave in the middle and no writer has to wait for.
    private static func input(_ bytes: [UInt8]) throws(ProcessError) -> Handle? {
        if bytes.isEmpty { return nil }
        let closeOnRun: UInt32 = 1  // MFD_CLOEXEC
        let file = try Handle(owning: memfd_create("input", closeOnRun), for: "hand a program its input")
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw ProcessError(errno, "hand a program its input") }
            rest = rest.dropFirst(max(0, count))
        }
        guard lseek(file.raw, 0, SEEK_SET) == 0 else { throw ProcessError(errno, "hand a program its input") }
        return file
    }

    // MARK: Listening

    /// Waits until something comes, the program ends, or the time is over, and takes what came.
    func listen(milliseconds: Int32) throws(ProcessError) {
        wait(milliseconds: milliseconds, forOutput: true)
        try output.take()
        try complaint.take()
        look()
    }

    /// Waits until something comes, the program ends, there is room in `input`, or the time is over.
    func wait(milliseconds: Int32, forOutput: Bool, input: Int32 = -1) {
        // What had ended before is no news: only what it has left in its pipes is.
        var watched = [forOutput ? output.raw : -1, complaint.raw, hasEnded ? -1 : end?.raw ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        watched.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
        // Without a descriptor for its end, a program that has closed its pipes is looked at a little later.
        let isBlind = end == nil
        _ = poll(&watched, nfds_t(watched.count), isBlind ? min(milliseconds, 10) : milliseconds)
    }

    /// Takes what was written before the program ended.
    func drain() throws(ProcessError) {
        try output.take()
        try complaint.take()
        complaint.trim()
    }

    /// Looks whether the program has ended, and leaves it unreaped.
    func look() {
        var facts = siginfo_t()
        let flags = WEXITED | WNOHANG | WNOWAIT
        guard !hasEnded, waitid(P_PID, id_t(id), &facts, flags) == 0 else { return }
        hasEnded = facts.si_signo == SIGCHLD
    }

    // MARK: Ending

    /// Ends the group: asks it to, lets it have `grace`, and then takes its life. Gives how the leader ended.
    func end(grace: Duration) -> Program.Ending {
        if let ending { return ending }
        look()
        let endedItself = hasEnded
        if !hasEnded, grace > .zero {
            send(SIGTERM)
            // One that was stopped by a signal would not hear it.
            send(SIGCONT)
            let start = Moment.now
            while !hasEnded, Moment.now - start < grace { try? listen(milliseconds: 20) }
        }
        let othersStay = endedItself && leavesOthers
        if !othersStay { send(SIGKILL) }
        let ending = reap()
        self.ending = ending
        if !othersStay { awaitOthers() }
        return ending
    }

    /// Sends a signal to the group, or to the program and what it has started where they have no group of their own.
    private func send(_ signal: Int32) {
        if hasGroup {
            kill(-id, signal)
        } else {
            let others = Descendants.all(below: id)
            kill(id, signal)
            for member in others { member.send(signal) }
        }
    }

    private func reap() -> Program.Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1 {
            // Somebody else reaped it: this process ignores the end of its children.
            if errno != EINTR { return .exited(127) }
        }
        hasEnded = true
        return Program.Ending(status: status)
    }

    /// Waits a little for what the program has started, which is dying: its files may be removed next.
    private func awaitOthers() {
        for _ in 0..<100 where hasGroup && kill(-id, 0) == 0 { usleep(2000) }
    }
}
