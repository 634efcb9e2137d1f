import Files

extension Row {
    static let growth = Row(name: "growth", summary: "edit, diff, show and list as the library grows") { workshop in
        let sizes = [1000, 10_000, 100_000] + (workshop.options.growsToAMillion ? [1_000_000] : [])
        let libraries = try sizes.map { try workshop.library(of: $0) }
        func flat(
            _ what: String, flushing: Bool = false, _ contestant: (MadeLibrary, String) -> Contestant
        ) throws -> [Finding] {
            let contestants = libraries.map { contestant($0, tracks($0.count)) }
            return try flatness("growth", what, contestants, workshop, flushing: flushing)
        }
        return try flat("edit", flushing: true) { Contestant.editing($0, workshop, name: $1) }
            + flat("diff") { Contestant.comparing($0, workshop, name: $1) }
            + flat("show") { Contestant.showing($0, workshop, name: $1) }
            + flat("list a page") { Contestant.listing($0, workshop, name: $1) }
            + flat("status") { Contestant.asking($0, workshop, name: $1) }
            + flat("edit, then list a page") { Contestant.listing($0, workshop, name: $1, changing: true) }
    }

    /// What a contestant is called that has a library of so many.
    static func tracks(_ count: Int) -> String { "\(count) tracks" }

    /// Measures one thing on libraries of growing size, in turn, and holds each larger one against the smallest.
    ///
    /// - Parameter starts: how often the program starts, since that is no matter of size.
    static func flatness(
        _ row: String, _ what: String, _ contestants: [Contestant], _ workshop: Workshop, flushing: Bool,
        starts: Double = 1
    ) throws -> [Finding] {
        let names = contestants.map(\.name)
        let rounds = try Pairs.measure(flushing: flushing, [.start(workshop)] + contestants)
        guard let start = rounds.seconds("start"), let least = names.first else { return [] }
        func withoutStart(_ name: String) -> Sample? {
            rounds.seconds(name)?.combined(with: start) { $0 - starts * $1 }
        }
        return names.dropFirst().compactMap { name in
            guard let ours = withoutStart(name), let smallest = withoutStart(least) else { return nil }
            let isLast = name == names.last
            return Finding(
                row: row, what: "\(what), \(name)", ours: ours, unit: .seconds, other: (least, smallest),
                goal: isLast ? .times(2) : .none,
                note: "the time of `--version` is taken off both sides"
                    + (starts == 1 ? "" : ", once for each program"))
        }
    }
}

extension Contestant {
    /// Lists the newest tracks, after one was changed or none.
    fileprivate static func listing(
        _ library: MadeLibrary, _ workshop: Workshop, name: String, changing: Bool = false
    ) -> Contestant {
        let store = [workshop.offbeat, "--store", library.path.string]
        var number = 0
        var contestant = Contestant(name: name) { try workshop.time(store + ["ls", "--limit", "50"]) }
        contestant.prepare = {
            number += 1
            if changing { try workshop.finish(store + ["edit", library.tracks[0], "comment=\(number)"]) }
        }
        return contestant
    }

    /// Asks how a library stands.
    fileprivate static func asking(_ library: MadeLibrary, _ workshop: Workshop, name: String) -> Contestant {
        Contestant(name: name) {
            try workshop.time([workshop.offbeat, "--store", library.path.string, "status"])
        }
    }
}
