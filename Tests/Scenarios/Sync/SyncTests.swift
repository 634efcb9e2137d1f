import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// `sync` and `clone` as people use them: what comes, what goes, what is told.
@Suite(.waiting) struct SyncScenarios {
    @Test func twoLaptopsComeTogether() throws {
        try Tour.with { tour in
            let song = try tour.song()
            try tour.at("ana", "edit", song, "title=Night Train").done()
            try tour.at("ben", "edit", song, "bpm=120").done()
            let went = try tour.json("ana", "sync").done().json()
            #expect(went["result"] == "pushed" && went["pushed"] == 1 && went["pulled"] == 0)
            let before = try tour.head("ben")
            let merged = try tour.json("ben", "sync").done().json()
            #expect(merged["result"] == "merged" && merged["pulled"] == 1 && merged["conflicts"] == 0)
            #expect(merged["from"]?.asString == before)
            #expect(try merged["to"]?.asString == tour.head("ben"))
            #expect(merged["rounds"] == 1 && merged["remote"] == "origin" && merged["invalidated"] == ["picker"])
            let came = try tour.json("ana", "sync").done().json()
            #expect(came["result"] == "pulled")
            #expect(try tour.json("ana", "sync").done().json()["result"] == "up-to-date")
            let track = try tour.json("ana", "show", song).done().json()
            #expect(track["title"] == "Night Train" && track["bpm"]?.description == "120")
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func filesTravelWithTheirVersions() throws {
        try Tour.with { tour in
            let sound = try tour.studio.sound("new.wav", seed: 7, frames: 4000)
            try tour.at("ana", "add", "--no-analyze", Word(sound)).done()
            let went = try tour.json("ana", "sync").done().json()["files"]
            let size = Int64(try FileSystem.status(of: sound).size)
            #expect(went?["uploaded"] == 1 && went?["bytesUp"] == .integer(size))
            let came = try tour.json("ben", "sync").done().json()["files"]
            #expect(came?["downloaded"] == 1 && came?["bytesDown"] == .integer(size))
            #expect(try tour.at("ben", "cat", "new").done().out == FileSystem.read(sound))
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func aConflictIsToldOnceAndStaysResolved() throws {
        try Tour.with { tour in
            let song = try tour.song()
            try tour.at("ana", "edit", song, "title=by ana").done()
            try tour.at("ben", "edit", song, "title=by ben").done()
            try tour.at("ana", "sync").done()
            let merged = try tour.json("ben", "sync")
            #expect(merged.status == 5)
            #expect(try merged.json()["conflicts"] == 1)
            #expect(try tour.json("ana", "sync").status == 0, "who only takes the merge made no conflict")
            try tour.at("ana", "resolve", song, "title", "--take", "1").done()
            try tour.at("ana", "sync").done()
            try tour.at("ben", "sync").done()
            #expect(try tour.json("ben", "conflicts").done().json()["conflicts"] == [])
            #expect(try tour.json("ben", "show", song).done().json()["title"] == "by ana")
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func aDryRunTellsAndDoesNothing() throws {
        try Tour.with { tour in
            let song = try tour.song()
            try tour.at("ana", "edit", song, "title=by ana").done()
            try tour.at("ana", "sync").done()
            try tour.at("ben", "edit", song, "title=by ben").done()
            let before = try (tour.head("ben"), tour.remoteHead())
            let plan = try tour.json("ben", "sync", "--dry-run").done().json()
            #expect(plan["dryRun"] == true && plan["result"] == "merged" && plan["conflicts"] == 1)
            #expect(plan["pulled"] == 1 && plan["pushed"] == 2)
            #expect(try (tour.head("ben"), tour.remoteHead()) == before)
            #expect(try tour.json("ben", "sync").json()["to"] == plan["to"])
        }
    }

    // MARK: Status

    @Test func statusTellsHowItStands() throws {
        try Tour.with { tour in
            let song = try tour.song()
            func remote(_ laptop: String) throws -> JSON? {
                try tour.json(laptop, "status").done().json()["remote"]
            }
            #expect(try remote("ana")?["ahead"] == 0)
            try tour.at("ana", "edit", song, "title=One").done()
            let sound = try tour.studio.sound("new.wav", seed: 7)
            try tour.at("ana", "add", "--no-analyze", Word(sound)).done()
            let status = try tour.json("ana", "status").done().json()
            #expect(status["remote"]?["ahead"] == 2 && status["remote"]?["behind"] == 0)
            #expect(status["remote"]?["url"]?.asString == tour.remote.string)
            #expect(status["files"]?["toUpload"] == 1)
            #expect(status["files"]?["bytesToUpload"] == .integer(Int64(try FileSystem.status(of: sound).size)))
            #expect(Timestamp(status["remote"]?["lastSync"]?.asString ?? "") != nil)
            #expect(status["remote"]?["lastError"] == .null)
            let away = tour.studio.work.appending("away.git")
            try FileSystem.rename(tour.remote, to: away)
            try tour.json("ana", "sync").expectFailure(75, "offline")
            #expect(try remote("ana")?["lastError"]?.asString?.contains(tour.remote.string) == true)
            try FileSystem.rename(away, to: tour.remote)
            try tour.at("ana", "sync").done()
            #expect(try remote("ana")?["lastError"] == .null)
            #expect(try remote("ana")?["ahead"] == 0)
        }
    }

    @Test func aNewRemoteOfAnOldNameWasNeverSynced() throws {
        try Tour.with { tour in
            try tour.at("ana", "sync").done()
            try tour.at("ana", "remote", "rm", "origin").done()
            let other = tour.studio.work.appending("other.git")
            try tour.at("ana", "remote", "add", "origin", Word(other)).done()
            #expect(try tour.json("ana", "status").done().json()["remote"]?["lastSync"] == .null)
            #expect(try tour.json("ana", "status", "--max-age", "2h").status == 1)
        }
    }

    @Test func statusFailsWhenTheLastSyncWasTooLongAgo() throws {
        try Tour.with { tour in
            try tour.at("ana", "sync").done()
            #expect(try tour.json("ana", "status", "--max-age", "2h").status == 0)
            let late = try tour.studio.offbeat(
                "--json", "--store", Word(tour.store("ana")), "status", "--max-age", "2h",
                adding: ["OFFBEAT_NOW": "2099-01-01T00:00:00Z"])
            #expect(late.status == 1)
            #expect(try late.json()["tracks"] == 1, "the ordinary document")
            try tour.studio.offbeat("init", "alone", "--user", "eva").done()
            #expect(try tour.at("alone", "status", "--max-age", "2h").status == 1)
        }
    }

    // MARK: What stops it

    @Test func withoutARemoteItSaysHowToAddOne() throws {
        try Studio.withStore { studio in
            let outcome = try studio.json("sync")
            try outcome.expectFailure(2, "usage")
            #expect(try outcome.json()["error"]?["hint"]?.asString?.contains("offbeat remote add") == true)
        }
    }

    @Test func offlineIsQuietOnDemand() throws {
        try Tour.with { tour in
            try FileSystem.rename(tour.remote, to: tour.studio.work.appending("away.git"))
            let loud = try tour.at("ana", "sync")
            #expect(loud.status == 75 && loud.complaint.contains("\(tour.remote)"))
            let quiet = try tour.at("ana", "sync", "--quiet")
            #expect(quiet.status == 75 && quiet.out.isEmpty && quiet.err.isEmpty)
        }
    }

    @Test func theSecondOfTwoRoundsSaysWhoHasTheFirst() throws {
        try Tour.with { tour in
            let lock = tour.store("ana").appending("sync.lock")
            guard let held = try FileLock.acquire(lock, timeout: 1) else { throw Unexpected("the lock is taken") }
            try held.setNote(Array("process 4711 since yesterday\n".utf8))
            let second = try tour.json("ana", "sync")
            try second.expectFailure(75, "locked")
            #expect(try second.json()["error"]?["message"]?.asString?.contains("process 4711") == true)
            _ = consume held
        }
    }

    @Test func roundsOfOneStoreAtOnceAllSucceed() throws {
        try Tour.with { tour in
            let song = try tour.song()
            try tour.at("ana", "edit", song, "title=One").done()
            let running = try (0..<6).map { _ in try tour.start("ana", "sync") }
            for run in running { try run.outcome().done() }
            try tour.at("ben", "sync").done()
            try tour.expectTogether(["ana", "ben"])
        }
    }

    // MARK: Watching

    @Test func watchingSyncsAfterEachChange() throws {
        try Tour.with { tour in
            let song = try tour.song()
            let watcher = try tour.start("ana", "sync", "--watch", "--interval", "3600")
            let first = try tour.remoteHead()
            // The first round is over when it is remembered.
            try eventually { try tour.json("ana", "status").done().json()["remote"]?["lastSync"] != .null }
            try tour.at("ana", "edit", song, "title=Watched").done()
            try eventually { try tour.remoteHead() != first }
            watcher.child.interrupt()
            let outcome = try watcher.outcome()
            #expect(outcome.status == 130)
            let documents = try outcome.text.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }
            #expect(documents.last?["result"] == "pushed" && documents.count >= 2)
        }
    }

    @Test func watchingWaitsForARemoteThatIsAway() throws {
        try Tour.with { tour in
            let away = tour.studio.work.appending("away.git")
            try FileSystem.rename(tour.remote, to: away)
            let song = try tour.song()
            try tour.at("ana", "edit", song, "title=Offline").done()
            let watcher = try tour.start("ana", "sync", "--watch", "--interval", "1")
            try eventually { try tour.json("ana", "status").done().json()["remote"]?["lastError"] != .null }
            try FileSystem.rename(away, to: tour.remote)
            try eventually { try tour.remoteHead() == tour.head("ana") }
            watcher.child.interrupt()
            let outcome = try watcher.outcome()
            #expect(outcome.status == 130 && outcome.text.contains("\"offline\""))
        }
    }
}
