import Files
import TestSupport

/// What brings a store and its remote together, and makes them known to each other. Cut off, it may have done a part: what
/// has come stays, and what has gone; but nothing is named, here or there, before it is there.
extension Attack {
    static let meetings: [Attack] = [
        meeting("sync push", ["sync"]) { studio in
            try meet(studio)
            try changeHere(studio)
        },
        meeting("sync pull", ["sync"]) { studio in
            try meet(studio)
            try changeElsewhere(studio)
        },
        meeting("sync merge", ["sync"]) { studio in
            try meet(studio)
            try changeElsewhere(studio)
            try changeHere(studio)
        },
        making("clone", ["clone", "remote.git", ".offbeat", "--user", "ana"]),
        making("clone by a new person", ["clone", "remote.git", ".offbeat", "--user", "ben"]),
        meeting("remote add", ["remote", "add", "origin", "remote.git"], isRepeatable: false, song),
        meeting("remote rm", ["remote", "rm", "origin"], isRepeatable: false, meet),
        mending("fsck --remote --repair", damagePartsOfRemote),
        mending("fsck --remote --repair of a branch", damageBranchOfRemote),
    ]

    private static func meeting(
        _ name: String, _ words: [Word], isRepeatable: Bool = true,
        _ prepare: @escaping @Sendable (Studio) throws -> Void
    ) -> Attack {
        var attack = Attack(name, words, isRepeatable: isRepeatable, parts: .always, prepare)
        attack.isAboutRemote = true
        attack.mayLackFiles = true
        return attack
    }

    /// One that makes the store. If it had done so when it was cut off, a sync does the rest.
    private static func making(_ name: String, _ words: [Word]) -> Attack {
        var attack = meeting(name, words, isRepeatable: false) { studio in
            let other = studio.elsewhere
            try studio.offbeat("init", Word(other), "--user", "ana", "--remote", Word(studio.remote)).done()
            for seed in 1...2 as ClosedRange<UInt64> {
                let sound = try studio.sound(studio.root.appending("\(seed).wav"), seed: seed)
                try studio.offbeat("--store", Word(other), "add", Word(sound)).done()
            }
            try studio.offbeat("--store", Word(other), "sync").done()
        }
        attack.needsStore = false
        attack.onceThere = ["sync"]
        return attack
    }

    /// Ana's song is at the remote, and on another laptop.
    @Sendable private static func meet(_ studio: Studio) throws {
        try song(studio)
        try studio.offbeat("remote", "add", "origin", Word(studio.remote)).done()
        try studio.offbeat("sync").done()
        try studio.offbeat("clone", Word(studio.remote), Word(studio.elsewhere), "--user", "ana").done()
    }

    // MARK: Repairs

    /// One of a remote that has lost something which is here.
    private static func mending(_ name: String, _ damage: @escaping @Sendable (Studio) throws -> Void) -> Attack {
        var attack = meeting(name, ["fsck", "--remote", "--deep", "--repair"]) { studio in
            try meet(studio)
            for title in ["Once", "Twice"] { try studio.offbeat("edit", "song", "album=\(title)").done() }
            _ = try studio.addedTrack("second.wav", seed: 2)
            try studio.offbeat("sync").done()
            try studio.unpackAll(in: studio.remote)
            try damage(studio)
        }
        attack.isSound = false
        return attack
    }

    /// Its present version can be read all the time.
    @Sendable private static func damagePartsOfRemote(_ studio: Studio) throws {
        for (song, wound) in [("song", Wound.remove), ("second", .flip)] {
            let file = String(try studio.file(of: song).string.dropFirst(studio.store.string.utf8.count + 1))
            try hurt(studio.remote.appending(file), wound, in: studio)
        }
        try studio.git("repack", "-a", "-q", in: studio.remote).done()
        let packs = studio.remote.appending("objects/pack")
        for entry in try FileSystem.list(packs) where entry.name.fileExtension == "pack" {
            try hurt(packs.appending(entry.name), .flip, in: studio)
        }
        try hurt(object("main~2^{tree}", in: studio), .flip, in: studio)
        try hurt(object("main~3", in: studio), .remove, in: studio)
    }

    @Sendable private static func damageBranchOfRemote(_ studio: Studio) throws {
        for name in ["main^{tree}", "main:offbeat.json"] as [Word] {
            try hurt(object(name, in: studio), .remove, in: studio)
        }
        try FileSystem.write("scribble\n", to: studio.remote.appending("refs/heads/main"))
    }

    /// Where the remote keeps an object; that is the same one as here.
    private static func object(_ name: Word, in studio: Studio) throws -> FilePath {
        let id = try studio.git("rev-parse", "--verify", name).done().line
        return studio.remote.appending("objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }

    /// Does it to a file that has no other names then.
    private static func hurt(_ file: FilePath, _ wound: Wound, in studio: Studio) throws {
        let bytes = try FileSystem.read(file)
        try FileSystem.remove(file)
        try FileSystem.write(bytes, to: file, mode: 0o444)
        try wound.inflict(on: file, other: file, in: studio)
    }

    // MARK: Changes

    private static func changeHere(_ studio: Studio) throws {
        _ = try studio.addedTrack("here.wav", seed: 2, frames: 20_000)
        try studio.offbeat("edit", "song", "title=New").done()
    }

    private static func changeElsewhere(_ studio: Studio) throws {
        let sound = try studio.sound(studio.root.appending("there.wav"), seed: 3, frames: 20_000)
        for words in [["add", Word(sound)], ["edit", "song", "bpm=120"], ["sync"]] as [[Word]] {
            try studio.offbeat(words: ["--store", Word(studio.elsewhere)] + words).done()
        }
    }
}
