extension Row {
    static let start = Row(name: "start", summary: "`offbeat --version` against a bare Swift program") { workshop in
        let rounds = try Pairs.measure(
            flushing: false,
            [
                .start(workshop, name: Workshop.ours),
                Contestant(name: "bare program") { try workshop.time([workshop.bare]) },
            ])
        return rounds.findings(
            "start", .init("whole command", against: "bare program", .times(8)))
    }
}

extension Contestant {
    /// The start of our program and nothing more.
    static func start(_ workshop: Workshop, name: String = "start") -> Contestant {
        Contestant(name: name) { try workshop.time([workshop.offbeat, "--version"]) }
    }
}
