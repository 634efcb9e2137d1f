import Analysis
import Catalog
import Files
import Offbeat
import Store

/// `analyze`, `analysis get` and `analysis set`.
enum AnalysisCommands {
    static let all = [analyze, get, set]

    private static let stem = Option.optional(
        "stem", .text, value: "T", help: "The stem of this type; master is the track's own audio.")

    // MARK: analyze

    private static let tracks = Argument.many(
        "ID", .track, atLeast: 0, help: "The tracks; else all whose analysis is missing.")
    private static let force = Option.flag("force", help: "Compute again what is known.")
    private static let jobs = Option.optional(
        "jobs", .integer(1...64), help: "So many files at once; else as many as there are processors.")

    private static let analyze = Command(
        "analyze", in: .analysis, summary: "Find out tempo, key, loudness and waveform",
        discussion: """
            What was computed once is kept, by the hash of the audio: so it is ready after a restart, for the same audio \
            in another track, and after a sync on every other computer. Without an ID all is done that is missing and \
            whose audio is here; whoever interrupts that loses a few seconds of work, and the next call goes on.
            """,
        arguments: [tracks], options: [stem, force, jobs],
        examples: [
            .init("offbeat analyze", "whatever is missing"),
            .init("offbeat analyze 3f2a --stem drums", "one stem of one track"),
        ],
        json:
            #"{"analyzed":[{"id","stem","ms","cache":"hit"|"computed"}],"failed":[{"id","stem","reason","hint"}]}"#,
        exits: [.notFound, .refused, .tryLater], looksForInterruption: true,
        run: { invocation in
            var request = AnalyzeRequest(invocation[tracks])
            request.stem = invocation[stem]
            request.isForced = invocation[force]
            request.jobs = invocation[jobs]
            let workplace = Workplace(invocation)
            let outcome = try workplace.session().analyze(request, progress: workplace.reports())
            invocation.progress.end()
            return Reply(json: document(of: outcome), exit: outcome.failed.isEmpty ? .done : .failed) { page in
                let computed = outcome.analyzed.count { $0.isComputed }
                page.remark(
                    computed == 0 && outcome.failed.isEmpty
                        ? "There is nothing to analyse" : "Analysed \(Quantity.count(Int64(computed), "file"))")
                for (_, _, failure) in outcome.failed { page.line("Failed: \(failure.description)") }
            }
        })

    private static func document(of outcome: AnalyzeOutcome) -> JSON {
        [
            "analyzed": .array(
                outcome.analyzed.map { item in
                    [
                        "id": .string(item.id.description), "stem": .string(item.stem),
                        "ms": .integer(item.milliseconds), "cache": .string(item.isComputed ? "computed" : "hit"),
                    ]
                }),
            "failed": .array(
                outcome.failed.map { failed in
                    [
                        "id": .string(failed.id.description), "stem": .string(failed.stem),
                        "reason": .string(failed.failure.message),
                        "hint": failed.failure.hint.map(JSON.string) ?? .null,
                    ]
                }),
        ]
    }

    // MARK: analysis get

    private static let cached = Option.flag("cached", help: "Fail rather than compute.")
    private static let format = Option.optional(
        "format", .choice("FORMAT") as ValueKind<AnalysisFormat>, help: "Write the analysis itself, in this format."
    )
    private static let analyzer = Option.optional(
        "analyzer", .text, value: "NAME", help: "Ask another program's results; else our own.")
    private static let version = Option.optional(
        "analyzer-version", .text, value: "V", help: "In this version; else the greatest.")
    private static let pixel = Option.optional(
        "samples-per-pixel", .integer(1...Int.max), help: "Of audiowaveform: 256 (usual), 1024, 4096 or 16384.")
    private static let split = Option.flag("split-channels", help: "Of audiowaveform: each channel by itself.")
    private static let width = Option.defaulted(
        "width", .integer(16...16384), default: 1200, shown: "1200", help: "Of png: pixels across.")
    private static let height = Option.defaulted(
        "height", .integer(16...4096), default: 240, shown: "240", help: "Of png: pixels high.")

    private static let get = Command(
        "analysis get", in: .analysis, summary: "Show what is known of a track's sound",
        discussion: """
            What a person has decided about tempo, key, beats and marks stands against what was computed. Where nothing \
            is known yet it is computed, and kept. Formats: json, all of it; oba, the blob as it is kept; audiowaveform, \
            the BBC's data file, which peaks.js and wavesurfer read, and audiowaveform-json; jams, for programs that \
            compare annotations; png, a picture of the waveform with its beats.
            """,
        arguments: [LibraryCommands.id],
        options: [stem, cached, format, analyzer, version, pixel, split, width, height],
        examples: [
            .init("offbeat analysis get 3f2a", "tempo, key and loudness"),
            .init("offbeat analysis get 3f2a --format png >wave.png", "a picture"),
        ],
        json: #"""
            {"id","stem","analyzer","version","created","lastAccessed","size","rawSize","compressed":bool,\#
            "cache":"hit"|"fetched"|"computed","features":{…},"waveform":{…},"markers":{…},"metadata":{…}}
            """#,
        exits: [.notFound, .refused, .damaged, .tryLater], looksForInterruption: true,
        run: { invocation in
            let workplace = Workplace(invocation)
            let reading = try workplace.session().readAnalysis(
                of: invocation[LibraryCommands.id], stem: invocation[stem] ?? AnalysisTarget.master,
                by: invocation[analyzer], version: invocation[version], isCachedOnly: invocation[cached],
                progress: workplace.reports())
            invocation.progress.end()
            guard let format = invocation[format] else {
                return Reply(json: reading.json) { page in AnalysisPage.describe(reading, on: &page) }
            }
            var shape = AnalysisReading.Shape()
            shape.samplesPerPixel = invocation[pixel]
            shape.splitsChannels = invocation[split]
            (shape.width, shape.height) = (invocation[width], invocation[height])
            let bytes = try reading.bytes(as: format, shape)
            let output = invocation.console.out
            try bytes.withUnsafeBytes { bytes in try output.write(bytes) }
            return .written()
        })

    // MARK: analysis set

    private static let file = Argument.one("FILE", .file, help: "What it has found: a .oba file, or a JSON object.")
    private static let name = Option.required(
        "analyzer", .text, value: "NAME", help: "The program: small letters, digits and _.")
    private static let mark = Option.required(
        "analyzer-version", .text, value: "V", help: "Its version, which stands for its settings too.")

    private static let set = Command(
        "analysis set", in: .analysis, summary: "Keep what another program has found out",
        discussion: """
            It is kept beside our own analysis and travels with every sync. Nobody here could compute it again, so no \
            cleaning takes away the only copy.
            """,
        arguments: [LibraryCommands.id, file], options: [stem, name, mark],
        examples: [
            .init(
                "offbeat analysis set 3f2a found.json --analyzer essentia --analyzer-version 2.1",
                "a result of essentia")
        ],
        json: #"{"id","stem","analyzer","version","oid","size"}"#, exits: [.notFound, .refused, .tryLater],
        run: { invocation in
            let session = try Workplace(invocation).session()
            let target = try session.analysisTarget(
                of: invocation[LibraryCommands.id], stem: invocation[stem] ?? AnalysisTarget.master)
            let kept = try session.setAnalysis(
                of: target, from: invocation[file], by: invocation[name], version: invocation[mark])
            return Reply(json: kept.json) { page in
                page.remark("Kept what \(kept.entry.key.analyzer.description) says")
            }
        })
}
