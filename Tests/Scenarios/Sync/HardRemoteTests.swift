import Catalog
import Files
import Glibc
import TestSupport
import TestTraits
import Testing

/// Remotes as they are found: on disks that are full or may not be written to, kept by other users, locked, of another
/// kind. Each run says what is the matter, changes nothing that it cannot finish, and ends.
@Suite(.waiting) struct HardRemoteTests {
    // MARK: Disks

    @Test(.enabled(if: Scenarios.canMount, "file systems cannot be mounted here"))
    func aRemoteThatMayNotBeWrittenIsReadAllTheSame() throws {
        try Tour.onDisk(size: "16m") { tour, disk in
            let song = try tour.song()
            try tour.at("ana", "edit", song, "title=One").done()
            try tour.sync("ana").done()
            try disk.setReadOnly(true)
            #expect(try tour.sync("ben").done().json()["result"] == "pulled")
            #expect(try tour.sync("ben").done().json()["result"] == "up-to-date")
            try tour.studio.offbeat("clone", Word(tour.remote), "cem", "--user", "ana").done()
            _ = try tour.expectNoPush("ana", because: "read-only")
            try disk.setReadOnly(false)
            for laptop in ["ana", "cem", "ben"] { try tour.sync(laptop).done() }
            try tour.expectTogether(["ana", "ben", "cem"])
        }
    }

    @Test(
        .enabled(if: Scenarios.canMount, "file systems cannot be mounted here"),
        arguments: [0, 8 << 10, 40 << 10, 120 << 10])
    func aFullRemoteKeepsWhatItHas(free: Int) throws {
        try Tour.onDisk(size: "16m") { tour, disk in
            let ballast = try disk.fill(leaving: free)
            let outcome = try tour.expectNoPush("ana", because: "no-space")
            #expect(try outcome.json()["error"]?["hint"]?.asString?.contains("space") == true)
            let check = try tour.studio.git("fsck", "--full", "--strict", "--no-dangling", in: tour.remote)
            #expect(check.status == 0 && check.text.isEmpty, "\(check)")
            try FileSystem.remove(ballast)
            for laptop in ["ana", "ben"] { try tour.sync(laptop).done() }
            try tour.expectTogether(["ana", "ben"])
        }
    }

    // MARK: Users

    /// Who does not own the remote reads it, and is told that it may not write.
    @Test(.enabled(if: geteuid() == 0, "only root can be several users"))
    func anotherUsersRemoteIsRead() throws {
        try Tour.with { tour in
            let (song, users) = (try tour.song(), try tour.users(["ben"]))
            try tour.at("ana", "edit", song, "title=One").done()
            try tour.sync("ana").done()
            #expect(try users[0].offbeat("sync").done().json()["result"] == "pulled")
            try users[0].offbeat("edit", song, "title=Two").done()
            try users[0].offbeat("sync").expectFailure(1, "read-only")
            // Root opens what others own.
            try tour.studio.run(["chown", "-R", "65534:65534", Word(tour.remote)]).done()
            try tour.at("ana", "edit", song, "bpm=120").done()
            #expect(try tour.sync("ana").done().json()["result"] == "pushed")
        }
    }

    // MARK: Locks

