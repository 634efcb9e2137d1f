import Files

extension Row {
    static let picker = Row(name: "picker", summary: "a page of 50 of 100,000 tracks, from the index") { workshop in
        let library = try workshop.library(of: 100_000)
        let path = library.path.string
        _ = try workshop.work("index-build", path)
        func finding(
            _ what: String, _ query: String, _ sort: String, _ most: ClosedRange<Int>, _ goal: Double
        ) throws -> Finding {
            let figures = try workshop.work("pages", path, query, sort, "\(most.lowerBound)", "\(most.upperBound)")
            return Finding(row: "picker", what: what, ours: Sample(figures), unit: .seconds, goal: .atMost(goal))
        }
        let command = Contestant.listing(path, workshop)
        return try [
            finding("all, newest first", "", "added", 100_000...100_000, 0.001),
            finding("a rare word", "4711", "title", 1...20, 0.001),
            finding("two words, hundreds match", "amber 47", "title", 100...1000, 0.001),
            finding("a thousand match, by title", "47 -amber", "title", 800...1000, 0.001),
            finding("the same, newest first", "47 -amber", "added", 800...1000, 0.001),
            finding("two words, thousands match", "amber jade", "artist", 1001...10_000, 0.015),
            finding("a word that 20,000 match, by title", "amber", "title", 10_000...30_000, 0.015),
            finding("a letter that nearly all match, by title", "t", "title", 90_000...100_000, 0.015),
            Finding(
                row: "picker", what: "unchanged, again", ours: Sample(try workshop.work("page-again", path)),
                unit: .seconds, goal: .atMost(0.000_05)),
        ]
            + Pairs.measure(flushing: false, [command, .start(workshop)]).findings(
                "picker", .init("whole command", against: "start", .more(0.010)))
            + Pairs.measure(flushing: false, [command, .listing(path, workshop, caching: false)]).findings(
                "picker", .init("whole command", against: switchedOff, .times(1.0 / 5)))
    }

    fileprivate static let switchedOff = "the cache switched off"

    static let indexChange = Row(name: "index-change", summary: "the first page after changes among 100,000 tracks")
    {
        workshop in
        let library = try workshop.library(of: 100_000)
        let path = library.path.string
        _ = try workshop.work("index-build", path)
        return [
            Finding(
                row: "index-change", what: "after one change",
                ours: Sample(try workshop.work("page-after", path, "1", "100000")), unit: .seconds,
                goal: .atMost(0.005),
                note: "in process, one row made again"),
            Finding(
                row: "index-change", what: "after 1,000 changes",
                ours: Sample(try workshop.work("page-after", path, "1000", "100000")), unit: .seconds,
                goal: .atMost(0.1)),
        ]
    }

    static let indexBuild = Row(name: "index-build", summary: "the index of 100,000 tracks from nothing") {
        workshop in
        guard Workshop.has("git"), Workshop.has("sqlite3") else { return [] }
        let library = try workshop.library(of: 100_000)
        let path = library.path.string
        let table = workshop.place.appending("row/tracks.csv")
        try workshop.finish([
            "sh", "-c",
            #"git -C "$1" archive HEAD tracks | tar -xO --wildcards '*/track.json' | tr -d '\n' | sed 's/}{/}\n{/g' >"$2""#,
            "sh", path, table.string,
        ])
        let ours = Contestant(name: Workshop.ours) {
            guard let seconds = try workshop.work("index-build", path).first else { throw BenchError("no figure") }
            return Reading(seconds: seconds, peakBytes: 0)
        }
        let sum = Contestant(name: "git archive + sqlite3") {
            try workshop.time([
                "sh", "-c",
                #"""
                git -C "$1" archive HEAD tracks >/dev/null && rm -f "$2.db" && printf '%s\n' 'CREATE TABLE tracks(record);' \
                '.mode ascii' '.separator "\001" "\n"' ".import $2 tracks" | sqlite3 "$2.db"
                """#, "sh", path, table.string,
            ])
        }
        return try Pairs.measure(flushing: false, [ours, sum]).findings(
            "index-build", .init("until the first page", against: "git archive + sqlite3", .times(2)))
    }
}

extension Contestant {
    /// Lists the first tracks that match a word.
    fileprivate static func listing(_ path: String, _ workshop: Workshop, caching: Bool = true) -> Contestant {
        func set(_ value: Bool) throws {
            try workshop.finish([workshop.offbeat, "--store", path, "config", "set", "cache.enabled", "\(value)"])
        }
        var contestant = Contestant(name: caching ? Workshop.ours : Row.switchedOff) {
            try workshop.time([workshop.offbeat, "--store", path, "ls", "amber", "--limit", "50"])
        }
        if !caching {
            contestant.prepare = { try set(false) }
            contestant.clear = { try set(true) }
        }
        return contestant
    }
}
