import Catalog
import Offbeat
import Store

/// `conflicts` and `resolve`.
enum ConflictCommands {
    static let all = [conflicts, resolve]

    // MARK: conflicts

    private static let conflicts = Command(
        "conflicts", in: .sync, summary: "List what waits for a decision",
        discussion: """
            Where two people changed one thing apart, the later value stands and the other is kept until somebody \
            decides with resolve. The field is as resolve takes it: that of a stem has the stem in front, as \
            stems/drums.audio. Of the field removed the value is true: somebody removed the record while it was changed. \
            Of the field record it is all that another laptop had in the record's place.
            """,
        json: #"""
            {"conflicts":[{"n":1,"kind","id","field","current":value|null,"others":[{"value":value|null,"by":handle|\#
            null,"at"}]}]}
            """#,
        run: { invocation in
            let found = try Workplace(invocation).session().conflicts()
            return Reply(json: ["conflicts": found.json]) { page in
                page.table(table(of: found))
                page.remark(
                    found.isEmpty
                        ? "Nothing waits for a decision"
                        : "Decide with: offbeat resolve ID FIELD --take current|1|2…, or --value TEXT")
            }
        })

    private static func table(of conflicts: [ConflictSummary]) -> Table {
        var table = Table([
            .number("N"), .whole("ID"), .text("NAME"), .whole("FIELD"), .whole("TAKE"), .text("VALUE"),
            .whole("BY"), .whole("AT"),
        ])
        for (number, conflict) in zip(1..., conflicts) {
            let id = conflict.id.hasSuffix(".json") ? conflict.id : String(conflict.id.prefix(8))
            table.add([
                Line("\(number)", .faint), Line(id, .faint), Line(conflict.name ?? ""), Line(conflict.field),
                Line("current"), Line(words(for: conflict.current, of: conflict), .bold),
            ])
            for (place, other) in zip(1..., conflict.others) {
                table.add([
                    Line(), Line(), Line(), Line(), Line("\(place)"), Line(words(for: other.value, of: conflict)),
                    Line(other.by ?? ""), Line(String(other.at.description.prefix(16)), .faint),
                ])
            }
        }
        return table
    }

    private static func words(for value: JSON?, of conflict: ConflictSummary) -> String {
        if conflict.conflict.isAboutRemoval { return value == true ? "removed" : "kept" }
        guard let value else { return "(nothing)" }
        if let name = value["name"]?.asString, value["oid"] != nil { return name }
        if let oid = value["oid"]?.asString { return "file \(oid.prefix(8))" }
        return value.asString ?? value.description
    }

    // MARK: resolve

    private static let id = Argument.one(
        "ID", .track, help: "The record: an id, four or more digits of one, a handle or slug, or words of a track.")
    private static let field = Argument.one("FIELD", .text, help: "The field, as conflicts lists it.")
    private static let take = Option.optional(
        "take", .taking, help: "Keep what stands (current), or take the value of this number.")
    private static let value = Option.optional(
        "value", .text, value: "V", help: "Set another value; an empty one clears the field.")

    private static let resolve = Command(
        "resolve", in: .sync, summary: "Decide what waits for a decision",
        discussion: """
            What was decided against goes from the record, and does not come back with an older branch; earlier versions \
            keep it, and undo takes the decision back. Of a record that somebody removed while it was changed, the field \
            removed is decided: --take 1 removes it after all, --take current keeps it.
            """,
        arguments: [id, field], options: [take, value],
        examples: [
            .init("offbeat resolve 3f2a title --take 1", "take the value that lost"),
            .init("offbeat resolve 3f2a title --value 'Night Train'", "neither of the two"),
            .init("offbeat resolve 3f2a stems/drums.audio --take current", "keep a stem's file"),
        ],
        json:
            #"{"version","track":track}, of no track {"version","record":{…}}, of one removed {"version","removed":[id]}"#,
        exits: [.notFound, .refused, .damaged, .tryLater],
        run: { invocation in
            let choice = try choice(of: invocation)
            let outcome = try Workplace(invocation).session().resolve(
                invocation[id], field: invocation[field], taking: choice)
            return Reply(json: outcome.json) { page in
                let name: Line = "\(String(outcome.id.prefix(8)), .faint) \(outcome.name ?? "", .bold)"
                if case .removed = outcome.result {
                    page.remark("Removed \(name)")
                } else {
                    page.remark("Decided \(invocation[field]) of \(name)")
                }
                if invocation[field] == "audio", case .track(let track) = outcome.result, !track.isHere {
                    page.remark("Its file is not on this computer")
                }
            }
        })

    private static func choice(of invocation: Invocation) throws -> ResolveChoice {
        switch (invocation[take], invocation[value]) {
        case (let choice?, nil): return choice
        case (nil, let text?): return .value(text)
        case (nil, nil):
            throw Failure.usage(
                "resolve needs a decision", hint: "give --take current, --take with a number, or --value")
        case (.some, .some):
            throw Failure.usage("--take and --value are two decisions", hint: "give one of them")
        }
    }
}

extension ValueKind where Value == ResolveChoice {
    /// `current`, or a number from 1.
    fileprivate static var taking: Self {
        Self("current|N", completing: .values(["current"])) { word throws(Complaint) in
            if word.text == "current" { return .current }
            guard let number = word.text.flatMap({ Int($0) }), number > 0 else {
                throw Complaint("is nothing to take", hint: "give current, or a number from 1")
            }
            return .other(number)
        }
    }
}
