import Cache
import Catalog
import Files
import Offbeat
import Store

/// `ls`, `show`, `edit`, `rm`, `marker add` and `marker rm`.
enum LibraryCommands {
    static let all = [list, show, edit, remove, addMarker, removeMarker]

    static let id = Argument.one(
        "ID", .track, help: "An id, four or more digits of one, or words that one track has.")
    private static let ids = Argument.many("ID", .track, help: "The tracks, each by an id or by words.")
    private static let words = Argument.many("QUERY", .text, atLeast: 0, help: "What to look for.")

    /// What every command that takes a query says of it.
    static let queryText = """
        A query is words, which must all occur at the beginning of words in title, artist, album, tags or comment; \
        capitals and accents do not matter. Further: field:value, field:1..2, tag:x, -term, added:-7d, here:no.
        """

    // MARK: Looking

    private static let owner = Option.optional("owner", .handle, help: "Only this person's tracks.")
    private static let tag = Option.repeated("tag", .text, value: "T", help: "Only tracks with this tag.")
    private static let sort = Option.defaulted(
        "sort", .choice("FIELD"), default: SortKey.added, help: "What to sort by; newest first for added.")
    private static let limit = Option.optional("limit", .integer(1...Int.max), help: "At most so many.")
    private static let after = Option.optional(
        "after", .text, value: "CURSOR", help: "Go on where an earlier list ended.")

    private static let list = Command(
        "ls", in: .library, summary: "List tracks", discussion: queryText, arguments: [words],
        options: [owner, tag, sort, limit, after],
        examples: [
            .init("offbeat ls", "every track, newest first"),
            .init("offbeat ls night bpm:120..130 -tag:live", "what has a word, a tempo, and not a tag"),
        ],
        json: #"{"version","total","tracks":[track…],"next":cursor|null,"cache":"hit"|"refreshed"|"built"}"#,
        acceptsDashWords: true,
        run: { invocation in
            var request = ListRequest(query: invocation[words].joined(separator: " "))
            request.owner = invocation[owner]
            request.tags = invocation[tag]
            request.sort = invocation[sort]
            request.limit = invocation[limit]
            request.cursor = invocation[after]
            let list = try Workplace(invocation).session().list(request)
            let document: JSON = [
                "version": .string(list.version.description), "total": .integer(Int64(list.total)),
                "tracks": .array(list.tracks.map(\.json)), "next": list.next.map(JSON.string) ?? .null,
                "cache": .string(list.freshness.rawValue),
            ]
            return Reply(json: document) { page in
                page.table(TrackPage.table(list.tracks))
                if list.tracks.count < list.total {
                    page.remark(
                        "\(Quantity.count(Int64(list.tracks.count))) of \(Quantity.count(Int64(list.total), "track"))"
                    )
                }
            }
        })

    private static let show = Command(
        "show", in: .library, summary: "Show a track", arguments: [id], json: "track",
        run: { invocation in
            let track = try Workplace(invocation).session().show(invocation[id])
            return Reply(json: track.json) { page in TrackPage.show(track, on: &page) }
        })

    // MARK: Changing

    private static let changes = Argument.many(
        "CHANGE", .text, atLeast: 0, help: "The track, unless --query names several; then field=value, +tag, -tag.")
    private static let query = Option.optional(
        "query", .text, value: "QUERY", help: "Edit every track that matches.")
    private static let dryRun = Option.flag("dry-run", help: "Say what would change, and change nothing.")
    private static let ifVersion = Option.optional(
        "if-version", .text, value: "VERSION", help: "Refuse unless the store is still at this version.")