    @Test func theLockOfALaptopThatDiedIsBroken() throws {
        try Tour.with { tour in
            try tour.at("ana", "edit", tour.song(), "title=One").done()
            let lock = tour.remote.appending("refs/heads/main.lock")
            try FileSystem.write("", to: lock)
            let before = try tour.remoteHead()
            try tour.sync("ana", "--timeout", "1").expectFailure(75, "locked")
            #expect(try FileSystem.exists(lock) && tour.remoteHead() == before, "it is somebody's, as yet")
            try tour.studio.run(["touch", "-d", "11 minutes ago", Word(lock)]).done()
            #expect(try tour.sync("ana", "--timeout", "1").done().json()["result"] == "pushed")
            #expect(!FileSystem.exists(lock))
            try tour.sync("ben").done()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// Also by another, who has files to bring.
    @Test(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), arguments: [true, false])
    func theLockOfOneThatWasKilledHereIsClearedAtOnce(byAnother: Bool) throws {
        try Tour.with { tour in
            try tour.at("ana", "edit", tour.song(), "title=One").done()
            let stage = try Stage(tour.studio)
            let sync = try [Word(Scenarios.program()), "--store", Word(tour.store("ana")), "sync"]
            let lock = tour.remote.appending("refs/heads/main.lock")
            try stage.reset()
            let calls = try tour.studio.trace(sync).calls
            let move = calls.last { $0.name.hasPrefix("rename") && $0.subject.contains("main.lock") }
            let number = try #require(move?.number)
            try stage.reset()
            #expect(try tour.studio.trace(sync, disturbing: number).outcome.status == 137)
            #expect(FileSystem.exists(lock))
            if byAnother {
                let sound = try tour.studio.sound("more.wav", seed: 77)
                try tour.at("ben", "add", "--no-analyze", Word(sound)).done()
                #expect(try tour.sync("ben", "--timeout", "1").done().json()["result"] == "pushed")
            }
            let synced = try tour.sync("ana", "--timeout", "1").done().json()
            #expect(synced["result"]?.asString == (byAnother ? "merged" : "pushed"))
            for laptop in ["ana", "ben", "ana"] { try tour.sync(laptop).done() }
            try tour.expectTogether(["ana", "ben"])
        }
    }

    // MARK: Other kinds

    /// Nobody would find in their working tree what was pushed below it.
    @Test func aWorkingTreeIsNoRemote() throws {
        try Tour.with { tour in
            let tree = tour.studio.work.appending("tree")
            try tour.studio.git("clone", "-q", Word(tour.remote), Word(tree), in: tour.studio.work).done()
            for place in [tree, tree.appending(".git")] { try tour.expectRefusal(of: place, 4, "not-allowed") }
        }
    }

    @Test(arguments: ["objectFormat=sha256", "refStorage=reftable"])
    func anotherKindOfRepositoryIsRefused(_ kind: String) throws {
        try Tour.with { tour in
            let place = tour.studio.work.appending("other.git")
            try tour.studio.git("init", "-q", "--bare", Word(place), in: tour.studio.work).done()
            let (key, value) = (kind.prefix { $0 != "=" }, kind.drop { $0 != "=" }.dropFirst())
            try tour.studio.git("config", "core.repositoryFormatVersion", "1", in: place).done()
            try tour.studio.git("config", "extensions.\(key)", "\(value)", in: place).done()
            let outcome = try tour.expectRefusal(of: place, 4, "not-allowed")
            #expect(outcome.text.contains("\(value)"), "\(outcome)")
        }
    }

    // MARK: Clocks

    @Test(arguments: ["2020-01-01T00:00:00Z", "2027-12-01T00:00:00Z", "2099-01-01T00:00:00Z"])
    func aClockThatIsWrongStopsNobody(_ clock: String) throws {
        try Tour.with { tour in
            let (song, wrong) = (try tour.song(), ["OFFBEAT_NOW": clock])
            for round in 1...3 {
                try tour.studio.offbeat(
                    "--store", Word(tour.store("ben")), "edit", song, "title=ben \(round)", "+ben-\(round)",
                    adding: wrong
                ).done()
                try tour.at("ana", "edit", song, "+ana-\(round)").done()
                try tour.sync("ben", adding: wrong).done()
                try tour.sync("ana").done()
                // Who has seen the one edit writes a later one, whatever the clocks say.
                try tour.at("ana", "edit", song, "title=ana \(round)").done()
                try tour.sync("ana").done()
                try tour.sync("ben", adding: wrong).done()
                for laptop in ["ana", "ben"] {
                    let track = try tour.json(laptop, "show", song).done().json()
                    #expect(
                        track["title"]?.asString == "ana \(round)" && track["tags"]?.asArray?.count == 2 * round)
                }
                try tour.expectTogether(["ana", "ben"])
            }
        }
    }
}
