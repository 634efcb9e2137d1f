import Catalog
import Files
import TestSupport
import Testing

/// A library that guests work over, with something of every kind in it: songs of Ana and of Ben, stems, analyses, posts, a
/// remote, a record that waits for a decision, a feed, and a program that would be told of posts.
struct GuestHouse {
    let studio: Studio
    /// Is there once the program that is told of posts has run.
    let told: FilePath

    /// The library.
    var base: FilePath { studio.store }

    /// Calls `body` with a new library.
    static func with(sharing: Word = "everyone", _ body: (GuestHouse) throws -> Void) throws {
        try Studio.with { studio in
            let house = GuestHouse(studio: studio, told: studio.root.appending("told"))
            try house.furnish(sharing: sharing)
            try body(house)
        }
    }

    /// Runs a command in the library itself.
    func at(_ words: Word...) throws -> Outcome { try studio.offbeat(words: ["--json"] + words, in: studio.work) }

    private func furnish(sharing: Word) throws {
        try at("init", "--user", "ana", "--name", "Band", "--sharing", sharing, "--remote", "band.git").done()
        try at("user", "add", "ben").done()
        for (number, person) in ["ana", "ana", "ana", "ben", "ben"].enumerated() {
            let sound = try studio.sound(
                FilePath("\(person)-\(number).wav"), seed: UInt64(number + 1), frames: 20_000)
            try at("--user", Word(person), "add", "--no-analyze", Word(sound)).done()
        }
        try at("analyze", "ana-0").done()
        let drums = Word(try studio.sound("drums.wav", seed: 90))
        try at("stem", "add", "--no-analyze", "--type", "drums", "ana-1", drums).done()
        try at("workspace", "add", "band", "--zone", "UTC").done()
        try at("workspace", "add", "solo", "--zone", "UTC").done()
        try at("workspace", "member", "add", "band", "ben", "--role", "approver").done()
        try at(
            "workspace", "target", "band", "feed", "--dir", "www", "--base-url", "https://example.org/band/"
        ).done()
        let image = studio.work.appending("image.png")
        try FileSystem.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3], to: image)
        try at("post", "new", "-w", "band", "--image", Word(image), "A post of the band").done()
        try at("post", "new", "-w", "solo", "A post of Ana alone").done()
        try at("sync").done()
        try makeConflict()
        for command: [Word] in [["ls"], ["cache", "warm"], ["post", "ls", "-w", "band"]] {
            try studio.offbeat(words: command).done()
        }
        try at("config", "set", "notify.command", "touch \(told)").done()
        try FileSystem.remove(told)
    }

    /// Two laptops give one track two titles.
    private func makeConflict() throws {
        try studio.offbeat("clone", "band.git", "other", "--user", "ana").done()
        try studio.offbeat("--store", "other", "edit", "ana-2", "title=theirs").done()
        try studio.offbeat("--store", "other", "sync").done()
        try at("edit", "ana-2", "title=ours").done()
        _ = try at("sync")
        #expect(try at("conflicts").done().json()["conflicts"]?.asArray?.count == 1)
    }

    /// Starts a guest of Ana, or of somebody else.
    func guest(of person: Word = "ana", _ words: Word...) throws -> Guest {
        let made = try studio.offbeat(words: ["--json", "--user", person, "guest", "start"] + words).done().json()
        let path = FilePath(try #require(made["path"]?.asString))
        return Guest(house: self, id: try #require(made["guest"]?.asString), store: path)
    }

    /// Runs steps, and expects that not a byte of the library differs then, and that nobody was told of anything.
    func expectNoTrace(location: SourceLocation = #_sourceLocation, _ steps: () throws -> Void) throws {
        let before = try Imprint(of: base)
        try steps()
        let differences = try Imprint(of: base).differences(from: before)
        #expect(differences.isEmpty, "\(differences)", sourceLocation: location)
        #expect(!FileSystem.exists(told), "the library's program was told", sourceLocation: location)
    }

    /// The id of a track of the library.
    func track(_ title: Word) throws -> Word {
        Word(
            try #require(
                try at("--user", title.description.hasPrefix("ben") ? "ben" : "ana", "show", title)
                    .done().json()["id"]?.asString))
    }

    /// A file that the library holds, by the path that nobody is to name.
    func storedFile() throws -> FilePath {
        for case .file(let path) in DirectoryWalk(base.appending("lfs/objects")) { return path }
        throw Unexpected("the library holds no file")
    }
}

/// A guest at work.
struct Guest {
    let house: GuestHouse
    let id: String
    let store: FilePath
    /// What stands before the program, as for the same with fewer rights.
    var prefix: [Word] = []

    /// Runs a command in the guest's store.
    func at(_ words: Word...) throws -> Outcome { try run(words) }

    func run(_ words: [Word], adding extra: [String: String] = [:]) throws -> Outcome {
        let call = prefix + [Word(try Scenarios.program()), "--json", "--store", Word(store)] + words
        return try house.studio.run(call, adding: extra)
    }

    /// The titles that it sees.
    func titles() throws -> [String] {
        try at("ls").done().json()["tracks"]?.asArray?.compactMap { $0["title"]?.asString }.sorted() ?? []
    }
}
