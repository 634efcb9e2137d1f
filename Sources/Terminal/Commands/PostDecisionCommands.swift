import Catalog
import Offbeat
import Store

/// `post submit`, `approve`, `reject`, `request-changes`, `schedule` and `unschedule`.
enum PostDecisionCommands {
    static let all = [
        decision(.submit, "Hand a post in for approval", "Submitted"),
        decision(.approve, "Approve a post", "Approved"),
        decision(.reject, "Reject a post", "Rejected"),
        decision(.requestChanges, "Ask for changes of a post", "Asked for changes of"),
        schedule, unschedule,
    ]

    private static let at = Option.required(
        "at", .text, value: "LOCALTIME", help: "When it goes out: \(PostCommands.time)")

    private static func decision(_ step: PostStep, _ summary: String, _ verb: Line) -> Command {
        Command(
            "post \(step.rawValue)", in: .posts, summary: summary, discussion: discussion(of: step),
            arguments: [PostCommands.id], options: [PostCommands.note], json: "post",
            exits: [.notFound, .refused, .tryLater],
            run: { invocation in
                let outcome = try Workplace(invocation).session().decide(
                    step, on: invocation[PostCommands.id], note: invocation[PostCommands.note])
                return PostCommands.reply(outcome, verb)
            })
    }

    private static func discussion(of step: PostStep) -> String {
        switch step {
        case .submit: "Where the workspace asks for no approval, this approves it."
        case .approve:
            """
            It is approved as it is: any later edit, also one that comes by a sync, makes it pending again. A post that \
            has a time is scheduled by this. Authors do not approve their own posts, unless the workspace allows it.
            """
        case .reject: "Who edits it makes it a draft again."
        default: "It is to be changed and handed in again."
        }
    }

    private static let schedule = Command(
        "post schedule", in: .posts, summary: "Set the time at which a post goes out",
        discussion: """
            The time is that on the clock of a zone, so a change of daylight saving time moves nothing. It holds once \
            the post is approved.
            """,
        arguments: [PostCommands.id], options: [at, PostCommands.zone, PostCommands.note],
        examples: [.init("offbeat post schedule 3f2a --at 2026-12-24T18:00 --zone Europe/Berlin", "set a time")],
        json: "post", exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().schedulePost(
                invocation[PostCommands.id], at: invocation[at], zone: invocation[PostCommands.zone],
                note: invocation[PostCommands.note])
            return PostCommands.reply(outcome, "Set the time of")
        })

    private static let unschedule = Command(
        "post unschedule", in: .posts, summary: "Take away the time at which a post goes out",
        arguments: [PostCommands.id], options: [PostCommands.note], json: "post",
        exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().unschedulePost(
                invocation[PostCommands.id], note: invocation[PostCommands.note])
            return PostCommands.reply(outcome, "Took away the time of")
        })
}
