import Files

extension Row {
    static let edit = Row(name: "edit", summary: "one of 100,000 tracks edited") { workshop in
        let library = try workshop.library(of: 100_000)
        let growth = Growth(library)
        var contestants = [
            Contestant.editing(library, workshop, growth: growth), .start(workshop), oneFlush(workshop),
        ]
        if Workshop.has("git") { contestants.append(try committing(library, workshop)) }
        let rounds = try Pairs.measure(contestants)
        return rounds.findings(
            "edit", .init("whole command", against: "start", .more(0.020)),
            .init("whole command", against: flush, .none, note: flushNote),
            .init("whole command", against: gitPeer, .none, note: gitNote)
        ) + [
            Finding(
                row: "edit", what: "new objects", ours: growth.bytes, unit: .bytes, goal: .atMost(4095),
                note: "the sizes of the new files in objects/, summed")
        ] + (try editsAmongPacks(library, workshop))
    }

    private static let flush = "one durable file"
    private static let flushNote =
        "a small file written, flushed and renamed, its directory flushed: for orientation"
    private static let gitPeer = "git add + commit"
    private static let gitNote =
        "in a work tree of the same files; git's default core.fsync leaves loose objects unflushed"

    /// What the disk asks for the least that is durable, since an edit can be no faster than a few of them.
    private static func oneFlush(_ workshop: Workshop) -> Contestant {
        let file = workshop.path("flushed")
        return Contestant(name: flush) {
            let watch = Stopwatch()
            try FileSystem.replaceAtomically(file, with: Array("one small file".utf8), durable: true)
            return Reading(seconds: watch.seconds)
        }
    }

    /// git at work in a work tree of the same records.
    private static func committing(_ library: MadeLibrary, _ workshop: Workshop) throws -> Contestant {
        let work = workshop.path("work")
        try workshop.finish(["git", "clone", "-q", library.path.string, work.string])
        let record = MadeLibrary.record(of: library.tracks[0])
        let file = work.appending(record)
        let git = ["git", "-C", work.string]
        var text = String(decoding: try FileSystem.read(file), as: UTF8.self)
        return Contestant(
            name: gitPeer,
            prepare: {
                text += " "
                try FileSystem.replaceAtomically(file, with: Array(text.utf8))
            },
            run: {
                let adding = try workshop.time(git + ["add", record])
                let committing = try workshop.time(git + ["commit", "-q", "-m", "Edit"])
                return Reading(seconds: adding.seconds + committing.seconds)
            })
    }

    /// Many packs are what many pushes leave behind; an edit among them, and one without.
    private static func editsAmongPacks(_ library: MadeLibrary, _ workshop: Workshop) throws -> [Finding] {
        guard Workshop.has("git") else { return [] }
        let packs = try ManyPacks(1000, workshop)
        var present: [Double] = []
        var among = Contestant.editing(library, workshop)
        among.prepare = { try packs.link(into: library) }
        among.clear = { present.append(Double(try packs.count(in: library))) }
        var without = Contestant.editing(library, workshop, name: "without them")
        without.prepare = { try packs.unlink(from: library) }
        let rounds = try Pairs.measure([among, .start(workshop), without])
        let questions = rounds.findings(
            "edit", .init("among 1,000 packs", against: "start", .more(0.020)),
            .init("among 1,000 packs", against: "without them", .more(0.005)))
        try packs.unlink(from: library)
        return questions + [
            Finding(
                row: "edit", what: "packs left after it", ours: Sample(Array(present.dropFirst())), unit: .files,
                goal: .none)
        ]
    }
}

extension Contestant {
    /// A track gets another title each time.
    static func editing(
        _ library: MadeLibrary, _ workshop: Workshop, name: String = Workshop.ours, growth: Growth? = nil
    ) -> Contestant {
        let counter = Counter()
        return Contestant(
            name: name, prepare: { try growth?.begin() },
            run: {
                let number = counter.next()
                let track = library.tracks[number % library.tracks.count]
                // What `--version` does not read, this may not either: the same words but for the edit.
                return try workshop.time([
                    workshop.offbeat, "--store", library.path.string, "--quiet", "edit", track,
                    "title=\(name) \(number) \(library.count)",
                ])
            },
            clear: { try growth?.end() })
    }
}

/// Counts up.
final class Counter {
    private var value = 0

    func next() -> Int {
        value += 1
        return value
    }
}

/// What each run adds to the objects of a store.
final class Growth {
    private let library: MadeLibrary
    private var before: [FilePath: Int64] = [:]
    private var all: [Double] = []

    init(_ library: MadeLibrary) { self.library = library }

    /// The sizes of the new files, run by run; the first run, which warms up, is left out.
    var bytes: Sample { Sample(Array(all.dropFirst())) }

    func begin() throws { before = try files() }

    func end() throws {
        let new = try files().filter { before[$0.key] == nil }
        all.append(Double(new.values.reduce(0, +)))
    }

    private func files() throws -> [FilePath: Int64] {
        var sizes: [FilePath: Int64] = [:]
        let objects = library.path.appending("objects")
        for folder in try FileSystem.list(objects) where folder.kind == .directory {
            let folder = objects.appending(folder.name)
            for file in try FileSystem.list(folder) {
                let path = folder.appending(file.name)
                sizes[path] = try FileSystem.status(of: path).size
            }
        }
        return sizes
    }
}
