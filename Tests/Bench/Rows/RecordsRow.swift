import Files

extension Row {
    static let records = Row(name: "records", summary: "100,000 tracks as one version, without files") { workshop in
        var contestants = [writing(workshop)]
        if Workshop.has("git") { contestants.append(try importing(workshop)) }
        return try Pairs.measure(contestants).findings(
            "records", .init("in process", against: fastImport, .times(1), note: note))
    }

    private static let fastImport = "git fast-import"
    private static let note = """
        ours makes the records, encodes and writes them, durably; git reads the same blobs and paths from a stream made \
        beforehand, with its default core.fsync (packs are flushed)
        """

    private static func writing(_ workshop: Workshop) -> Contestant {
        let store = workshop.path("store")
        return Contestant(
            name: Workshop.ours,
            prepare: { try workshop.makeStore(at: store) },
            run: { Reading(seconds: try workshop.work("records", store.string, "100000").first ?? .nan) },
            clear: { try FileSystem.removeTree(store) })
    }

    private static func importing(_ workshop: Workshop) throws -> Contestant {
        let library = try workshop.library(of: 100_000)
        let stream = workshop.path("stream")
        try workshop.finish(["sh", "-c", exportScript, "sh", library.path.string, library.before], writing: stream)
        let repository = workshop.path("imported.git").string
        return Contestant(
            name: fastImport,
            prepare: { try workshop.finish(["git", "init", "-q", "--bare", repository]) },
            run: { try workshop.time(["git", "-C", repository, "fast-import", "--quiet"], input: stream) },
            clear: { try FileSystem.removeTree(FilePath(repository)) })
    }

    /// One commit without a parent that holds the whole tree of a version.
    private static let exportScript = """
        export GIT_DIR="$1"
        commit=$(git commit-tree -m "Add tracks" "$2^{tree}") || exit
        git update-ref refs/heads/exported "$commit"
        git fast-export refs/heads/exported || exit
        git update-ref -d refs/heads/exported
        """
}
