import Catalog
import Files
import TestSupport

/// What looks after a store. Cut off, it may have done a part: what it takes away is what nothing needs, what it mends
/// is mended piece by piece.
extension Attack {
    static let care: [Attack] = [
        contents, losses, surroundings,
        collection("gc") { _ in },
        collection("gc taking back") { attack in
            attack.isSound = false
            let prepare = attack.prepare
            attack.prepare = { studio in
                try prepare(studio)
                // As where plain git has brought back the version that names it.
                let file = try studio.file(of: studio.addedTrack("wanted.wav", seed: 4))
                let shelf = studio.store.appending("lfs/quarantine/1000")
                try FileSystem.rename(file, to: shelf.appending(file.lastComponent ?? "."))
            }
        },
    ]

    // MARK: Collections

    /// One that has something to set aside and something to delete.
    private static func collection(_ name: String, _ change: (inout Attack) -> Void) -> Attack {
        var attack = Attack(name, ["gc"], parts: .always) { studio in
            try song(studio)
            try removeFromTheShared(studio)
            try studio.plant(Array("orphan".utf8), in: "objects")
            try studio.plant(Array("too old".utf8), in: "quarantine/1000")
        }
        attack.isAboutFiles = true
        change(&attack)
        return attack
    }

    /// A track whose history and file a remote has; long ago, by the clock of the trial.
    private static func removeFromTheShared(_ studio: Studio) throws {
        let id = try studio.addedTrack("removed.wav", seed: 2)
        let file = try studio.file(of: id)
        try studio.offbeat("rm", "\(id)").done()
        let remote = studio.root.appending("remote")
        try studio.git("init", "-q", "--bare", Word(remote), in: studio.root).done()
        try studio.git("remote", "add", "origin", Word(remote)).done()
        try studio.git("push", "-q", "--no-verify", "origin", "main").done()
        let copy = remote.appending(String(file.string.dropFirst(studio.store.string.utf8.count + 1)))
        try FileSystem.makeDirectories(copy.parent)
        try FileSystem.write(FileSystem.read(file), to: copy)
    }

    // MARK: Repairs

    /// One of a store with several tracks. If it is `telling`, some of the damage is for good, and is told.
    private static func repair(
        _ name: String, telling: Bool = false, preparing: @escaping @Sendable (DamagedPlace) throws -> Void,
        _ damage: @escaping @Sendable (Studio) throws -> Void
    ) -> Attack {
        var attack = Attack(name, ["fsck", "--deep", "--repair"], parts: .always) { studio in
            let names: [FilePath] = ["first.wav", "second.wav", "third.wav"]
            let tracks = try zip(names, 1...).map { try studio.addedTrack($0, seed: $1) }
            for title in ["Once", "Twice"] { try studio.offbeat("edit", "first", "album=\(title)").done() }
            try preparing(DamagedPlace(studio: studio, tracks: tracks))
        }
        attack.isSound = false
        attack.status = telling ? 6 : 0
        attack.damage = damage
        return attack
    }

    /// Makes a directory beside the store its remote, that has all that it has.
    private static func share(_ studio: Studio) throws {
        let remote = studio.root.appending("remote")
        try studio.run(["cp", "-a", Word(studio.store), Word(remote)]).done()
        try studio.git("config", "remote.origin.url", Word(remote)).done()
    }

    /// What is needed to open a store at all, and what it knows of itself.
    private static let surroundings = repair("fsck --repair") { place in
        try place.studio.offbeat("config", "set", "keepHistory", "1w").done()
        try place.studio.git("tag", "release").done()
        try place.studio.git("pack-refs", "--all").done()
        try share(place.studio)
    } _: { studio in
        // The remote has it; where that is, the settings say.
        let file = try studio.file(of: "third")
        try Wound.flip.inflict(on: file, other: file, in: studio)
        for (name, scribble) in [("config", "[scribble\n"), ("packed-refs", "scribble\n")] {
            let file = studio.store.appending(name)
            try FileSystem.write(FileSystem.read(file) + Array(scribble.utf8), to: file)
        }
        for name in ["HEAD", "refs/heads/main"] { try FileSystem.write("", to: studio.store.appending(name)) }
        try FileSystem.write("{", to: studio.store.appending("replica"))
        try studio.scribble(over: studio.store.appending("lfs/journal"), from: 20)
    }

    /// What the history says and the files, all of which a remote on this computer has too.
    private static let contents = repair("fsck --repair with a remote") { place in
        let studio = place.studio
        try studio.commit(noise(seed: 77, frames: 300), to: place.path("audio.wav"))
        try studio.commitRemoval(of: place.path("audio.wav", track: 1))
        try studio.commitRemoval(of: ".gitattributes")
        try place.pack()
        try studio.offbeat("edit", "third", "album=Thrice").done()
        try share(studio)
    } _: { studio in
        let third = try studio.json("show", "third").done().json()["id"]?.asString ?? ""
        let file = try studio.file(of: third)
        try Wound.flip.inflict(on: file, other: file, in: studio)
        let record = try studio.git("rev-parse", "main:\(trackFolder(third))/track.json").done().line
        let object = studio.store.appending("objects/\(record.prefix(2))/\(record.dropFirst(2))")
        try Wound.flip.inflict(on: object, other: object, in: studio)
        let place = DamagedPlace(studio: studio, tracks: [])
        let pack = try place.packs("pack")[0]
        try Wound.flip.inflict(on: pack, other: pack, in: studio)
        try FileSystem.remove(place.packs("idx")[1])
    }

    /// What only an earlier version can stand in for, and what nothing can.
    private static let losses = repair("fsck --repair of losses", telling: true) { place in
        try place.studio.unpackAll()
    } _: { studio in
        let first = try studio.json("show", "first").done().json()["id"]?.asString ?? ""
        let file = try studio.file(of: "second")
        let names: [Word] = ["main^{tree}", "main:\(trackFolder(first))/track.json"]
        for object in try names.map(studio.looseObject) {
            try Wound.flip.inflict(on: object, other: object, in: studio)
        }
        try Wound.flip.inflict(on: file, other: file, in: studio)
    }
}
