import Files

extension Row {
    static let fsck = Row(name: "fsck", summary: "a library of 10,000 files checked, quickly and to the last byte")
    {
        workshop in
        let store = try filled(with: 10_000, of: 64 << 10, named: "small", workshop)
        let quick = try Pairs.measure(flushing: false, [checking(store, workshop)])
        let deep = try deeply(store, workshop)
        try FileSystem.removeTree(store)
        // Of the length of a track, so that what each file costs beside its bytes weighs less.
        let large = try deeply(filled(with: 128, of: 16 << 20, named: "large", workshop), workshop)
        return quick.findings("fsck", .init("whole command", against: nil, .atMost(2)))
            + [quick.memory("fsck", below: 64 << 20)]
            + deep.findings("fsck", .init("--deep, 10,000 x 64 KiB", against: pass, .times(1.25), note: passNote))
            + [deep.memory("fsck --deep", below: 64 << 20)]
            + large.findings("fsck", .init("--deep, 128 x 16 MiB", against: pass, .times(1.25)))
    }

    /// A store of so many files.
    private static func filled(
        with count: Int, of size: Int, named name: FilePath, _ workshop: Workshop
    ) throws -> FilePath {
        let sounds = workshop.path("sounds")
        let store = workshop.place.appending(name)
        try Sounds.make(count, of: size, in: sounds)
        try workshop.makeStore(at: store)
        try workshop.finish([
            workshop.offbeat, "--store", store.string, "--quiet", "add", "--no-analyze", sounds.string,
        ])
        try FileSystem.removeTree(sounds)
        return store
    }

    private static func deeply(_ store: FilePath, _ workshop: Workshop) throws -> Rounds {
        try Pairs.measure(flushing: false, [checking(store, workshop, "--deep"), hashing(store, workshop)])
    }

    private static let pass = "bare pass"
    private static let passNote =
        "as many threads as processors read and hash (SHA-256) the same files, and look at nothing else"

    private static func checking(_ store: FilePath, _ workshop: Workshop, _ words: String...) -> Contestant {
        Contestant(name: Workshop.ours) {
            try workshop.time([workshop.offbeat, "--store", store.string, "--quiet", "fsck"] + words)
        }
    }

    private static func hashing(_ store: FilePath, _ workshop: Workshop) -> Contestant {
        Contestant(name: pass) {
            let objects = store.appending("lfs/objects").string
            return Reading(seconds: try workshop.work("hash-pass", objects).first ?? .nan)
        }
    }
}
