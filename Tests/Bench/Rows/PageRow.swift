import Files

extension Row {
    static let page = Row(name: "page", summary: "a library of 100,000 tracks, served") { workshop in
        let library = try workshop.library(of: 100_000)
        let served = try ServedLibrary(library.path, workshop)
        defer { served.stop() }
        // What is made when it is first asked for is measured by the rows of the cache.
        _ = try served.times("/api/tracks?limit=50", 20)
        func list(_ what: String, _ query: String, known: Bool = false, _ goal: Double) throws -> Finding {
            Finding(
                row: "page", what: what, ours: try served.times("/api/tracks?limit=50\(query)", 500, known: known),
                unit: .seconds, goal: .atMost(goal))
        }
        var findings = [
            try list("50 of 100,000 tracks", "", 0.005),
            try list("50 that a word matches", "&q=amber", 0.005),
            try list("50 that all match, sorted by title", "&q=track&sort=title", 0.015),
            try list("nothing changed", "", known: true, 0.001),
        ]
        if let rate = try requestRate(served, workshop) { findings.append(rate) }
        findings += [try events(served, library, workshop), try memory(served, "with 1,000 listeners")]
        return findings + (try uploads(workshop))
    }

    /// How long a request takes where sixteen connections ask at once, by `wrk`: two thousand a second is half a millisecond.
    private static func requestRate(_ served: ServedLibrary, _ workshop: Workshop) throws -> Finding? {
        guard Workshop.has("wrk") else { return nil }
        let rates = try (0..<3).map { _ in
            let lines = try workshop.lines([
                "wrk", "-t2", "-c16", "-d3s", "-H", "Authorization: Bearer \(served.token)",
                "http://127.0.0.1:\(served.port)/api/tracks?limit=50",
            ])
            let words = lines.first { $0.hasPrefix("Requests/sec:") }?.split(separator: " ")
            guard let rate = words?.last.flatMap({ Double($0) }), rate > 0 else {
                throw BenchError("wrk did not measure anything:\n\(lines.joined(separator: "\n"))")
            }
            return 1 / rate
        }
        return Finding(
            row: "page", what: "a page of 50, time between answers", ours: Sample(rates), unit: .seconds,
            goal: .atMost(0.0005), note: "wrk with 16 connections, on the same two processors")
    }

    private static func events(
        _ served: ServedLibrary, _ library: MadeLibrary, _ workshop: Workshop
    ) throws -> Finding {
        let listeners = try EventListeners(1000, to: served)
        let times = try (0..<5).map { number in
            try listeners.told(of: "event: moved") {
                try workshop.finish([
                    workshop.offbeat, "--store", library.path.string, "edit", library.tracks[number],
                    "comment=told \(number)",
                ])
            }
        }
        return Finding(
            row: "page", what: "1,000 listeners told of a commit, the last", ours: Sample(times), unit: .seconds,
            goal: .atMost(0.1), note: "from the end of the command that changed something")
    }

    private static func memory(_ served: ServedLibrary, _ what: String) throws -> Finding {
        Finding(
            row: "page", what: "peak memory \(what)", ours: Sample([try served.peakMemory()]), unit: .bytes,
            goal: .none)
    }

    /// An upload against a copy of the same file that is flushed.
    private static func uploads(_ workshop: Workshop) throws -> [Finding] {
        let (sounds, store) = (workshop.path("sounds"), workshop.path("uploads"))
        try Sounds.make(1, of: 2 << 30, in: sounds)
        guard let sound = try FileSystem.list(sounds).first.map({ sounds.appending($0.name) }) else { return [] }
        var memory: [Double] = []
        let pairs = try Pairs.measure([
            Contestant(
                name: Workshop.ours,
                run: {
                    try workshop.makeStore(at: store)
                    let served = try ServedLibrary(store, workshop)
                    defer { served.stop() }
                    let reading = try served.upload(sound, named: "long.wav")
                    memory.append(try served.peakMemory())
                    return reading
                }, clear: { try FileSystem.removeTree(store) }),
            Contestant(
                name: copy,
                run: {
                    try workshop.time([
                        "sh", "-c", "cp '\(sound)' '\(workshop.path("copy"))' && sync '\(workshop.path("copy"))'",
                    ])
                }, clear: { try FileSystem.remove(workshop.path("copy")) }),
        ])
        return pairs.findings("page", .init("upload of 2 GiB, durable", against: copy, .times(1 / 0.8))) + [
            Finding(
                row: "page", what: "peak memory of an upload", ours: Sample(memory), unit: .bytes,
                goal: .atMost(Double(64 << 20)))
        ]
    }

    private static let copy = "cp and sync"
}
