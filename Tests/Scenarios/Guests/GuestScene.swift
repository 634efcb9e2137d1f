import Catalog
import Files

/// Something that is done with a guest's store, or in it, to be disturbed at one call after the other.
struct GuestScene: Sendable, CustomStringConvertible {
    /// Who says the words.
    enum Speaker { case person, guest }

    let name: String
    let speaker: Speaker
    /// What is said; `GUEST` stands for the guest's id.
    let words: [Word]
    /// How it ends when nothing disturbs it.
    var status: Int32 = 0
    /// How it ends when it is said again once it was done.
    var again: Int32 = 0
    /// For whom the guest works; nil for nobody.
    var person: Word? = "ana"
    /// What the guest has done before.
    var work: @Sendable (StudioGuest) throws -> Void = { _ in }
    /// What the library has come to meanwhile.
    var meanwhile: @Sendable (Studio) throws -> Void = { _ in }

    /// Whether the guest's work comes into the library.
    var isKeeping: Bool { name.hasPrefix("keep") }

    var description: String { name }

    static let all: [GuestScene] = [
        GuestScene(name: "start", speaker: .person, words: ["guest", "start"]),
        GuestScene(name: "add", speaker: .guest, words: ["add", "fresh.wav"], work: work),
        GuestScene(name: "edit", speaker: .guest, words: ["edit", "other", "title=Fresh", "+live"], work: work),
        GuestScene(name: "end", speaker: .person, words: ["guest", "end", "GUEST"], again: 3, work: work),
        keeping("keep"),
        keeping("keep over a library that moved on") { studio in
            try studio.offbeat("edit", "song", "comment=Meanwhile", adding: time(5)).done()
            try studio.offbeat("add", "later.wav", adding: time(5)).done()
        },
        keeping("keep with conflicts", status: 5) { studio in
            try studio.offbeat("edit", "song", "title=Person's", adding: time(5)).done()
            try studio.offbeat("edit", "other", "comment=Meanwhile", adding: time(5)).done()
        },
        keeping("keep with analyses", analyzing: true) { studio in
            try studio.offbeat("analyze", "other", adding: time(5)).done()
        },
        keeping("keep of nobody's work", for: nil) { studio in
            try studio.offbeat("user", "add", "cara", adding: time(5)).done()
        },
    ]

    private static func keeping(
        _ name: String, for person: Word? = "ana", status: Int32 = 0, analyzing: Bool = false,
        _ meanwhile: @escaping @Sendable (Studio) throws -> Void = { _ in }
    ) -> GuestScene {
        GuestScene(
            name: name, speaker: .person, words: ["guest", "keep", "GUEST", "--as", "ana"], status: status,
            again: 3,
            person: person,
            work: { guest in
                try work(guest)
                if analyzing { try guest.offbeat("analyze", adding: time(2)).done() }
            }, meanwhile: meanwhile)
    }

    /// A guest adds a file, changes a track and removes one.
    @Sendable private static func work(_ guest: StudioGuest) throws {
        try guest.offbeat("add", "--no-analyze", "new.wav", adding: time(2)).done()
        try guest.offbeat("edit", "song", "title=Guest's", "artist=Guest", adding: time(2)).done()
        try guest.offbeat("rm", "gone", adding: time(2)).done()
    }

    /// What the place holds before the guest comes.
    static func prepare(_ studio: Studio) throws {
        try studio.offbeat("init", "--user", "ana", "--name", "Band").done()
        try studio.offbeat("user", "add", "ben").done()
        for (seed, name) in ["song", "other", "gone"].enumerated() {
            _ = try studio.addedTrack(FilePath("\(name).wav"), seed: UInt64(seed + 1))
        }
        for (seed, name) in ["new", "fresh", "later"].enumerated() {
            try studio.sound(FilePath("\(name).wav"), seed: UInt64(seed + 10))
        }
    }

    /// A minute of the hour in which all of it happens.
    static func time(_ minute: Int) -> [String: String] {
        ["OFFBEAT_NOW": "2031-01-01T00:\(minute < 10 ? "0" : "")\(minute):00Z"]
    }
}
