import Files

extension Row {
    static let guests = Row(name: "guests", summary: "guests over a library of 100,000 tracks") { workshop in
        let library = try workshop.library(of: 100_000)
        let path = library.path.string
        let starts = try workshop.work("guest-start", path)
        guard starts.count > 1 else { throw BenchError("figures are missing") }
        let ends = try [["10"], ["1000"], ["10", "looking"]].map { words in
            Sample(try workshop.work(["guest-end", path] + words))
        }
        var findings = [
            Finding(
                row: "guests", what: "start, in process", ours: Sample(Array(starts.dropFirst())), unit: .seconds,
                goal: .atMost(0.010)),
            Finding(
                row: "guests", what: "a new scratch store", ours: Sample([starts[0]]), unit: .bytes,
                goal: .atMost(65_536), note: "blocks on the disk"),
            Finding(
                row: "guests", what: "end after 10 records written", ours: ends[0], unit: .seconds,
                goal: .atMost(0.010)),
            Finding(
                row: "guests", what: "end after 1,000 records written", ours: ends[1], unit: .seconds,
                other: ("after 10", ends[0]), goal: .none),
            Finding(
                row: "guests", what: "end after 10, with an index of its own", ours: ends[2], unit: .seconds,
                goal: .none, note: "a copy of the library's goes with it"),
        ]
        // What is kept of what was seen is there before anything is measured.
        for words in reads(library) { try workshop.finish([workshop.offbeat, "--store", path] + words) }
        let guest = try workshop.lines([workshop.offbeat, "--store", path, "guest", "start", "--quiet"])
        guard let scratch = guest.first else { throw BenchError("no guest was started") }
        for words in reads(library) {
            findings += try Pairs.measure(
                flushing: false,
                [
                    Contestant(name: Workshop.ours) {
                        try workshop.time([workshop.offbeat, "--store", scratch] + words)
                    },
                    Contestant(name: direct) { try workshop.time([workshop.offbeat, "--store", path] + words) },
                ]
            ).findings("guests", .init(name(words, in: library), against: direct, .times(1.1)))
        }
        try workshop.finish([
            workshop.offbeat, "--store", path, "guest", "end", FilePath(scratch).lastComponent?.string ?? "",
        ])
        return findings
    }

    private static let direct = "in the library"

    private static func reads(_ library: MadeLibrary) -> [[String]] {
        [
            ["ls", "--limit", "50"], ["ls", "amber", "--limit", "50"], ["show", library.tracks[0]], ["status"],
            ["post", "ls"], ["log", "--limit", "1"], ["diff", library.before, library.after], ["cache", "stats"],
        ]
    }

    private static func name(_ words: [String], in library: MadeLibrary) -> String {
        let isNamed = words.first == "show" || words.first == "diff"
        return "`\(isNamed ? words[0] : words.joined(separator: " "))` as a guest"
    }
}
