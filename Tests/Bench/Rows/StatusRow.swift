import Files

extension Row {
    static let status = Row(name: "status", summary: "how a library of 100,000 tracks stands, nothing changed") {
        workshop in
        guard Workshop.has("git") else { return [] }
        let library = try workshop.library(of: 100_000)
        let work = workshop.path("looked at")
        try workshop.finish(["git", "clone", "-q", library.path.string, work.string])
        // What each keeps of what it saw is there before anything is measured.
        try workshop.finish(["git", "-C", work.string, "status", "--short"])
        let look = [workshop.offbeat, "--store", library.path.string, "status"]
        try workshop.finish(look)
        let contestants = [
            Contestant(name: Workshop.ours) { try workshop.time(look) },
            .start(workshop),
            Contestant(name: peer) { try workshop.time(["git", "-C", work.string, "status", "--short"]) },
        ]
        let findings = try Pairs.measure(flushing: false, contestants).findings(
            "status", .init("whole command", against: peer, .times(1.0 / 5), note: note),
            .init("whole command", against: "start", .none))
        try FileSystem.removeTree(work)
        return findings
    }

    private static let peer = "git status"
    private static let note = "in a work tree of the same files"
}
