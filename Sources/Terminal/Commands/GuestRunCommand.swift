import Catalog
import Files
import Guests
import Offbeat

/// `guest run`.
enum GuestRunCommand {
    private static let program = Argument.one(
        "CMD", .word, help: "The program; stands after -- with its arguments.")
    private static let arguments = Argument.many(
        "ARG", .word, atLeast: 0, help: "The program's arguments, as it is to get them.")

    static let command = Command(
        "guest run", in: .guests, summary: "Run a program on a scratch store that goes with it",
        discussion: """
            The program finds a guest's store of its own in OFFBEAT_STORE, and every offbeat that it runs works there: \
            what it may do is told at guest start. With OFFBEAT_GUEST, which it finds as well, offbeat refuses every \
            other store. It runs at this terminal, with these streams, and its exit status is that of this command; \
            128 and the signal's number if a signal ended it. With --json its standard output goes to standard error.

            When it ends, what it left running is ended too, daemons included: asked to by SIGTERM, killed after two \
            seconds. Then the store is taken away. Signals that ask this command to end are handed on to the program; \
            with the second one (of those that are typed, within five seconds) it is killed.
            """,
        arguments: [program, arguments],
        options: [GuestCommands.timeToLive, GuestCommands.quota, GuestCommands.records],
        examples: [
            .init("offbeat guest run -- ./tidy-titles", "let a script try what it does"),
            .init("offbeat guest run --ttl 1h -- bash", "work as a guest in a shell, until it is left"),
        ],
        json: #"{"guest","exit":n|null,"signal":n|null}"#, exits: [.notFound, .refused, .tryLater],
        looksForInterruption: true,
        run: { invocation in
            invocation.interruption.collect()
            let session = try Workplace(invocation).session()
            var run = GuestRun(words: ([invocation[program]] + invocation[arguments]).map(\.bytes)) { guest in
                [
                    ("OFFBEAT_STORE", guest.path.bytes),
                    (Workplace.guestVariable, Array(guest.id.hex.utf8)),
                ]
            }
            run.isOutputDiverted = invocation.settings.json
            let outcome = try session.runGuest(run, GuestCommands.limits(invocation)) {
                invocation.interruption.collectedSignals().map {
                    .init($0.signal, isFromTerminal: $0.isFromTerminal)
                }
            }
            for remark in outcome.remarks { invocation.console.tell("\(Program.name): \(remark)") }
            let document: JSON = [
                "guest": .string(outcome.guest.hex), "exit": outcome.status.map { .integer(Int64($0)) } ?? .null,
                "signal": outcome.signal.map { .integer(Int64($0)) } ?? .null,
            ]
            return Reply(json: document, exit: ExitStatus(rawValue: outcome.exit)) { _ in }
        })
}
