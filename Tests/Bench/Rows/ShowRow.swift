import Files

extension Row {
    static let show = Row(name: "show", summary: "one of 100,000 tracks shown") { workshop in
        let library = try workshop.library(of: 100_000)
        var contestants = [Contestant.showing(library, workshop), .start(workshop)]
        if Workshop.has("git") {
            let name = "HEAD:" + MadeLibrary.record(of: library.tracks[0])
            contestants.append(
                Contestant(name: "git cat-file") {
                    try workshop.time(["git", "-C", library.path.string, "cat-file", "-p", name])
                })
        }
        return try Pairs.measure(flushing: false, contestants).findings(
            "show", .init("whole command", against: "start", .more(0.008)),
            .init("whole command", against: "git cat-file", .none))
    }
}

extension Contestant {
    /// A track shown as a command.
    static func showing(_ library: MadeLibrary, _ workshop: Workshop, name: String = Workshop.ours) -> Contestant {
        Contestant(name: name) {
            try workshop.time([workshop.offbeat, "--store", library.path.string, "show", library.tracks[0]])
        }
    }
}
