import Files

extension Row {
    static let collect = Row(name: "gc", summary: "nothing to collect among the files of 100,000 tracks") {
        workshop in
        let library = try workshop.library(of: 100_000)
        _ = try workshop.work("files", library.path.string, "100000")
        let collecting = [workshop.offbeat, "--store", library.path.string, "gc"]
        // The first run puts objects together, and no later one.
        try workshop.finish(collecting)
        var contestants = [Contestant(name: Workshop.ours) { try workshop.time(collecting) }]
        if Workshop.has("git") {
            contestants.append(
                Contestant(name: "git rev-list") {
                    try workshop.time(["git", "-C", library.path.string, "rev-list", "--objects", "--all"])
                })
        }
        return try Pairs.measure(flushing: false, contestants).findings(
            "gc", .init("whole command", against: nil, .atMost(3)),
            .init("whole command", against: "git rev-list", .none))
    }
}
