import Catalog
import Files
import Offbeat
import Store

/// `add`, `replace`, `cat` and `export`.
enum FileCommands {
    static let all = [add, replace, cat, export]

    // MARK: add

    private static let paths = Argument.many("PATH", .file, help: "Audio files, or folders to look for them in.")
    private static let title = Option.optional("title", .text, help: "The title, for a single file.")
    private static let artist = Option.optional("artist", .text, help: "The artist of all of them.")
    private static let album = Option.optional("album", .text, help: "The album of all of them.")
    private static let tag = Option.repeated("tag", .text, value: "T", help: "A tag for all of them.")
    private static let owner = Option.optional("owner", .handle, help: "Whose they are; else yours.")
    private static let move = Option.flag(
        "move", help: "Remove each original once the library holds its bytes, verified.")

    private static let add = Command(
        "add", in: .library, summary: "Add audio files",
        discussion: """
            Folders are walked; what in them is no audio is skipped, and so are hidden folders and links. A file \
            whose audio is here already changes nothing. All that is added makes one version. Tags are read from the \
            files and never written to them.

            M4A, AAC and what else libsndfile does not read is added as it is where `audio.decoder` names a program that \
            writes its sound as WAV to standard output, such as 'ffmpeg -v error -i {in} -f wav -': {in} becomes a copy \
            of the file. In a folder, what is called so is taken; a film is taken only where it is named itself.

            In a folder that `offbeat export` wrote, a file that was changed replaces the audio of its track, unless \
            that was replaced in the library as well; what is missing there is named, and nothing removed.

            When all is added, what is new is analysed: tempo, key, loudness, waveform. Whoever interrupts that has \
            added everything, and `offbeat analyze` goes on with the rest.

            What files held is remembered in the store, in cache/known-files: a file whose size, times and number are \
            the same is not read again, and a call that was cut off goes on where it was. Whoever deletes that file \
            loses time only.
            """,
        arguments: [paths], options: [title, artist, album, tag, owner, move, Arrivals.noAnalyze],
        examples: [
            .init("offbeat add song.flac --tag demo", "add a file, with a tag"),
            .init("offbeat add ~/Music/Album", "add all audio of a folder"),
        ],
        json:
            #"{"version","added":[track…],"replaced":[track…],"present":[id…],"returned":[id…],"skipped":[path…],"missing":[{"path","id"}],"moved":[path…],"failed":[{"path","reason","hint"}],"unanalyzed":[{"id","stem","reason","hint"}]}"#,
        exits: [.refused, .tryLater], looksForInterruption: true,
        run: { invocation in
            var request = AddRequest(paths: invocation[paths])
            request.title = invocation[title]
            request.artist = invocation[artist]
            request.album = invocation[album]
            request.tags = invocation[tag]
            request.owner = invocation[owner]
            request.movesOriginals = invocation[move]
            request.pace.bytes = try round(invocation.settings) ?? request.pace.bytes
            let workplace = Workplace(invocation)
            let session = try workplace.session()
            var outcome = try session.add(request, progress: workplace.reports())
            let arrivals = Arrivals(invocation) {
                session.analyzeArrivals(&outcome, progress: workplace.reports())
            }
            let exit = arrivals.exit(outcome.failed.isEmpty ? .done : .failed)
            return Reply(json: document(of: outcome, arrivals), exit: exit) { [outcome] page in
                describe(outcome, on: &page)
                arrivals.describe(on: &page)
                page.detail("What the files held is remembered in \(session.library.knownFiles)")
            }
        })

    /// How many bytes are made durable at a time, where the environment says so.
    private static func round(_ settings: Settings) throws(Failure) -> Int64? {
        guard let word = settings.environment["OFFBEAT_ADD_ROUND"] else { return nil }
        if let bytes = Int64(word.text ?? ""), bytes > 0 { return bytes }
        throw .usage("OFFBEAT_ADD_ROUND: '\(word)' is no number of bytes", hint: "write for example 1073741824")
    }

    private static func document(of outcome: AddOutcome, _ arrivals: Arrivals) -> JSON {
        [
            "version": .string(outcome.version.description), "added": .array(outcome.added.map(\.json)),
            "replaced": .array(outcome.replaced.map(\.json)),
            "present": .array(outcome.present.map { .string($0.description) }),
            "returned": .array(outcome.returned.map { .string($0.description) }),
            "skipped": .array(outcome.skipped.map { .string($0.string) }),
            "missing": .array(
                outcome.missing.map { ["path": .string($0.path.string), "id": .string($0.id.description)] }),
            "moved": .array(outcome.moved.map { .string($0.string) }),
            "failed": .array(
                outcome.failed.map { failed in
                    [
                        "path": .string(failed.path.string), "reason": .string(failed.failure.message),
                        "hint": failed.failure.hint.map(JSON.string) ?? .null,
                    ]
                }),
            "unanalyzed": arrivals.document,
        ]
    }

