import Files
import TestSupport

/// A command to be disturbed at one call after the other, and what may come of it.
struct Attack: Sendable {
    /// How much of its work may be found done when it was not done as a whole.
    enum Parts { case none, afterFailure, always }

    /// By which it is chosen; no two are called the same.
    let name: String
    let words: [Word]
    /// What the place holds before: made in a store that has one person, Ana, unless it is `init`.
    var prepare: @Sendable (Studio) throws -> Void
    /// Whether the same words may be said again once they were obeyed, and change nothing then.
    var isRepeatable = true
    var parts = Parts.none
    var needsStore = true
    /// How it ends when nothing disturbs it.
    var status: Int32 = 0
    /// Whether what it does is told by where the store's files lie.
    var isAboutFiles = false
    /// Whether git and git-lfs find nothing wrong before.
    var isSound = true
    /// Whether it only reads: it answers, though what it makes for the next one may not come about.
    var isReading = false
    /// Whether files may be at the remote alone, before or after.
    var mayLackFiles = false
    /// Whether what it does is told by the branch of analyses.
    var isAboutAnalyses = false
    /// Whether a remote takes part, that is called `remote.git` and lies beside the store.
    var isAboutRemote = false
    /// What is said instead of the same words where the store is there already.
    var onceThere: [Word]?
    /// What befalls the place once it was prepared: nothing but the command itself can be expected to bear it.
    var damage: (@Sendable (Studio) throws -> Void)?
    /// A file beside the store that may go once the store has changed, and not before.
    var original: String?

    init(
        _ name: String, _ words: [Word], isRepeatable: Bool = true, parts: Parts = .none, needsStore: Bool = true,
        original: String? = nil, _ prepare: @escaping @Sendable (Studio) throws -> Void = { _ in }
    ) {
        self.name = name
        self.words = words
        self.isRepeatable = isRepeatable
        self.parts = parts
        self.needsStore = needsStore
        self.original = original
        self.prepare = prepare
    }

    /// Whether it looks after the store and makes no version that somebody asked for.
    var isCare: Bool { isAboutFiles || isAboutRemote || damage != nil }

    /// Every command that changes something; the longest first, since they are shared out to several workers.
    static let all = care + meetings + moves + edits + analyses + readings

    /// What finds something out about audio, or is told it.
    private static let analyses: [Attack] = [
        analysis("analyze", ["analyze"], parts: .afterFailure),
        analysis(
            "analysis set",
            ["analysis", "set", "song", "found.json", "--analyzer", "essentia", "--analyzer-version", "1"]
        ),
        analysis("cache invalidate", ["cache", "invalidate", "song"]) { studio in
            try studio.offbeat("analyze").done()
        },
    ]

