import Catalog
import Offbeat

/// `publish` and `post settle`.
enum PublishCommands {
    static let all = [publish, settle]

    // MARK: publish

    private static let ids = Argument.many(
        "ID", .text, atLeast: 0, help: "The posts: each by its id, four or more digits of it, or its title.")
    private static let due = Option.flag("due", help: "All posts whose time has come.")

    private static let publish = Command(
        "publish", in: .posts, summary: "Bring posts out, each once",
        discussion: """
            With --due all posts go out whose time has come, of the workspaces in which you are an approver or owner; with \
            ID those, now. However many computers publish at the same time, one of them hands a post over: the others are \
            told so. Which one that is the shared remote decides, so where it cannot be reached nothing goes out, and \
            the exit status is 75.

            A post that is found more than the workspace's lateness after its time does not go out but needs attention, \
            and so does one of which nobody can know what became of it: `offbeat post settle` says so then. One that was \
            refused has failed; `offbeat publish ID` tries again.

            To publish every five minutes with cron, on each computer on which the workspace's targets are set up:

                */5 * * * * \(Program.usualPlace) sync --quiet; \(Program.usualPlace) publish --due --quiet
            """,
        arguments: [ids], options: [due],
        examples: [
            .init("offbeat publish --due", "bring out what is due"),
            .init("offbeat publish 3f2a", "bring one post out now"),
        ],
        json: """
            {"published":[post…],"failed":[{"id","target","reason","state"}],"lost":[as failed…],"attention":[as \
            failed…]}
            """,
        exits: [.notFound, .refused, .tryLater], looksForInterruption: true,
        run: { invocation in
            let names = invocation[ids]
            guard names.isEmpty == invocation[due] else {
                throw Failure.usage("name posts, or say --due for all whose time has come")
            }
            let workplace = Workplace(invocation)
            let environment = invocation.settings.environment
            let outcome = try workplace.session().publish(
                names.isEmpty ? .due : .posts(names), environment: { environment[$0]?.text },
                progress: workplace.reports())
            return Reply(json: outcome.json, exit: exit(outcome, asked: !names.isEmpty)) { page in
                show(outcome, on: &page)
            }
        })

    /// Who loses to another has nothing left to do, unless it was they who were asked.
    private static func exit(_ outcome: PublishOutcome, asked: Bool) -> ExitStatus {
        if outcome.isInterrupted { return .interrupted }
        if !outcome.failed.isEmpty || !outcome.attention.isEmpty { return .failed }
        return asked && !outcome.lost.isEmpty ? .tryLater : .done
    }

    private static func show(_ outcome: PublishOutcome, on page: inout Page) {
        for post in outcome.published {
            page.remark("Published \(PostPage.name(post))")
            for link in post.post.links.entries { page.line("\(link.value.asString ?? "")") }
        }
        let rest = [
            ("Not published", outcome.failed, isTrouble: true), ("Left to others", outcome.lost, false),
            ("Needs attention", outcome.attention, true),
        ]
        for (what, undone, isTrouble) in rest {
            for one in undone {
                let target = one.target.map { " (\($0))" } ?? ""
                let line: Line = "\(what): \(PostPage.name(one.post))\(target): \(one.reason)"
                // Whoever runs it quietly, as cron does, is told of trouble all the same.
                if isTrouble { page.line(line) } else { page.remark(line) }
            }
        }
        if outcome.published.isEmpty, rest.allSatisfy(\.1.isEmpty) { page.remark("Nothing is due") }
        for remark in outcome.remarks { page.remark("Note: \(remark)") }
    }

    // MARK: settle

    private static let sent = Option.optional("sent", .text, value: "URL", help: "It is out, at this address.")
    private static let notSent = Option.flag("not-sent", help: "It did not go out.")

    private static let settle = Command(
        "post settle", in: .posts, summary: "Say what became of a post that needs attention",
        discussion: """
            Where a computer vanished or a service never answered, no computer knows whether a post went out, and nothing \
            else is tried until somebody looks and says it. What did not go out may be published again.
            """,
        arguments: [PostCommands.id], options: [sent, notSent, PostCommands.note],
        examples: [.init("offbeat post settle 3f2a --sent https://example.org/1", "say where it appeared")],
        json: "post", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            guard (invocation[sent] == nil) == invocation[notSent] else {
                throw Failure.usage("say either --sent URL or --not-sent")
            }
            let settlement = invocation[sent].map { Session.Settlement.sent($0) } ?? .notSent
            let outcome = try Workplace(invocation).session().settlePost(
                invocation[PostCommands.id], settlement, note: invocation[PostCommands.note])
            return PostCommands.reply(outcome, "Settled")
        })
}
