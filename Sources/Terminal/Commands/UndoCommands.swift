import Catalog
import Offbeat
import Store

/// `undo` and `restore`.
enum UndoCommands {
    static let all = [undo, restore]

    // MARK: undo

    private static let undo = Command(
        "undo", in: .versions, summary: "Take back what you last did on this computer",
        discussion: """
            The last change that you made here is taken back as a new version, field by field; the history keeps \
            both. Done again, it goes further back. What somebody changed since stays as it is and is named. Never \
            undone are what others did, merges, decisions about posts, and what was published.
            """,
        json: #"""
            {"version","undone":{"version","subject","at","changes":[{"kind","id","what":"added"|"changed"|\#
            "removed","fields":[…]}]},"kept":[{"kind","id","field","reason"}]}
            """#,
        exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let report = try Workplace(invocation).session().undo()
            return Reply(json: report.json) { page in
                page.remark("Undid \(report.undone.subject, .bold)")
                for change in report.changes { page.detail("  \(words(for: change))") }
                for kept in report.kept { page.line(line(for: kept)) }
            }
        })

    private static func words(for change: UndoReport.Change) -> String {
        let name = "\(change.kind) \(change.id)"
        return switch change.what {
        case .added: "removed \(name) again"
        case .removed: "brought back \(name)"
        case .changed: "put back \(name): \(change.fields.joined(separator: ", "))"
        }
    }

    private static func line(for kept: UndoReport.Kept) -> Line {
        let field = kept.field.map { "\($0) of " } ?? ""
        return "Kept \(field)\(kept.kind) \(String(kept.id.prefix(8)), .faint): \(kept.reason)"
    }

    // MARK: restore

    private static let at = Option.required(
        "at", .text, value: "VERSION", help: "The version: digits of its id, HEAD or HEAD~3.")

    private static let restore = Command(
        "restore", in: .versions, summary: "Make a track what it was at an earlier version",
        discussion: """
            Everything that is known of the track, its audio and its stems become what they were, as a new version; \
            the history keeps what was there in between. The track is looked up in that version, so that one that \
            was removed since returns, and one whose record cannot be read any more is mended.
            """,
        arguments: [LibraryCommands.id], options: [at],
        examples: [
            .init("offbeat restore 'night train' --at HEAD~3", "as it was three versions ago"),
            .init("offbeat restore 3f2a --at 6c981676ab", "as it was at a version that `log` named"),
        ],
        json: #"{"version","track":track}"#, exits: [.notFound, .refused, .damaged, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().restore(
                invocation[LibraryCommands.id], at: invocation[at])
            let document: JSON = ["version": .string(outcome.version.description), "track": outcome.track.json]
            return Reply(json: document) { page in
                let verb = outcome.isChanged ? "Restored" : "Nothing differs in"
                page.remark("\(verb) \(TrackPage.name(outcome.track))")
                if !outcome.track.isHere { page.remark("Its file is not on this computer") }
                for kept in outcome.kept { page.line(line(for: kept)) }
            }
        })
}
