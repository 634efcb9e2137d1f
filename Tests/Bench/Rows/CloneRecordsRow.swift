import Files

extension Row {
    static let cloneRecords = Row(name: "clone-records", summary: "a clone of 100,000 records, without files") {
        workshop in
        guard Workshop.has("git") else { return [] }
        let records = try SharedRecords(100_000, called: "shared", workshop)
        let (store, repository) = (workshop.path("cloned"), workshop.path("cloned.git"))
        func cloning(_ name: String, _ words: [String]) -> Contestant {
            Contestant(
                name: name,
                run: {
                    try workshop.time(
                        ["git", "clone", "-q", "--bare"] + words + [records.remote.string, repository.string])
                },
                clear: { try FileSystem.removeTree(repository) })
        }
        let rounds = try Pairs.measure([
            Contestant(
                name: Workshop.ours, run: { try workshop.time(records.cloning(to: store)) },
                clear: { try FileSystem.removeTree(store) }),
            cloning(linking, []), cloning(copying, ["--no-local"]),
        ])
        return rounds.findings(
            "clone-records", .init("clone", against: linking, .times(1.2), note: linkingNote),
            .init("clone", against: copying, .none, note: copyingNote)
        ) + [rounds.memory("clone-records", below: most)]
    }

    private static let linking = "git clone --bare"
    private static let linkingNote = "git gives the remote's objects a second name and reads none"
    private static let copying = "git clone --bare --no-local"
    private static let copyingNote = "git checks and indexes what it gets"
}
