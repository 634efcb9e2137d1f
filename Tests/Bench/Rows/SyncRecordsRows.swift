import Files

extension Row {
    static let syncNothing = Row(name: "sync-nothing", summary: "a sync of 100,000 records with nothing to do") {
        workshop in
        guard Workshop.has("git") else { return [] }
        let laptop = try SharedRecords(100_000, called: "ours", workshop).laptop("laptop")
        let repository = try SharedRecords(100_000, called: "git", workshop)
            .repository("work", withWorkTree: false)
        let git = ["git", "-C", repository.string]
        let rounds = try Pairs.measure(
            flushing: false,
            [
                Contestant(name: Workshop.ours, run: laptop.push),
                Contestant(name: "git push + fetch") {
                    try workshop.time(git + ["push", "-q", "origin", "main"])
                        + workshop.time(git + ["fetch", "-q"])
                },
                .start(workshop),
            ])
        return rounds.findings(
            "sync-nothing", .init("whole command", against: "git push + fetch", .times(1)),
            .init("whole command", against: "start", .none)
        ) + [rounds.memory("sync-nothing", below: most)]
    }

    static let syncChange = Row(name: "sync-change", summary: "one of 100,000 records changed and pushed") {
        workshop in
        guard Workshop.has("git") else { return [] }
        let (ours, git) = try pairs(workshop)
        let rounds = try Pairs.measure([ours.changing, git.changing])
        return rounds.findings(
            "sync-change", .init("edit + sync", against: "git", .times(1.0 / 5), note: changeNote)
        ) + [rounds.memory("sync-change", below: most)]
    }

    static let syncPull = Row(name: "sync-pull", summary: "one changed record of 100,000 pulled") { workshop in
        guard Workshop.has("git") else { return [] }
        let (ours, git) = try pairs(workshop)
        let rounds = try Pairs.measure([ours.pulling, git.pulling])
        return rounds.findings(
            "sync-pull", .init("sync", against: "git", .times(1.0 / 5), note: pullNote)
        ) + [rounds.memory("sync-pull", below: most)]
    }

    static let syncGrowth = Row(name: "sync-growth", summary: "a sync as the library grows") { workshop in
        guard Workshop.has("git") else { return [] }
        let shared = try [1000, 10_000, 100_000].map { count in
            (name: tracks(count), pair: try SharedRecords(count, called: "ours", workshop).laptops())
        }
        func renamed(_ contestant: (Pair) -> Contestant) -> [Contestant] {
            shared.map { name, pair in
                var contestant = contestant(pair)
                contestant.name = name
                return contestant
            }
        }
        let resting = renamed { Contestant(name: $0.name, run: $0.one.push) }
        return try flatness("sync-growth", "nothing to do", resting, workshop, flushing: false)
            + flatness("sync-growth", "edit + sync", renamed(\.changing), workshop, flushing: true, starts: 2)
            + flatness("sync-growth", "pull", renamed(\.pulling), workshop, flushing: true)
    }

    /// What a sync of so many records may need at once.
    static let most = 200 << 20

    private static let changeNote =
        "git: `add` of the one record in a work tree, `commit`, `push`; its default core.fsync flushes packs only"
    private static let pullNote = "git: `pull --ff-only` in a work tree"

    /// Two with our program and two with git, each pair with a remote of its own.
    private static func pairs(_ workshop: Workshop) throws -> (ours: Pair, git: Pair) {
        (
            try SharedRecords(100_000, called: "ours", workshop).laptops(),
            try SharedRecords(100_000, called: "git", workshop).workTrees()
        )
    }
}
