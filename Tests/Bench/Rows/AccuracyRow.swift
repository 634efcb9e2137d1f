import Catalog
import Files
import Glibc

extension Row {
    /// How often Offbeat is wrong, against the better of the others: needs FluidSynth, and a Python with mir_eval, music21 and
    /// essentia, that `OFFBEAT_PYTHON` names.
    static let accuracy = Row(name: "accuracy", summary: "what is heard in chorales of which the truth is exact") {
        workshop in
        let python = getenv("OFFBEAT_PYTHON").map { String(cString: $0) } ?? "python3"
        let script: FilePath = "Tests/Accuracy/accuracy.py"
        guard FileSystem.exists(script), Workshop.has("fluidsynth"), Workshop.has("aubioonset"),
            (try? workshop.finish([python, "-c", "import mir_eval, music21, essentia"])) != nil
        else {
            writeError("what accuracy.py needs is not there: see its first lines\n")
            return []
        }
        let told = workshop.path("scores.json")
        try workshop.finish([
            python, script.string, "--offbeat", workshop.offbeat, "--folder", workshop.path("pieces").string,
            "--only",
            "Offbeat,aubio,essentia", "--json", told.string,
        ])
        let scores = try JSON.parse(FileSystem.read(told))
        return ["onset F", "beat F", "tempo", "tempo, any octave", "key"].compactMap { measure in
            func score(_ name: String) -> Double? { scores[name]?[measure]?.asDouble }
            let peers = ["aubio", "essentia"].compactMap { name in score(name).map { (name, $0) } }
            guard let ours = score("Offbeat"), let best = peers.max(by: { $0.1 < $1.1 }) else { return nil }
            return Finding(
                row: "accuracy", what: "wrong: \(measure)", ours: Sample([1 - ours]), unit: .share,
                other: (best.0, Sample([1 - best.1])), goal: .times(1))
        }
    }

    /// Sines of known loudness, those of EBU Tech 3341 and 3342 that are described well enough to be made.
    static let loudness = Row(name: "loudness", summary: "the cases of EBU Tech 3341 and 3342") { workshop in
        let figures = try workshop.work("loudness")
        guard figures.count == 3 else { throw BenchError("figures are missing") }
        return zip(["loudness, furthest from the truth", "range", "true peak"], zip(figures, [0.1, 1, 0.4])).map {
            Finding(
                row: "loudness", what: $0, ours: Sample([$1.0]), unit: .decibels, goal: .atMost($1.1))
        }
    }
}