    private static func describe(_ outcome: AddOutcome, on page: inout Page) {
        for track in outcome.added.prefix(20) { page.remark("Added \(TrackPage.name(track))") }
        if outcome.added.count > 20 {
            page.remark("… \(Quantity.count(Int64(outcome.added.count), "track")) added in all")
        }
        for track in outcome.replaced { page.remark("Replaced the audio of \(TrackPage.name(track))") }
        if !outcome.present.isEmpty {
            let returned = outcome.returned.isEmpty ? "" : ", \(outcome.returned.count) of them missing till now"
            page.remark("\(Quantity.count(Int64(outcome.present.count), "file")) here already\(returned)")
        }
        if !outcome.skipped.isEmpty {
            page.remark("\(Quantity.count(Int64(outcome.skipped.count), "file")) skipped, which are no audio")
            for path in outcome.skipped { page.detail("  \(path.string)") }
        }
        if let path = outcome.undecoded.first {
            let count = outcome.undecoded.count
            let others = count == 1 ? "" : " and \(Quantity.count(Int64(count - 1), "other"))"
            page.remark("For \(path.string)\(others) name a decoder: `offbeat config set audio.decoder CMD`")
        }
        for (path, id) in outcome.missing {
            page.remark("Missing: \(path.string), which is track \(id.hex.prefix(8))")
        }
        if !outcome.moved.isEmpty {
            page.remark("\(Quantity.count(Int64(outcome.moved.count), "original")) removed")
        }
        for (_, failure) in outcome.failed { page.line("Failed: \(failure)") }
    }

    // MARK: replace, cat, export

    private static let file = Argument.one("FILE", .file, help: "The audio that takes the place.")

    private static let replace = Command(
        "replace", in: .library, summary: "Give a track other audio",
        discussion: "The track keeps its id and all that is known of it; earlier versions keep the earlier audio.",
        arguments: [LibraryCommands.id, file], options: [Arrivals.noAnalyze],
        json: #"{"version","track":track,\#(Arrivals.json)}"#,
        exits: [.notFound, .refused, .tryLater], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let session = try workplace.session()
            var outcome = try session.replace(
                invocation[LibraryCommands.id], with: invocation[file], progress: workplace.reports())
            let arrivals = Arrivals(invocation) {
                session.analyzeArrivals(&outcome, progress: workplace.reports())
            }
            let document: JSON = [
                "version": .string(outcome.version.description), "track": outcome.tracks.first?.json ?? .null,
                "unanalyzed": arrivals.document,
            ]
            return Reply(json: document, exit: arrivals.exit(.done)) { [outcome] page in
                for track in outcome.tracks { page.remark("Replaced the audio of \(TrackPage.name(track))") }
                arrivals.describe(on: &page)
            }
        })

    private static let stem = Option.optional("stem", .text, value: "T", help: "The stem of this type.")

    private static let cat = Command(
        "cat", in: .library, summary: "Write a track's audio to standard output",
        arguments: [LibraryCommands.id], options: [stem],
        examples: [.init("offbeat cat 3f2a | mpv -", "play it")],
        json: "the bytes of the file; no document", exits: [.notFound, .damaged],
        run: { invocation in
            let output = invocation.console.out
            try Workplace(invocation).session().cat(invocation[LibraryCommands.id], stem: invocation[stem]) {
                try output.write($0)
            }
            return .written()
        })

    private static let folder = Argument.one("DIR", .directory, help: "Where the files go.")
    private static let words = Argument.many("QUERY", .text, atLeast: 0, help: "Which tracks; else all.")

    private static let export = Command(
        "export", in: .library, summary: "Write playable files with names",
        discussion: """
            Files share their space with the store where the file system can, else they are copied. The folder gets \
            a list, .offbeat-export.json, of which file is which track. No other file there is touched.

            \(LibraryCommands.queryText)
            """,
        arguments: [folder, words],
        json: #"{"version","files":[{"path","id"}],"bytes","means","failed":[{"id","reason"}]}"#,
        exits: [.notFound], acceptsDashWords: true, looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let outcome = try workplace.session().export(
                to: invocation[folder], matching: invocation[words].joined(separator: " "),
                progress: workplace.reports())
            invocation.progress.end()
            let document: JSON = [
                "version": .string(outcome.version.description),
                "files": .array(
                    outcome.files.map { ["path": .string($0.name), "id": .string($0.id.description)] }),
                "bytes": .integer(outcome.bytes), "means": outcome.means.map { .string($0.rawValue) } ?? .null,
                "failed": .array(
                    outcome.failed.map { ["id": .string($0.id.description), "reason": .string($0.reason)] }),
            ]
            return Reply(json: document, exit: outcome.failed.isEmpty ? .done : .failed) { page in
                page.remark(
                    "Exported \(Quantity.count(Int64(outcome.files.count), "file")) (\(Quantity.size(outcome.bytes)) written)"
                )
                for (id, reason) in outcome.failed { page.line("Failed: \(id.description): \(reason)") }
            }
        })
}
