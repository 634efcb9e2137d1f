import Catalog
import Offbeat
import Store

/// `pin`, `unpin`, `fetch` and `drop`.
enum ContentCommands {
    static let all = [pin, unpin, fetch, drop]

    private static let words = Argument.many(
        "QUERY", .track, help: "The tracks: ids, or a query if the words are not all ids.")
    private static let quick = Option.flag(
        "quick", help: "Believe a remote's files by name and size, and do not read them.")
    private static let json = #"{"changed":[id…],"bytes","refused":[{"id","reason"}]}"#

    private static let pin = Command(
        "pin", in: .sync, summary: "Keep tracks on this computer",
        discussion: """
            The files of pinned tracks come with the next sync and are never dropped. A query pins what it matches \
            from now on, too. What is pinned is a matter of this computer. The bytes are those still to come.

            \(LibraryCommands.queryText)
            """,
        arguments: [words],
        examples: [
            .init("offbeat config set content pinned", "let a sync bring pinned tracks only"),
            .init("offbeat pin tag:gig", "keep what has the tag, now and later"),
        ],
        json: json, exits: [.notFound, .tryLater], acceptsDashWords: true,
        run: { invocation in
            let outcome = try Workplace(invocation).session().pin(invocation[words])
            return reply(outcome) { page in
                page.remark(
                    "Pinned \(Quantity.count(Int64(outcome.changed.count), "track")); \(Quantity.size(outcome.bytes)) to come"
                )
            }
        })

    private static let unpin = Command(
        "unpin", in: .sync, summary: "Let go of pinned tracks, or of a pinned query",
        discussion: """
            Their files stay until somebody drops them; the bytes are those that may go. A query is let go in the \
            words in which it was pinned; a track that a query pins is refused.
            """,
        arguments: [words], json: json, exits: [.failed, .notFound, .tryLater], acceptsDashWords: true,
        run: { invocation in
            let outcome = try Workplace(invocation).session().unpin(invocation[words])
            return reply(outcome) { page in
                page.remark("Let go of \(Quantity.count(Int64(outcome.changed.count), "track"))")
            }
        })

    private static let fetch = Command(
        "fetch", in: .sync, summary: "Bring the files of tracks from the remotes",
        discussion: """
            Each file is verified while it is written. What was dropped may come with a sync again. A track that no \
            remote has is refused.
            """,
        arguments: [words], examples: [.init("offbeat fetch here:no artist:ana", "bring what is missing of Ana's")],
        json: json, exits: [.failed, .notFound, .tryLater], acceptsDashWords: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let outcome = try workplace.session().fetch(invocation[words], progress: workplace.reports())
            invocation.progress.end()
            return reply(outcome) { page in
                if outcome.isEmpty { return page.remark("All of it is here") }
                page.remark(
                    "Fetched \(Quantity.size(outcome.bytes)) of \(Quantity.count(Int64(outcome.changed.count), "track"))"
                )
            }
        })

    private static let drop = Command(
        "drop", in: .sync, summary: "Free the space of tracks that a remote holds",
        discussion: """
            A file goes only when a remote holds its bytes a second time, and has seen a version that names it; they \
            are read there and verified. What is pinned or not pushed is refused, and so is what nobody else has: a \
            remote on the same disk may have our own file under a second name. A file that another track needs stays.

            The track itself stays as well, and `offbeat fetch` brings its files back; until then no sync does.
            """,
        arguments: [words], options: [quick],
        examples: [.init("offbeat drop added:..2020 -tag:gig", "free the space of what is old")],
        json: json, exits: [.failed, .notFound, .tryLater], acceptsDashWords: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let outcome = try workplace.session().drop(
                invocation[words], reading: !invocation[quick], progress: workplace.reports())
            invocation.progress.end()
            return reply(outcome) { page in
                if outcome.isEmpty { return page.remark("Nothing of it is here") }
                page.remark(
                    "Dropped \(Quantity.count(Int64(outcome.changed.count), "track")); \(Quantity.size(outcome.bytes)) freed"
                )
            }
        })

    private static func reply(
        _ outcome: ContentOutcome, _ remark: @escaping @Sendable (inout Page) -> Void
    ) -> Reply {
        let document: JSON = [
            "changed": .array(outcome.changed.map { .string($0.description) }), "bytes": .integer(outcome.bytes),
            "refused": .array(
                outcome.refused.map { ["id": .string($0.id.description), "reason": .string($0.reason)] }),
        ]
        return Reply(json: document, exit: outcome.refused.isEmpty ? .done : .failed) { page in
            remark(&page)
            for (id, reason) in outcome.refused { page.line("Refused: \(id.description): \(reason)") }
        }
    }
}

extension ContentOutcome {
    /// Whether there was nothing to do.
    fileprivate var isEmpty: Bool { changed.isEmpty && refused.isEmpty }
}
