import Files

extension Row {
    static let addLarge = Row(name: "add-large", summary: "adding 8 files of 128 MiB, durably") { workshop in
        let rounds = try add(8, of: 128 << 20, workshop)
        return rounds.findings(
            "add-large", .init("whole command", against: onePass, .times(1.2), note: onePassNote),
            .init("whole command", against: lfs, .times(1.0 / 3), note: lfsNote)
        ) + [rounds.memory("add-large", below: 64 << 20)]
    }

    static let addSmall = Row(name: "add-small", summary: "adding 10,000 files of 64 KiB in one version, durably") {
        workshop in
        let rounds = try add(10_000, of: 64 << 10, workshop)
        return rounds.findings(
            "add-small", .init("whole command", against: onePass, .times(1.3), note: onePassNote),
            .init("whole command", against: sorted, .none, note: sortedNote),
            .init("whole command", against: lfs, .times(1.0 / 4), note: lfsNote)
        ) + [rounds.memory("add-small", below: 64 << 20)]
    }

    private static let onePass = "one pass"
    private static let sorted = "one pass, git-lfs layout"
    private static let sortedNote = "the same, and each file renamed to its place in a layout like git-lfs's"
    private static let lfs = "git-lfs"
    private static let onePassNote =
        "one thread reads, hashes (SHA-256) and writes each byte once; one syncfs at the end"
    private static let lfsNote = """
        `git add` and `git commit` of a work tree; `git init` and `git lfs track` are not counted, as `offbeat init` is \
        not; git-lfs flushes nothing by default
        """

    /// All read the same files, which are in memory by then.
    private static func add(_ count: Int, of size: Int, _ workshop: Workshop) throws -> Rounds {
        let sounds = workshop.path("sounds")
        try Sounds.make(count, of: size, in: sounds)
        try Work.readAll(in: sounds)
        var contestants = [
            adding(sounds, workshop), copying(sounds, workshop), copying(sounds, workshop, sorting: true),
        ]
        if Workshop.has("git"), Workshop.has("git-lfs") { contestants.append(committing(sounds, workshop)) }
        return try Pairs.measure(contestants)
    }

    private static func adding(_ sounds: FilePath, _ workshop: Workshop) -> Contestant {
        let store = workshop.path("store")
        return Contestant(
            name: Workshop.ours,
            prepare: { try workshop.makeStore(at: store) },
            run: {
                try workshop.time([
                    workshop.offbeat, "--store", store.string, "--quiet", "add", "--no-analyze", sounds.string,
                ])
            },
            clear: { try FileSystem.removeTree(store) })
    }

    private static func copying(_ sounds: FilePath, _ workshop: Workshop, sorting: Bool = false) -> Contestant {
        let copy = workshop.path("copy")
        let last = sorting ? "sorting" : ""
        return Contestant(
            name: sorting ? sorted : onePass,
            run: {
                Reading(seconds: try workshop.work("one-pass", sounds.string, copy.string, last).first ?? .nan)
            },
            clear: { try FileSystem.removeTree(copy) })
    }

    /// git-lfs takes files from a work tree only, so the sounds lie in one; what makes them one is taken away again.
    private static func committing(_ sounds: FilePath, _ workshop: Workshop) -> Contestant {
        let git = ["git", "-C", sounds.string]
        return Contestant(
            name: lfs,
            prepare: {
                try workshop.finish(git + ["init", "-q"], environment: workshop.withLFS)
                try workshop.finish(git + ["lfs", "track", "*.wav"], environment: workshop.withLFS)
            },
            run: {
                let adding = try workshop.time(git + ["add", "."], environment: workshop.withLFS)
                let committing = try workshop.time(
                    git + ["commit", "-q", "-m", "Add"], environment: workshop.withLFS)
                return Reading(seconds: adding.seconds + committing.seconds)
            },
            clear: {
                try FileSystem.removeTree(sounds.appending(".git"))
                try FileSystem.remove(sounds.appending(".gitattributes"))
            })
    }
}

extension Work {
    /// Reads every file of a directory, so that nobody has to fetch it from the disk.
    static func readAll(in directory: FilePath) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        for entry in try FileSystem.list(directory) where entry.kind == .regular {
            let file = try FileDescriptor.open(directory.appending(entry.name), .read)
            while try file.read(into: buffer) > 0 {}
        }
    }
}
