import CLinux
import Glibc

extension Foreground {
    /// Runs the program and waits for it.
    ///
    /// `stops` is asked ten times a second for the signals that came. The first is handed on, unless the program has got it,
    /// and the program ends as it sees fit; with the second it is killed, and with it all that it started. Of those that are
    /// typed, the second counts when it comes within five seconds: to programs that talk with a person, one is no end.
    public func run(heeding stops: () -> [Stop] = { [] }) throws(ProcessError) -> Outcome {
        if endsDescendants {
            _ = offbeat_linux_adopt_orphans()
            // Where a caller has this process ignore it, nobody learns how a child ended.
            signal(SIGCHLD, SIG_DFL)
        }
        let id = try start()
        let end = try? Handle(owning: pidfd_open(id, 0), for: "watch a program")
        var patience = Patience()
        var isKilled = false
        while !hasEnded(id) {
            awaitEnd(end)
            if endsDescendants { Descendants.reap(sparing: id) }
            for stop in stops() {
                if patience.isOver(after: stop) {
                    killAll(id)
                    isKilled = true
                } else if !stop.isFromTerminal {
                    kill(id, stop.signal)
                    // One that was stopped by a signal would not hear it.
                    kill(id, SIGCONT)
                }
            }
        }
        let ending = reap(id)
        guard endsDescendants else { return Outcome(ending: ending, survivors: []) }
        let survivors = Descendants.end(grace: isKilled ? .zero : grace, patience: self.patience)
        return Outcome(ending: ending, survivors: survivors)
    }

    /// Waits until it ends, a signal comes, or a little while is over.
    private func awaitEnd(_ end: Handle?) {
        guard let end else {
            usleep(10_000)
            return
        }
        var watched = pollfd(fd: end.raw, events: Int16(POLLIN), revents: 0)
        _ = poll(&watched, 1, 100)
    }

    /// Looks whether it has ended, and leaves it unreaped, so that its number stays its own.
    private func hasEnded(_ id: pid_t) -> Bool {
        var facts = siginfo_t()
        // Not there at all where this process ignores the end of its children.
        guard waitid(P_PID, id_t(id), &facts, WEXITED | WNOHANG | WNOWAIT) == 0 else { return errno != EINTR }
        return facts.si_signo == SIGCHLD
    }

    private func killAll(_ id: pid_t) {
        kill(id, SIGKILL)
        if endsDescendants { for member in Descendants.all() { member.send(SIGKILL) } }
    }

    private func reap(_ id: pid_t) -> Program.Ending {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1 {
            if errno != EINTR { return .exited(127) }
        }
        return Program.Ending(status: status)
    }
}

/// Tells the first signal from the one after which nobody wants to wait any more.
struct Patience {
    /// Several that come at once are one: whoever ends a group of processes, and this one in it, sends two.
    private static let atOnce: Duration = .milliseconds(250)
    private static let window: Duration = .seconds(5)
    private var first: (moment: Duration, isFromTerminal: Bool)?

    /// Whether this is the second.
    mutating func isOver(after stop: Foreground.Stop, at now: Duration = Moment.now) -> Bool {
        guard let first else {
            first = (now, stop.isFromTerminal)
            return false
        }
        let time = now - first.moment
        if time < Self.atOnce { return false }
        if first.isFromTerminal, stop.isFromTerminal, time > Self.window {
            self.first = (now, true)
            return false
        }
        return true
    }
}
