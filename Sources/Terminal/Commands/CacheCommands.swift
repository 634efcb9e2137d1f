import Cache
import Catalog
import Files
import Offbeat
import Store

/// `cache stats`, `ls`, `explain`, `warm`, `clean`, `invalidate` and `clear`.
enum CacheCommands {
    static let all = [stats, list, explain, warm, clean, invalidate, clear]

    private static let harmless = """
        Everything that is kept can be computed again, and is right without anybody doing anything: no cache command can \
        lose anything else.
        """

    // MARK: Looking

    private static let stats = Command(
        "cache stats", in: .cache, summary: "Say how often answers were ready, and what had to be made again",
        discussion: """
            Everything that is counted here is about what can be computed again. Counts survive restarts and other \
            programs at the same store; deleting the folder `cache` of the store begins them anew, and loses nothing else.
            """,
        json: #"""
            {"entries","bytes","rawBytes","ratio":n|null,"hits","misses","hitRate":n|null,\#
            "views":{view:{"hits","misses","hitRate":n|null,"rows","built","bytes"}},"evictions":{cause:n},\#
            "invalidations":{"change":n,"sync":n,"undo":n,"rebuild":n,"request":n},"lastCleanup":time|null}
            """#,
        run: { invocation in
            let report = try Workplace(invocation).session().cacheReport()
            return Reply(json: report.json) { CacheReportPage(report).write(on: &$0) }
        })

    private static let what = Argument.optional(
        "VIEW|ID", .text, help: "picker, history:<slug>, analysis, or a track; else all that is kept for you.")

    private static let list = Command(
        "cache ls", in: .cache, summary: "List what is kept for you, and whether it is ready", arguments: [what],
        examples: [
            .init("offbeat cache ls", "the lists that you have asked for"),
            .init("offbeat cache ls 3f2a", "whether lists show a track as it is now"),
        ],
        json: #"""
            {"entries":[{"view"|"id","stem":type|null,"analyzer":name|null,"size","created":time|null,"lastAccessed":time|null,\#
            "valid":bool,"reason":text|null}]}
            """#,
        exits: [.notFound],
        run: { invocation in
            let entries = try Workplace(invocation).session().cached(invocation[what])
            let document: JSON = ["entries": .array(entries.map(\.json))]
            return Reply(json: document) { page in
                if entries.isEmpty { page.remark("nothing was asked for yet") }
                for entry in entries { page.line(CacheEntryPage.line(entry)) }
            }
        })

    private static let view = Argument.optional("VIEW", .text, help: "The view; else picker.")

    private static let explain = Command(
        "cache explain", in: .cache, summary: "Say what the next read would make again, and why",
        discussion: "Nothing is made for it. `version` is where the view itself last changed.", arguments: [view],
        json: #"""
            {"view","valid":bool,"reason":text|null,"stamp":version|null,"head":version,"version":version|null,\#
            "tracks","posts","records":[path…]|null} (null: all of them)
            """#,
        exits: [.notFound],
        run: { invocation in
            let (view, condition) = try Workplace(invocation).session().explain(invocation[view] ?? "picker")
            let page = CacheConditionPage(view, condition)
            return Reply(json: page.document) { page.write(on: &$0) }
        })

    // MARK: Doing

    private static let words = Argument.many("QUERY", .text, atLeast: 0, help: "What will be looked for.")

    private static let warm = Command(
        "cache warm", in: .cache, summary: "Make ready what the next read would make",
        discussion: """
            Rows are made, and analyses that are not here are brought from a remote, those that were used most first, as \
            long as there is room for them and it takes no longer than half a minute.
            """, arguments: [words],
        json: #"{"version","cache":"hit"|"refreshed"|"built","rows","tracks","fetched":n,"bytes":n}"#,
        exits: [.refused],
        acceptsDashWords: true,
        run: { invocation in
            let query = invocation[words].joined(separator: " ")
            let outcome = try Workplace(invocation).session().warm(query)
            return Reply(json: outcome.json) { page in
                page.remark("Made \(Quantity.count(Int64(outcome.rows), "row")) again")
                if outcome.fetched.analyses > 0 {
                    let count = Quantity.count(Int64(outcome.fetched.analyses), "analysis", plural: "analyses")
                    page.remark("Fetched \(count), \(Quantity.size(outcome.fetched.bytes))")
                }
            }
        })

    private static let clean = Command(
        "cache clean", in: .cache, summary: "Remove what is kept in vain",
        discussion: """
            Analyses go from this computer that nobody asked for in `cache.ttl` seconds, then those that were not asked for \
            the longest, until no more than `cache.maxSize` MiB are left. Only what can be had again goes: what a remote \
            holds, or what can be computed again from audio that is here. What is pinned stays.
            """,
        json: #"{"removed":n,"bytes":n,"refused":n}"#,
        run: { invocation in
            giveWay()
            let (files, bytes, refused) = try Workplace(invocation).library().cleanCache()
            let document: JSON = [
                "removed": .integer(Int64(files)), "bytes": .integer(bytes), "refused": .integer(Int64(refused)),
            ]
            return Reply(json: document) { page in
                page.remark("Removed \(Quantity.count(Int64(files), "file")), \(Quantity.size(bytes))")
                if refused > 0 {
                    page.remark(
                        "\(Quantity.count(Int64(refused))) had to stay: no remote holds them, or they are pinned")
                }
            }
        })

    private static let target = Argument.optional("ID|VIEW", .text, help: "A track, or a view.")
    private static let workspace = Option.optional(
        "workspace", .text, value: "W", help: "What is shared with this workspace.")
    private static let profile = Option.optional(
        "profile", .text, value: "KEY", help: "The same, for the workspaces of a profile key.")

    private static let invalidate = Command(
        "cache invalidate", in: .cache, summary: "Have something made again at the next read", discussion: harmless,
        arguments: [target], options: [workspace, profile],
        examples: [
            .init("offbeat cache invalidate picker", "make all lists of tracks again"),
            .init("offbeat cache invalidate --workspace band", "only what is shared with the band"),
        ],
        json: #"{"invalidated":[view…],"rows":n}"#, exits: [.notFound],
        run: { invocation in
            let wanted = [
                invocation[target].map(Session.Invalidation.named),
                invocation[workspace].map(Session.Invalidation.workspace),
                invocation[profile].map(Session.Invalidation.profile),
            ].compactMap { $0 }
            guard wanted.count == 1, let what = wanted.first else {
                throw Failure.usage(
                    "cache invalidate needs one thing that is to be made again",
                    hint: "name a track, a view such as picker, --workspace W or --profile KEY")
            }
            let (views, rows) = try Workplace(invocation).session().invalidate(what)
            let document: JSON = [
                "invalidated": .array(views.map { .string($0.description) }), "rows": .integer(Int64(rows)),
            ]
            return Reply(json: document) { page in
                page.remark("\(Quantity.count(Int64(rows), "row")) will be made again at the next read")
            }
        })

    private static let everything = Option.flag("all", help: "All that is kept, for everybody, and the counts.")

    private static let clear = Command(
        "cache clear", in: .cache, summary: "Forget what is kept, for one person or altogether",
        discussion: harmless, options: [everything],
        examples: [
            .init("offbeat cache clear --user ana", "what is kept for Ana, as when she logs out"),
            .init("offbeat cache clear --all", "start from nothing"),
        ],
        json: #"{"entries":n,"bytes":n}"#, exits: [.notFound],
        run: { invocation in
            let workplace = Workplace(invocation)
            guard invocation[everything] || invocation.settings.user != nil else {
                throw Failure.usage(
                    "cache clear needs to know whose", hint: "say --user HANDLE, or --all for everybody")
            }
            let session = try workplace.session()
            let entries = try session.clearOwnCache()
            let bytes = invocation[everything] ? try session.library.clearCache() : 0
            let document: JSON = ["entries": .integer(Int64(entries)), "bytes": .integer(bytes)]
            return Reply(json: document) { page in
                page.remark(
                    bytes > 0
                        ? "Forgot everything, \(Quantity.size(bytes))"
                        : "Forgot \(Quantity.count(Int64(entries), "entry", plural: "entries"))")
            }
        })
}
