import Files

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
