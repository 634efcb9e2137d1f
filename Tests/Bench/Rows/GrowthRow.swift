extension Row {
    static let growth = Row(name: "growth", summary: "edit, diff and show as the library grows") { workshop in
        let sizes = [1000, 10_000, 100_000] + (workshop.options.growsToAMillion ? [1_000_000] : [])
        let libraries = try sizes.map { try workshop.library(of: $0) }
        return try flatness("edit", libraries, workshop, flushing: true) {
            Contestant.editing($0, workshop, name: $1)
        }
            + flatness("diff", libraries, workshop) { Contestant.comparing($0, workshop, name: $1) }
            + flatness("show", libraries, workshop) { Contestant.showing($0, workshop, name: $1) }
    }

    /// Measures one command on libraries of growing size, in turn, and holds each larger one against the smallest.
    private static func flatness(
        _ what: String, _ libraries: [MadeLibrary], _ workshop: Workshop, flushing: Bool = false,
        _ contestant: (MadeLibrary, String) -> Contestant
    ) throws -> [Finding] {
        let names = libraries.map { "\($0.count) tracks" }
        let rounds = try Pairs.measure(
            flushing: flushing, [.start(workshop)] + zip(libraries, names).map { contestant($0, $1) })
        guard let start = rounds.seconds("start"), let least = names.first else { return [] }
        func withoutStart(_ name: String) -> Sample? { rounds.seconds(name)?.combined(with: start, -) }
        return names.dropFirst().compactMap { name in
            guard let ours = withoutStart(name), let smallest = withoutStart(least) else { return nil }
            let isLast = name == names.last
            return Finding(
                row: "growth", what: "\(what), \(name)", ours: ours, unit: .seconds, other: (least, smallest),
                goal: isLast ? .times(2) : .none, note: "the time of `--version` is taken off both sides")
        }
    }
}
