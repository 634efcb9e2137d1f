import Catalog
import Files
import Offbeat
import Store

/// `stem add`, `ls`, `rm` and `separate`.
enum StemCommands {
    static let all = [add, list, remove, separate]

    // MARK: add

    private static let type = Option.required(
        "type", .text, value: "T", help: "What it is: drums, bass, vocals, other, or a word of your own.")
    private static let file = Argument.one("FILE", .file, help: "Its audio.")

    private static let add = Command(
        "stem add", in: .library, summary: "Give a track a stem",
        discussion: "A stem of that type gets the new audio; earlier versions keep the earlier.",
        arguments: [LibraryCommands.id, file], options: [type, Arrivals.noAnalyze],
        examples: [.init("offbeat stem add 3f2a --type drums drums.wav", "the drums of a track")],
        json: #"{"version","id","stem":stem,"what":"added"|"replaced"|"unchanged",\#(Arrivals.json)}"#,
        exits: [.notFound, .refused, .tryLater], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let session = try workplace.session()
            let outcome = try session.addStem(
                invocation[type], to: invocation[LibraryCommands.id], from: invocation[file],
                progress: workplace.reports())
            let arrivals = Arrivals(invocation) {
                guard outcome.change != .unchanged else { return ArrivalAnalysis() }
                return session.analyzeArrivals(
                    [outcome.track.id], stem: outcome.stem.stem.type.text, progress: workplace.reports())
            }
            return reply(outcome, arrivals)
        })

    private static func reply(_ outcome: StemOutcome, _ arrivals: Arrivals? = nil) -> Reply {
        var document = JSONObject()
        document["version"] = .string(outcome.version.description)
        document["id"] = .string(outcome.track.id.description)
        document["stem"] = outcome.stem.json
        document["what"] = .string(outcome.change.rawValue)
        if let arrivals { document["unanalyzed"] = arrivals.document }
        return Reply(json: .object(document), exit: arrivals?.exit(.done) ?? .done) { page in
            let stem = "\(outcome.stem.stem.type) of"
            let name = TrackPage.name(outcome.track)
            switch outcome.change {
            case .added: page.remark("Added \(stem) \(name)")
            case .replaced: page.remark("Replaced \(stem) \(name)")
            case .unchanged: page.remark("\(name) has this audio as \(outcome.stem.stem.type.text) already")
            case .removed: page.remark("Removed \(stem) \(name)")
            }
            arrivals?.describe(on: &page)
        }
    }

    // MARK: ls, rm

    private static let list = Command(
        "stem ls", in: .library, summary: "List a track's stems", arguments: [LibraryCommands.id],
        json: #"{"stems":[stem…]}"#, exits: [.notFound],
        run: { invocation in
            let stems = try Workplace(invocation).session().stems(of: invocation[LibraryCommands.id])
            return Reply(json: ["stems": .array(stems.map(\.json))]) { page in
                var table = Table([
                    .whole("TYPE"), .number("LENGTH"), .number("SIZE"), .whole("FORMAT"), .whole(""),
                ])
                for stem in stems { table.add(row(stem)) }
                page.table(table)
            }
        })

    private static func row(_ stem: StemSummary) -> [Line] {
        let notes = [stem.isStale ? "of earlier audio" : nil, stem.isHere ? nil : "not here"].compactMap { $0 }
        return [
            Line(stem.stem.type.text, .bold),
            Line(stem.facts.map { Quantity.duration(milliseconds: $0.durationMs) } ?? ""),
            Line(stem.size.map(Quantity.size) ?? ""), Line(stem.facts?.format ?? ""),
            Line(notes.joined(separator: ", "), .faint),
        ]
    }

    private static let typeName = Argument.optional("TYPE", .text, help: "The stem's type.")
    private static let typeOption = Option.optional("type", .text, value: "T", help: "The same, as with stem add.")

    private static let remove = Command(
        "stem rm", in: .library, summary: "Remove a stem",
        discussion: "Earlier versions keep it, and undo brings it back.",
        arguments: [LibraryCommands.id, typeName], options: [typeOption],
        json: #"{"version","id","stem":stem,"what":"removed"}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let named = [invocation[typeName], invocation[typeOption]].compactMap(\.self)
            guard named.count == 1 else {
                throw Failure.usage(
                    "one type of stem is to be said", hint: "`offbeat stem ls ID` lists those of a track")
            }
            return reply(
                try Workplace(invocation).session().removeStem(named[0], of: invocation[LibraryCommands.id]))
        })

    // MARK: separate

    private static let command = Option.optional(
        "with", .text, value: "COMMAND",
        help: "The separator, with {in} and {out}; else the one of stems.separator.")
    private static let timeout = Option.optional(
        "timeout", .integer(1...Int.max / 2), value: "SECONDS",
        help: "How long it may take; else as long as it likes.")

    private static let separate = Command(
        "stem separate", in: .library, summary: "Have a program take a track apart",
        discussion: """
            The program runs in a temporary directory: {in} is a copy of the track's audio there, {out} the folder that \
            it writes to, either TYPE.wav or, as demucs does, MODEL/TRACK/TYPE.wav. Each audio file becomes the stem of \
            its name. No shell is involved. All of them make one version; where the program fails, nothing is changed.

            Which program is run is a setting of this computer, and never comes from others.
            """,
        arguments: [LibraryCommands.id], options: [command, timeout, Arrivals.noAnalyze],
        examples: [
            .init("offbeat stem separate 3f2a --with 'demucs -o {out} {in}'", "with demucs"),
            .init("offbeat config set stems.separator 'demucs -o {out} {in}'", "name it once for all"),
        ],
        json:
            #"{"version","id","added":[type…],"replaced":[type…],"unchanged":[type…],"failed":[{"path","reason"}],\#(Arrivals.json)}"#,
        exits: [.notFound, .refused, .tryLater], looksForInterruption: true,
        run: { invocation in
            var request = SeparationRequest(invocation[LibraryCommands.id])
            request.command = invocation[command]
            request.timeLimit = invocation[timeout].map { .seconds($0) }
            let workplace = Workplace(invocation)
            let session = try workplace.session()
            let outcome = try session.separate(request, progress: workplace.reports())
            let arrivals = Arrivals(invocation) {
                guard !(outcome.added + outcome.replaced).isEmpty else { return ArrivalAnalysis() }
                return session.analyzeArrivals([outcome.id], stem: nil, progress: workplace.reports())
            }
            let exit = arrivals.exit(outcome.failed.isEmpty ? .done : .failed)
            return Reply(json: document(of: outcome, arrivals), exit: exit) { page in
                for (verb, types) in [
                    ("Added", outcome.added), ("Replaced", outcome.replaced), ("Unchanged:", outcome.unchanged),
                ] where !types.isEmpty {
                    page.remark("\(verb) \(types.joined(separator: ", "))")
                }
                for (path, reason) in outcome.failed { page.line("Failed: \(path.string): \(reason)") }
                arrivals.describe(on: &page)
            }
        })

    private static func document(of outcome: SeparationOutcome, _ arrivals: Arrivals) -> JSON {
        func list(_ types: [String]) -> JSON { .array(types.map(JSON.string)) }
        return [
            "version": .string(outcome.version.description), "id": .string(outcome.id.description),
            "added": list(outcome.added), "replaced": list(outcome.replaced), "unchanged": list(outcome.unchanged),
            "failed": .array(
                outcome.failed.map { ["path": .string($0.path.string), "reason": .string($0.reason)] }),
            "unanalyzed": arrivals.document,
        ]
    }
}
