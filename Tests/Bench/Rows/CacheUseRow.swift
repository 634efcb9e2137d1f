import Files

extension Row {
    static let cacheUse = Row(
        name: "cache-use", summary: "the index of 100,000 tracks in a process that lives long"
    ) {
        workshop in
        let library = try workshop.library(of: 100_000)
        let path = library.path.string
        _ = try workshop.work("index-build", path)
        let memory = try workshop.work("million-reads", path)
        let beside = try workshop.work("reads-beside-care", path, workshop.offbeat)
        guard memory.count == 2, beside.count == 10 else { throw BenchError("figures are missing") }
        func every(_ part: Int) -> Sample { Sample(stride(from: part, to: 10, by: 2).map { beside[$0] }) }
        return [
            Finding(
                row: "cache-use", what: "share of reads that were not ready",
                ours: Sample(try workshop.work("day-of-reads", path, "100000")), unit: .share, goal: .atMost(0.1),
                note: "a thousand looks at sixty pages, the best liked most often; each fiftieth a track is changed"
            ),
            Finding(
                row: "cache-use", what: "memory after a million reads", ours: Sample([memory[1]]), unit: .bytes,
                other: ("after ten thousand", Sample([memory[0]])), goal: .times(1.1)),
            Finding(
                row: "cache-use", what: "p99 of reads beside cache clean and gc", ours: every(1), unit: .seconds,
                other: ("alone", every(0)), goal: .times(1.5)),
        ]
    }
}
