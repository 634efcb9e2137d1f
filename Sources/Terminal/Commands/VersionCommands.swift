import Catalog
import Files
import Offbeat
import Store

/// `status`, `log` and `diff`.
enum VersionCommands {
    static let all = [status, log, diff]

    private static let maxAge = Option.optional(
        "max-age", .duration, help: "Fail when the last sync that went well was longer ago, such as 2h.")

    private static let status = Command(
        "status", in: .start, summary: "Say how the library stands",
        discussion: """
            Of the remote it tells what is known here; it is not asked. With --max-age the exit status is 1 when \
            syncing has not gone well for so long, for a job that watches over others.
            """,
        options: [maxAge],
        json: #"""
            {"store","version","user","tracks","posts","remote":{"name","url","ahead","behind","lastSync","lastError"}|null,\#
            "files":{"here","missing","toUpload","bytesToUpload"},"conflicts","waiting","unreadable":[{"path","reason"}],\#
            "guest":{"guest","expires","records","bytes","quota":{"bytes","records"}} (in a guest's store only)}
            """#,
        run: { invocation in
            let workplace = Workplace(invocation)
            let session = try workplace.session()
            let status = try session.status()
            let now = UInt64(max(0, workplace.settings.now()))
            let isLate = invocation[maxAge].map { status.isOlder(than: $0, at: now) } ?? false
            let page = StatusPage(status, of: session.library)
            return Reply(json: page.document, exit: isLate ? .failed : .done) { text in
                page.write(to: &text)
                if isLate { text.line("the last sync that went well was too long ago") }
            }
        })

    // MARK: log

    private static let id = Argument.optional("ID", .track, help: "Only the versions that changed this track.")
    private static let follow = Option.flag("follow", help: "Go on: print each new version as it is made.")
    private static let limit = Option.optional("limit", .integer(1...Int.max), help: "At most so many, the newest.")

    private static let log = Command(
        "log", in: .versions, summary: "List versions, newest first", arguments: [id], options: [follow, limit],
        json: #"{"entries":[{"version","at","by","subject","changes":n}]}, with --follow one entry a line"#,
        exits: [.notFound], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let session = try workplace.session()
            if invocation[follow] { return try LogFollower(session, invocation[id], invocation).run() }
            var entries: [LogEntry] = []
            let most = invocation[limit] ?? .max
            try session.log(of: invocation[id]) { entry in
                entries.append(entry)
                return entries.count < most && !workplace.interruption.isRequested
            }
            return Reply(json: ["entries": .array(entries.map(\.json))]) { page in
                for entry in entries { page.line(LogPage.line(entry)) }
            }
        })

    // MARK: diff

    private static let old = Argument.one("A", .text, help: "A version: digits of its id, HEAD or HEAD~3.")
    private static let new = Argument.one("B", .text, help: "Another version.")

    private static let diff = Command(
        "diff", in: .versions, summary: "List what differs between two versions", arguments: [old, new],
        examples: [.init("offbeat diff HEAD~1 HEAD", "what the last version changed")],
        json: #"{"changes":[{"kind","id","what":"added"|"changed"|"removed","fields":[…]}]}"#, exits: [.notFound],
        run: { invocation in
            let changes = try Workplace(invocation).session().diff(invocation[old], invocation[new])
            return Reply(json: ["changes": .array(changes.map(\.json))]) { page in
                for change in changes {
                    let fields = change.fields.isEmpty ? "" : ": " + change.fields.joined(separator: ", ")
                    page.line("\(change.change.kind.rawValue) \(change.kind) \(change.id)\(fields)")
                }
            }
        })
}

/// How versions look.
enum LogPage {
    static func line(_ entry: LogEntry) -> Line {
        let at = Timestamp(milliseconds: Int64(entry.entry.at)).description.prefix(16)
        return "\(entry.entry.version.short, .faint)  \(String(at))  \(entry.by)  \(entry.entry.subject, .bold)"
    }
}
