import Files

extension Row {
    static let diff = Row(name: "diff", summary: "two versions of 100,000 tracks, ten of which differ") {
        workshop in
        let library = try workshop.library(of: 100_000)
        var contestants = [Contestant.comparing(library, workshop)]
        if Workshop.has("git") {
            contestants.append(
                Contestant(name: "git diff-tree") {
                    try workshop.time([
                        "git", "-C", library.path.string, "diff-tree", "-r", library.before, library.after,
                    ])
                })
        }
        let rounds = try Pairs.measure(flushing: false, contestants)
        let inside = try workshop.work("diff", library.path.string, library.before, library.after)
        return rounds.findings(
            "diff", .init("whole command", against: nil, .atMost(0.012)),
            .init("whole command", against: "git diff-tree", .none)
        ) + [
            Finding(
                row: "diff", what: "in process", ours: Sample(Array(inside.dropFirst())), unit: .seconds,
                goal: .atMost(0.002), note: "in a process that has compared them once"),
            Finding(
                row: "diff", what: "in process, first", ours: Sample(Array(inside.prefix(1))), unit: .seconds,
                goal: .none),
        ]
    }
}

extension Contestant {
    /// Our comparison as a command.
    static func comparing(_ library: MadeLibrary, _ workshop: Workshop, name: String = Workshop.ours) -> Contestant
    {
        Contestant(name: name) {
            try workshop.time([
                workshop.offbeat, "--store", library.path.string, "diff", library.before, library.after,
            ])
        }
    }
}
