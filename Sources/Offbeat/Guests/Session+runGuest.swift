import Guests
import Processes

extension Session {
    /// Starts a guest, runs a program that is to work as this guest, and takes the guest's store away when the program has
    /// ended: whatever came of it, and whoever else is at work in the store.
    ///
    /// What the program has left running is ended first. The program holds the store in use as this process does: if this
    /// process is killed, the store stays as long as the program, or one that it started, is there, and the next command goes
    /// by and takes it away after that.
    ///
    /// - Parameter stops: asked again and again for the signals that came; see ``Foreground/run(heeding:)``.
    public func runGuest(
        _ run: GuestRun, _ limits: GuestLimits = GuestLimits(), heeding stops: () -> [GuestRun.Stop] = { [] }
    ) throws(Failure) -> GuestRun.Outcome {
        let (guest, use) = try startGuest(limits, forOneRun: true)
        var program = Foreground(words: run.words)
        program.variables = run.variables(guest)
        program.inherited = use.descriptor
        program.isOutputDiverted = run.isOutputDiverted
        program.endsDescendants = true
        let outcome: Foreground.Outcome
        do {
            guard stops().isEmpty else { throw Failure(.interrupted, "interrupted") }
            outcome = try program.run {
                stops().map { Foreground.Stop($0.signal, isFromTerminal: $0.isFromTerminal) }
            }
        } catch {
            _ = takeAway(guest)
            throw Self.failure(error)
        }
        var remarks = outcome.survivors.map { "process \($0), which the program left running, could not be ended" }
        if let complaint = withExtendedLifetime(use, { takeAway(guest) }) { remarks.append(complaint) }
        let (status, signal): (Int32?, Int32?) =
            switch outcome.ending {
            case .exited(let status): (status, nil)
            case .signalled(let signal): (nil, signal)
            }
        return GuestRun.Outcome(guest: guest.id, status: status, signal: signal, remarks: remarks)
    }

    /// Takes a guest's store away; gives what is wrong where that fails.
    private func takeAway(_ guest: Scratch) -> String? {
        do {
            try Scratches(over: store).end(guest, evenInUse: true)
            return nil
        } catch {
            return "the store of guest \(guest.id) was not taken away, the next command tries again: \(error)"
        }
    }

    private static func failure(_ error: any Error) -> Failure {
        let failure = Failure(error)
        guard let error = error as? ProcessError else { return failure }
        let hint: String? =
            switch error.code {
            case .notFound: "give the program's path, or a name that is found by PATH"
            case .notRunnable: "make it executable, or name the program that reads it"
            default: nil
            }
        return Failure(failure.code, failure.message, hint: hint)
    }
}
