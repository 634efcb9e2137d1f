import Glibc

extension Program {
    /// Runs the program and waits for it.
    ///
    /// `stopped` is asked at least ten times a second, and its yes ends the program. When this returns or throws, the
    /// program and all that it started in its process group are gone unless it ended by itself and
    /// ``leavesOthers``, and no descriptor is left open.
    public func run(stopped: () -> Bool = { false }) throws(ProcessError) -> Outcome {
        let start = Moment.now
        let child = try Child(starting: self)
        do throws(ProcessError) {
            while !child.hasEnded {
                try child.listen(milliseconds: 50)
                try check(start, child, stopped)
            }
            // What is in the pipe when the program has ended is its output; others that hold the pipe are not waited for.
            try child.drain()
            try checkSize(child)
        } catch {
            _ = child.end(grace: grace)
            throw error
        }
        let ending = child.end(grace: .zero)
        return Outcome(ending: ending, output: child.output.bytes, complaint: child.complaint.bytes)
    }

    private func check(
        _ start: Duration, _ child: Child, _ stopped: () -> Bool
    ) throws(ProcessError) {
        try checkSize(child)
        if stopped() { throw ProcessError(.stopped, "\(name) was stopped") }
        if let timeLimit, Moment.now - start > timeLimit, !child.hasEnded {
            throw ProcessError(.timedOut, "\(name) took longer than \(timeLimit.words)")
        }
    }

    private func checkSize(_ child: Child) throws(ProcessError) {
        guard case .collected(let limit) = output, child.output.bytes.count > limit else { return }
        throw ProcessError(.tooMuchOutput, "\(name) wrote more than \(limit) bytes")
    }
}

/// The clock that nobody sets.
enum Moment {
    /// The time since the machine was started.
    static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

extension Duration {
    /// The length as a person says it.
    var words: String {
        let (seconds, rest) = components
        if seconds == 0 { return "\(rest / 1_000_000_000_000_000) ms" }
        return seconds == 1 ? "1 second" : "\(seconds) seconds"
    }
}
