import Files

extension Row {
    static let syncFile = Row(name: "sync-file", summary: "one file of 10,000 changed, pushed and pulled") {
        workshop in
        let sounds = try SharedSounds(10_000, workshop)
        let pairs = try [sounds.laptops()] + (SharedSounds.comparesWithLFS ? [sounds.repositories()] : [])
        let pushing = try Pairs.measure(pairs.map(\.pushing))
        let pulling = try Pairs.measure(pairs.map(\.pulling))
        return pushing.findings(
            "sync-file", .init("push", against: SharedSounds.lfs, .times(1.0 / 3), note: SharedSounds.note)
        ) + pulling.findings("sync-file", .init("pull", against: SharedSounds.lfs, .times(1.0 / 3)))
    }

    static let syncFirst = Row(name: "sync-first", summary: "the first push of 10,000 files") { workshop in
        let sounds = try SharedSounds(10_000, workshop)
        let (ours, theirs) = (workshop.path("remote.git"), workshop.path("lfs-remote.git"))
        var contestants = [
            Contestant(
                name: Workshop.ours, prepare: { try sounds.addRemote(ours) }, run: sounds.push,
                clear: { try sounds.removeRemote(ours) })
        ]
        if SharedSounds.comparesWithLFS {
            contestants.append(
                Contestant(
                    name: SharedSounds.lfs, prepare: { try sounds.addLFSRemote(theirs) }, run: sounds.pushWithLFS,
                    clear: { try sounds.removeLFSRemote(theirs) }))
        }
        let rounds = try Pairs.measure(contestants)
        return rounds.findings(
            "sync-first", .init("push", against: SharedSounds.lfs, .times(1.0 / 3), note: SharedSounds.note)
        ) + [rounds.memory("sync-first", below: most)]
    }

    static let syncClone = Row(name: "sync-clone", summary: "a clone of 10,000 files") { workshop in
        let sounds = try SharedSounds(10_000, workshop)
        let (ours, theirs) = (workshop.path("remote.git"), workshop.path("lfs-remote.git"))
        try sounds.addRemote(ours)
        _ = try sounds.push()
        let (store, repository) = (workshop.path("cloned-store"), workshop.path("cloned-repository"))
        var contestants = [
            Contestant(
                name: Workshop.ours, run: { try sounds.clone(ours, to: store) },
                clear: { try FileSystem.removeTree(store) })
        ]
        if SharedSounds.comparesWithLFS {
            try sounds.addLFSRemote(theirs)
            _ = try sounds.pushWithLFS()
            contestants.append(
                Contestant(
                    name: SharedSounds.lfs, run: { try sounds.cloneWithLFS(theirs, to: repository) },
                    clear: { try FileSystem.removeTree(repository) }))
        }
        let rounds = try Pairs.measure(contestants)
        return rounds.findings(
            "sync-clone", .init("clone", against: SharedSounds.lfs, .times(1.0 / 5), note: cloneNote)
        ) + [rounds.memory("sync-clone", below: most)]
    }

    private static let cloneNote = SharedSounds.note + "; git-lfs lays out a work tree, as is its way"
}
