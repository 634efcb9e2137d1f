import Catalog
import Files
import TestSupport
import Testing

/// A band on tour: laptops of one studio that share a remote, each with a store of its own.
struct Tour {
    let studio: Studio
    let remote: FilePath

    /// Makes the remote, Ana's store with one song, and clones of it for the others; all hold the same version.
    static func with(_ others: [String] = ["ben"], _ body: (Tour) throws -> Void) throws {
        try Studio.with { studio in
            let tour = Tour(studio: studio, remote: studio.work.appending("band.git"))
            try studio.offbeat("init", "ana", "--user", "ana", "--name", "Band", "--remote", "band.git").done()
            try tour.at("ana", "add", "--no-analyze", Word(try studio.sound("song.wav", seed: 1))).done()
            try tour.at("ana", "sync").done()
            for name in others {
                try studio.offbeat("clone", "band.git", "\(name)", "--user", "\(name)").done()
                // Who is new has made a version: the person.
                try tour.at(name, "sync").done()
            }
            for name in ["ana"] + others { try tour.at(name, "sync").done() }
            try body(tour)
        }
    }

    func store(_ laptop: String) -> FilePath { studio.work.appending(laptop) }

    /// Runs a command at somebody's laptop.
    func at(_ laptop: String, _ words: Word...) throws -> Outcome {
        try studio.offbeat(words: ["--store", Word(store(laptop))] + words)
    }

    /// The same, for its document.
    func json(_ laptop: String, _ words: Word...) throws -> Outcome {
        try studio.offbeat(words: ["--json", "--store", Word(store(laptop))] + words)
    }

    func start(_ laptop: String, _ words: Word...) throws -> Studio.Running {
        try studio.start([Word(Scenarios.program()), "--json", "--store", Word(store(laptop))] + words)
    }

    func head(_ laptop: String) throws -> String {
        try studio.git("rev-parse", "main", in: store(laptop)).done().line
    }

    func remoteHead() throws -> String { try studio.git("rev-parse", "main", in: remote).done().line }

    /// The tracks of a laptop, each with what is asked for of it.
    func tracks(_ laptop: String) throws -> [JSON] { try json(laptop, "ls").done().json()["tracks"]?.asArray ?? [] }

    /// The id of the one song that the tour begins with.
    func song() throws -> Word {
        let id = try tracks("ana").first { $0["title"]?.asString == "song" }?["id"]?.asString
        return Word(try #require(id))
    }

    /// All laptops and the remote hold one version, git finds no fault in any of them, git-lfs none at the remote, and
    /// nothing half done is left.
    func expectTogether(_ laptops: [String], location: SourceLocation = #_sourceLocation) throws {
        let head = try remoteHead()
        for laptop in laptops {
            #expect(try self.head(laptop) == head, "\(laptop)", sourceLocation: location)
            try at(laptop, "fsck", "--deep").done()
        }
        for place in [remote] + laptops.map(store) {
            let check = try studio.git("fsck", "--full", "--strict", "--no-dangling", in: place)
            #expect(check.status == 0 && check.text.isEmpty, "\(check)", sourceLocation: location)
        }
        let files = try studio.git("lfs", "fsck", "--objects", in: remote)
        #expect(files.status == 0, "\(files)", sourceLocation: location)
        for name in ["lfs/tmp", "lfs/leases"] {
            let left = (try? FileSystem.list(remote.appending(name))) ?? []
            #expect(left.isEmpty, "\(name): \(left.map(\.name))", sourceLocation: location)
        }
    }
}
