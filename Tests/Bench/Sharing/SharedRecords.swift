import Files

/// A remote with the records of a made-up library, whose files nobody has, and what people have of it.
struct SharedRecords {
    let library: MadeLibrary
    /// The remote, which git made: its objects are the library's, under second names.
    let remote: FilePath

    private let workshop: Workshop

    /// Makes a remote of its own, so that what one program writes is nothing to another.
    init(_ count: Int, called name: String, _ workshop: Workshop) throws {
        library = try workshop.library(of: count)
        remote = workshop.path("\(name)-\(count).git")
        self.workshop = workshop
        try workshop.finish(["git", "clone", "-q", "--bare", library.path.string, remote.string])
    }

    /// What makes a store of ours from the remote, with all records and no files.
    func cloning(to store: FilePath) -> [String] {
        [workshop.offbeat, "clone", remote.string, store.string, "--content", "none", "--user", "ana", "--quiet"]
    }

    // MARK: With Offbeat

    /// A store of ours.
    func store(_ name: String) throws -> FilePath {
        let store = workshop.path("\(name)-\(library.count)")
        try workshop.finish(cloning(to: store))
        return store
    }

    /// Someone who uses Offbeat and gives a track another title each time.
    func laptop(_ name: String) throws -> Side {
        let store = try store(name)
        let command = [workshop.offbeat, "--store", store.string, "--quiet"]
        let counter = Counter()
        let sync = { try workshop.time(command + ["sync"]) }
        return Side(
            path: store,
            change: {
                let number = counter.next()
                let track = library.tracks[number % library.tracks.count]
                return try workshop.time(command + ["edit", track, "title=\(name) \(number)"])
            },
            push: sync, pull: sync)
    }

    /// Two of them.
    func laptops() throws -> Pair {
        Pair(name: Workshop.ours, one: try laptop("laptop"), other: try laptop("desktop"), workshop: workshop)
    }

    // MARK: With git

    /// A repository of git's with the remote called origin; in its work tree are the records, if it has one.
    func repository(_ name: String, withWorkTree: Bool = true) throws -> FilePath {
        let path = workshop.path("\(name)-\(library.count)")
        try workshop.finish(
            ["git", "clone", "-q"] + (withWorkTree ? [] : ["--no-checkout"]) + [remote.string, path.string])
        return path
    }

    /// Someone who uses git and writes a record anew each time.
    func workTree(_ name: String) throws -> Side {
        let path = try repository(name)
        let git = ["git", "-C", path.string]
        let record = MadeLibrary.record(of: library.tracks[0])
        let file = path.appending(record)
        return Side(
            path: path,
            change: {
                try FileSystem.replaceAtomically(file, with: try FileSystem.read(file) + Array(" ".utf8))
                return try workshop.time(git + ["add", record])
                    + workshop.time(git + ["commit", "-q", "-m", "Edit"])
            },
            push: { try workshop.time(git + ["push", "-q", "origin", "main"]) },
            pull: { try workshop.time(git + ["pull", "-q", "--ff-only"]) })
    }

    /// Two of them.
    func workTrees() throws -> Pair {
        Pair(name: "git", one: try workTree("work"), other: try workTree("other-work"), workshop: workshop)
    }
}