    private static func analysis(
        _ name: String, _ words: [Word], parts: Parts = .none,
        _ prepare: @escaping @Sendable (Studio) throws -> Void = { _ in }
    ) -> Attack {
        var attack = Attack(name, words, parts: parts) { studio in
            try song(studio)
            try FileSystem.write(#"{"bpm": 120}"#, to: studio.work.appending("found.json"))
            try prepare(studio)
        }
        attack.isAboutAnalyses = true
        return attack
    }

    /// What brings the index to the present version.
    private static let readings: [Attack] = [
        reading("ls after an edit") { studio in
            try studio.offbeat("ls").done()
            try studio.offbeat("edit", "song", "title=New").done()
        },
        reading("ls for the first time") { _ in },
        reading("post ls after a step", ["post", "ls"]) { studio in
            try band(studio)
            try studio.offbeat("post", "ls").done()
            try studio.offbeat("post", "submit", "news").done()
        },
        reading("post ls for the first time", ["post", "ls"], band),
    ]

    private static func reading(
        _ name: String, _ words: [Word] = ["ls"], _ prepare: @escaping @Sendable (Studio) throws -> Void
    ) -> Attack {
        var attack = Attack(name, words) { studio in
            try song(studio)
            try prepare(studio)
        }
        attack.isReading = true
        return attack
    }

    /// Those that somebody wants for their library.
    private static let edits: [Attack] = [
        Attack("add folder", ["add", "folder"], parts: .afterFailure) { studio in
            try song(studio)
            for number in 0..<80 { try studio.sound(FilePath("folder/\(number).wav"), seed: 100 + UInt64(number)) }
        },
        Attack("add file", ["add", "new.wav"]) { studio in
            try song(studio)
            try studio.sound("new.wav", seed: 2, frames: 20_000)
        },
        Attack(
            "add --move", ["add", "--move", "new.wav"], isRepeatable: false, parts: .always, original: "./new.wav"
        ) {
            studio in
            try song(studio)
            try studio.sound("new.wav", seed: 2)
        },
        // The version is made first; the folder's list follows, if need be with the next run.
        Attack("add exported", ["add", "out"], parts: .always) { studio in
            try song(studio)
            try studio.offbeat("export", "out").done()
            try studio.sound("out/song.wav", seed: 2)
        },
        Attack("replace", ["replace", "song", "new.wav"]) { studio in
            try song(studio)
            try studio.sound("new.wav", seed: 2)
        },
        Attack("edit", ["edit", "song", "title=New", "artist=Ana", "+live"], isRepeatable: false, song),
        Attack("rm", ["rm", "song"], isRepeatable: false, song),
        Attack("undo replace", ["undo"], isRepeatable: false) { studio in
            try song(studio)
            try studio.offbeat("replace", "song", Word(try studio.sound("new.wav", seed: 2))).done()
        },
        Attack("restore removed", ["restore", "song", "--at", "HEAD~1"], isRepeatable: false) { studio in
            try song(studio)
            try studio.offbeat("rm", "song").done()
        },
        Attack("marker add", ["marker", "add", "song", "9f", "here"], isRepeatable: false, song),
        Attack("undo edit", ["undo"], isRepeatable: false) { studio in
            try song(studio)
            try studio.offbeat("edit", "song", "title=Song, edited", "+live").done()
        },
        Attack("restore edited", ["restore", "song", "--at", "HEAD~1"], isRepeatable: false) { studio in
            try song(studio)
            try studio.offbeat("edit", "song", "title=Song, edited", "+live").done()
        },
        Attack("workspace add", ["workspace", "add", "crew"], isRepeatable: false, song),
        Attack(
            "post new", ["post", "new", "-w", "band", "--image", "cover.png", "New"],
            isRepeatable: false
        ) {
            studio in
            try band(studio)
            try FileSystem.write(
                [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], to: studio.work.appending("cover.png"))
        },
        Attack("post submit", ["post", "submit", "news"], isRepeatable: false, band),
        Attack("post edit", ["post", "edit", "news", "text=Later"], isRepeatable: false, band),
        Attack("user add", ["user", "add", "ben"], isRepeatable: false, song),
        Attack("config set", ["config", "set", "user", "ben"]) { studio in
            try studio.offbeat("user", "add", "ben").done()
        },
        Attack("export", ["export", "out"], parts: .always) { studio in
            for seed in 1...3 as ClosedRange<UInt64> {
                _ = try studio.addedTrack(FilePath("\(seed).wav"), seed: seed)
            }
        },
        Attack("init", ["init", "--user", "ana"], isRepeatable: false, needsStore: false),
        Attack("init in a folder", ["init", ".offbeat", "--user", "ana"], isRepeatable: false, needsStore: false) {
            try FileSystem.makeDirectory($0.store)
        },
    ]

    /// A workspace with a draft.
    @Sendable static func band(_ studio: Studio) throws {
        try studio.offbeat("workspace", "add", "band", "--zone", "UTC").done()
        try studio.offbeat("post", "new", "-w", "band", "--title", "News", "Out now").done()
    }

    /// One track, called song.
    @Sendable static func song(_ studio: Studio) throws { _ = try studio.addedTrack() }
}
