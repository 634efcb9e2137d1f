import Files
import Offbeat
import Sync

/// `sync`.
enum SyncCommand {
    private static let remote = Argument.optional(
        "REMOTE", .text, help: "The remote's name; else the only one, or origin.")
    private static let watch = Option.flag(
        "watch", help: "Go on: sync again after every change here, and every so often.")
    private static let interval = Option.optional(
        "interval", .integer(1...86_400),
        help: "With --watch: how many seconds apart at most; else 300, or 120 where somebody reads posts here.")
    private static let splay = Option.optional(
        "splay", .integer(0...86_400),
        help: "First wait a moment of at most so many seconds, so that ten computers do not come all at once.")
    private static let dryRun = Option.flag("dry-run", help: "Only say what would be done.")
    private static let timeout = Option.optional(
        "timeout", .integer(0...86_400), help: "Give up after so many seconds of losing to others; else 120.")
    private static let accept = Option.flag(
        "accept-rewritten",
        help: "Take the remote's rewritten history, and do again on top what was never synced.")

    static let command = Command(
        "sync", in: .sync, summary: "Bring this store and a shared remote together",
        discussion: """
            What is new at the remote comes and is merged by its meaning, then what is new here goes, files first. It \
            may be interrupted at any moment; the next sync carries on. Nobody's work is lost: where two people have \
            changed one field, the later change stands and the other is kept for `offbeat conflicts`.

            Where the remote cannot be reached nothing is done, and the exit status is 75. To sync every ten minutes \
            with systemd, put this into ~/.config/systemd/user/offbeat-sync.service:

                [Unit]
                Description=Sync the Offbeat library

                [Service]
                Type=oneshot
                ExecStart=\(Program.usualPlace) sync --quiet --splay 60
                SuccessExitStatus=5 75

            and this into offbeat-sync.timer beside it:

                [Unit]
                Description=Sync the Offbeat library every ten minutes

                [Timer]
                OnCalendar=*:0/10
                Persistent=true

                [Install]
                WantedBy=timers.target

            Then `systemctl --user enable --now offbeat-sync.timer` begins. With cron, this line does it:

                */10 * * * * \(Program.usualPlace) sync --quiet --splay 60
            """,
        arguments: [remote], options: [watch, interval, splay, dryRun, timeout, accept],
        examples: [
            .init("offbeat sync", "sync with the only remote, or origin"),
            .init("offbeat sync --dry-run", "see what would come and go"),
            .init("offbeat sync --watch --interval 60", "sync after every change, and every minute"),
        ],
        json: """
            {"remote","from","to","result":"up-to-date"|"pulled"|"pushed"|"merged","pulled":n,"pushed":n,"conflicts":n,\
            "files":{"uploaded","downloaded","bytesUp","bytesDown","absent","damaged"},"invalidated":[view…],"rounds":n}, with --watch one a \
            line
            """,
        exits: [.notFound, .refused, .conflicts, .damaged, .tryLater], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            var request = SyncRequest()
            request.remote = invocation[remote]
            request.isDryRun = invocation[dryRun]
            request.terms.acceptsRewritten = invocation[accept]
            if let timeout = invocation[timeout] { request.terms.timeout = Double(timeout) }
            let library = try workplace.library()
            try wait(atMost: invocation[splay] ?? 0, workplace.interruption)
            if invocation[watch] {
                let watcher = SyncWatcher(
                    library, request, invocation, interval: invocation[interval].map(Double.init))
                return try watcher.run()
            }
            do {
                let outcome = try library.sync(request, progress: workplace.reports())
                let page = SyncPage(outcome)
                return Reply(json: outcome.json, exit: page.exit) { text in
                    for line in page.lines { text.remark(line) }
                }
            } catch let failure as Offbeat.Failure {
                // Who asks for quiet wants no line from every cron job of a train journey.
                guard failure.code == .offline, invocation.console.style.quiet, !invocation.settings.json else {
                    throw failure
                }
                return .written(exit: .tryLater)
            }
        })

    /// Waits by chance.
    private static func wait(atMost seconds: Int, _ interruption: Interruption) throws {
        guard seconds > 0 else { return }
        let end = SystemClock.monotonicNanoseconds() + UInt64.random(in: 0..<UInt64(seconds) * 1_000_000_000)
        while SystemClock.monotonicNanoseconds() < end {
            try interruption.check()
            SystemClock.sleep(seconds: 0.1)
        }
    }
}
