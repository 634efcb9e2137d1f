import Files

extension Row {
    static let fsck = Row(name: "fsck", summary: "a library of 10,000 files checked, quickly and to the last byte")
    {
        workshop in
        let sounds = workshop.path("sounds")
        let store = workshop.path("store")
        try Sounds.make(10_000, of: 64 << 10, in: sounds)
        try workshop.makeStore(at: store)
        try workshop.finish([workshop.offbeat, "--store", store.string, "--quiet", "add", sounds.string])
        try FileSystem.removeTree(sounds)
        let quick = try Pairs.measure(flushing: false, [checking(store, workshop)])
        let deep = try Pairs.measure(
            flushing: false, [checking(store, workshop, "--deep"), hashing(store, workshop)])
        return quick.findings("fsck", .init("whole command", against: nil, .atMost(2)))
            + [quick.memory("fsck", below: 64 << 20)]
            + deep.findings("fsck", .init("whole command, --deep", against: pass, .times(1.25), note: passNote))
            + [deep.memory("fsck --deep", below: 64 << 20)]
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
