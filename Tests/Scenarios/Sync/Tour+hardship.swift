import Catalog
import Files
import TestSupport
import Testing

extension Tour {
    /// Syncs somebody's laptop, and waits no longer than a minute.
    func sync(_ laptop: String, _ words: Word..., adding extra: [String: String] = [:]) throws -> Outcome {
        let call = try [Word(Scenarios.program()), "--json", "--store", Word(store(laptop)), "sync"] + words
        return try studio.run(call, adding: extra, timeout: 60)
    }

    /// A tour whose remote is on a disk of its own.
    static func onDisk(size: String, _ body: (Tour, SmallDisk) throws -> Void) throws {
        try Tour.with { tour in
            try SmallDisk.with(at: tour.studio.work, size: size) { disk in
                let moved = Tour(studio: tour.studio, remote: disk.path.appending("band.git"))
                try tour.studio.run(["cp", "-a", Word(tour.remote), Word(moved.remote)]).done()
                try FileSystem.removeTree(tour.remote)
                for laptop in ["ana", "ben"] {
                    try tour.at(laptop, "remote", "set-url", "origin", Word(moved.remote)).done()
                }
                try body(moved, disk)
            }
        }
    }

    /// Makes a version that somebody else has not yet.
    func newVersion(_ laptop: String) throws {
        try at(laptop, "user", "add", "u\(UInt64.random(in: 0...UInt64.max))").done()
    }

    /// Expects that what is new at a laptop cannot be pushed, and that this changes nothing on either side.
    func expectNoPush(_ laptop: String, because code: String) throws -> Outcome {
        try at(laptop, "add", "--no-analyze", Word(studio.sound("more.wav", seed: 77, frames: 100_000))).done()
        let before = try (head(laptop), remoteHead())
        let outcome = try sync(laptop, "--timeout", "5")
        try outcome.expectFailure(1, code)
        #expect(try (head(laptop), remoteHead()) == before)
        try at(laptop, "fsck", "--deep").done()
        return outcome
    }

    /// Expects that Ana's laptop does not sync with what is at a place, and that nothing changes there or here.
    @discardableResult
    func expectRefusal(of place: FilePath, _ status: Int32, _ code: String) throws -> Outcome {
        try newVersion("ana")
        try studio.git("config", "remote.origin.url", Word(place), in: store("ana")).done()
        let before = try (head("ana"), fingerprint(of: place))
        let outcome = try sync("ana")
        try outcome.expectFailure(status, code)
        try studio.json("clone", Word(place), "new").expectFailure(status, code)
        #expect(!FileSystem.exists(studio.work.appending("new")))
        #expect(try (head("ana"), fingerprint(of: place)) == before)
        return outcome
    }

    // MARK: Users

    /// Gives laptops to users of their own; all of them can get to the remote.
    func users(_ laptops: [String]) throws -> [SomeUser] {
        for place in [studio.root, studio.work] { try FileSystem.setMode(of: place, to: 0o755) }
        return try laptops.enumerated().map { number, laptop in
            let user = SomeUser(tour: self, laptop: laptop, id: 20_001 + UInt64(number))
            try FileSystem.makeDirectory(user.home)
            for place in [user.home, store(laptop)] {
                try studio.run(["chown", "-R", "\(user.id):\(user.id)", Word(place)]).done()
            }
            return user
        }
    }
}

/// A user of this computer with a laptop's store.
struct SomeUser {
    let tour: Tour
    let laptop: String
    let id: UInt64

    var home: FilePath { tour.studio.root.appending("home-\(laptop)") }

    /// Runs a command as this user, for its document.
    func offbeat(_ words: Word...) throws -> Outcome {
        let become: [Word] = ["setpriv", "--reuid=\(id)", "--regid=\(id)", "--clear-groups", "--"]
        let program = try [Word(Scenarios.program()), "--json", "--store", Word(tour.store(laptop))]
        let places = ["CACHE", "DATA", "STATE"].map { ("XDG_\($0)_HOME", home.appending(".\($0)").string) }
        let environment = Dictionary(uniqueKeysWithValues: places + [("HOME", home.string)])
        return try tour.studio.run(become + program + words, adding: environment, timeout: 60)
    }
}
