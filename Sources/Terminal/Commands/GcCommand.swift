import Catalog
import Files
import Offbeat
import Store

/// `gc`.
enum GcCommand {
    private static let dryRun = Option.flag("dry-run", help: "Only say what would be done.")

    static let command = Command(
        "gc", in: .care, summary: "Free the space of files that nothing needs",
        discussion: """
            Needed are the files of every branch and tag, of versions that no remote has confirmed, of imports at work \
            and of guests, and of all versions as long as keepHistory says. What nothing needs is set aside, and a \
            later gc deletes it when keepQuarantine is over; until then it is taken back by whatever needs it again.

            A file of the past goes only where a remote holds it, too: each is asked, by ssh and https as well, but for \
            nothing where no such file is. What none holds is named and stays; what a remote may hold that does not \
            answer now stays for the time being. Where something that may need files cannot be read, nothing goes.

            In a guest's store the files that its present version does not name are deleted at once, and make room for \
            others; undo and restore do not bring their bytes back.
            """,
        options: [dryRun],
        examples: [
            .init("offbeat gc --dry-run", "see what would be set aside and deleted"),
            .init("offbeat config set keepHistory 1w", "keep the files of the past for a week"),
        ],
        json: #"{"quarantined":n,"deleted":n,"bytes":n,"revived":n,"onlyHere":[oid…],"undecided":n,"#
            + #""silent":[{"remote","reason"}]}"#,
        exits: [.notFound, .refused, .damaged, .tryLater],
        run: { invocation in
            giveWay()
            let workplace = Workplace(invocation)
            let library = try workplace.library()
            let isDryRun = invocation[dryRun]
            let outcome = try library.collect(isDryRun: isDryRun, progress: workplace.reports())
            return Reply(json: document(of: outcome)) { page in
                for line in report(outcome, isDryRun: isDryRun) { page.remark(line) }
                for silence in outcome.silent { page.remark("\(note(of: silence, outcome))") }
                for oid in outcome.onlyHere { page.line("only here: \(oid)") }
            }
        })

    private static func document(of outcome: CollectionOutcome) -> JSON {
        [
            "quarantined": .integer(Int64(outcome.quarantined)), "deleted": .integer(Int64(outcome.deleted)),
            "bytes": .integer(outcome.bytes), "revived": .integer(Int64(outcome.revived)),
            "onlyHere": .array(outcome.onlyHere.map { .string("\($0)") }),
            "undecided": .integer(Int64(outcome.undecided)),
            "silent": .array(
                outcome.silent.map { ["remote": .string($0.place), "reason": .string($0.reason)] }),
        ]
    }

    private static func note(of silence: OtherCopies.Silence, _ outcome: CollectionOutcome) -> String {
        "\(Quantity.count(Int64(outcome.undecided), "file")) of the past kept, since the remote \(silence.place) does not "
            + "say what it holds: \(silence.reason)"
    }

    private static func report(_ outcome: CollectionOutcome, isDryRun: Bool) -> [Line] {
        func files(_ count: Int) -> String { Quantity.count(Int64(count), "file") }
        let done = isDryRun ? "would be " : ""
        var lines: [Line] = []
        if outcome.revived > 0 { lines.append("\(files(outcome.revived)) \(done)taken back") }
        if outcome.deleted > 0 {
            lines.append("\(files(outcome.deleted)) \(done)deleted: \(Quantity.size(outcome.bytes)) freed")
        }
        if outcome.quarantined > 0 {
            let until = outcome.heldUntil.map { "until \(Timestamp(milliseconds: $0).description.prefix(16))" }
            lines.append("\(files(outcome.quarantined)) \(done)set aside, and held \(until ?? "for good")")
        }
        return lines.isEmpty ? ["There is nothing to collect"] : lines
    }
}