    private static let edit = Command(
        "edit", in: .library, summary: "Change what is known of a track",
        discussion: """
            An empty value clears a field. The fields are title, artist, album, genre, year, trackNumber, comment, \
            rating, bpm, key, grid and owner; names that begin with x- are yours to choose. A grid says where the \
            beats are: grid=128@0.35 is 128 a minute, one of them at 0.35 seconds. The audio file itself is never \
            touched.
            """,
        arguments: [changes], options: [query, dryRun, ifVersion],
        examples: [
            .init(
                "offbeat edit 3f2a title='Night Train' bpm=128.5 +live -demo", "set fields, add and remove a tag"),
            .init("offbeat edit --query 'artist:ana' genre=House", "edit all that match"),
        ],
        json: #"{"version","changed":[id…],"tracks":[track…]}"#, exits: [.notFound, .refused, .tryLater],
        acceptsDashWords: true,
        run: { invocation in
            var words = invocation[changes]
            let target: EditTarget
            if let query = invocation[query] {
                target = .matches(query)
            } else {
                guard let name = words.first else {
                    throw Failure.usage("edit needs a track", hint: "name one, or several with --query")
                }
                target = .one(name)
                words.removeFirst()
            }
            var request = EditRequest(target, changes: try words.map { try TrackChange(parsing: $0) })
            request.isDryRun = invocation[dryRun]
            request.expectedVersion = invocation[ifVersion]
            let outcome = try Workplace(invocation).session().edit(request)
            return Reply(json: document(of: outcome)) { page in
                let verb = request.isDryRun ? "Would change" : "Changed"
                for track in outcome.tracks { page.remark("\(verb) \(TrackPage.name(track))") }
                if outcome.tracks.isEmpty { page.remark("Nothing to change") }
            }
        })

    private static func document(of outcome: EditOutcome) -> JSON {
        [
            "version": .string(outcome.version.description),
            "changed": .array(outcome.tracks.map { .string($0.id.description) }),
            "tracks": .array(outcome.tracks.map(\.json)),
        ]
    }

    private static let remove = Command(
        "rm", in: .library, summary: "Remove tracks",
        discussion: "Earlier versions keep them, so nothing is lost.", arguments: [ids],
        json: #"{"version","removed":[id…]}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().remove(invocation[ids])
            let document: JSON = [
                "version": .string(outcome.version.description),
                "removed": .array(outcome.tracks.map { .string($0.id.description) }),
            ]
            return Reply(json: document) { page in
                for track in outcome.tracks { page.remark("Removed \(TrackPage.name(track))") }
            }
        })

    // MARK: Markers

    private static let time = Argument.one("TIME", .text, help: "1:02.5, 62.5 (seconds) or 2755000f (frames).")
    private static let markerText = Argument.one("TEXT", .text, help: "What is there.")
    private static let markerName = Argument.one("MARKER", .text, help: "Its time, its text, or digits of its id.")

    private static let addMarker = Command(
        "marker add", in: .library, summary: "Mark a place in a track", arguments: [id, time, markerText],
        examples: [.init("offbeat marker add 3f2a 1:02.5 'second verse'", "mark a place")],
        json: #"{"version","track":track}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().addMarker(
                to: invocation[id], at: MarkerPosition(parsing: invocation[time]), text: invocation[markerText])
            return markerReply(outcome, "Marked")
        })

    private static let removeMarker = Command(
        "marker rm", in: .library, summary: "Remove a mark from a track", arguments: [id, markerName],
        json: #"{"version","track":track}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let outcome = try Workplace(invocation).session().removeMarker(
                from: invocation[id], named: invocation[markerName])
            return markerReply(outcome, "Removed a mark from")
        })

    private static func markerReply(_ outcome: EditOutcome, _ verb: String) -> Reply {
        let document: JSON = [
            "version": .string(outcome.version.description), "track": outcome.tracks.first?.json ?? .null,
        ]
        return Reply(json: document) { page in
            for track in outcome.tracks { page.remark("\(verb) \(TrackPage.name(track))") }
        }
    }
}

extension ValueKind where Value == String {
    /// What names a track.
    static var track: Self {
        Self("ID", completing: .track) { word throws(Complaint) in try word.requireText() }
    }
}
