import Files

extension Row {
    static let posts = Row(name: "posts", summary: "10,000 posts of a workspace, all of which wait for their time")
    {
        workshop in
        let path = workshop.place.appending("posts").string
        let lines = try workshop.lines([workshop.bench, "--work", "make-posts", path, "10000", "1000"])
        guard let fresh = lines.first, !fresh.isEmpty else { throw BenchError("no posts were made") }
        func page(_ what: String, _ kind: String, _ goal: Finding.Goal) throws -> Finding {
            Finding(
                row: "posts", what: what, ours: Sample(try workshop.work("read-history", path, kind)),
                unit: .seconds, goal: goal, note: "50 posts, in process")
        }
        let due = Contestant(name: Workshop.ours) {
            try workshop.time([workshop.offbeat, "--store", path, "publish", "--due"])
        }
        return try [
            page("first page of a history, its rows", "rows", .atMost(0.001)),
            page("the same, with each post and its state", "posts", .atMost(0.001)),
        ]
            + Pairs.measure(flushing: false, [due, .start(workshop)]).findings(
                "posts", .init("publish --due, nothing due", against: "start", .more(0.020)))
            + [
                Finding(
                    row: "posts", what: "one more post into a feed of 1,000",
                    ours: Sample([try workshop.time([workshop.offbeat, "--store", path, "publish", fresh]).seconds]
                    ),
                    unit: .seconds, goal: .atMost(1), note: "whole command, each document written anew")
            ]
    }
}
