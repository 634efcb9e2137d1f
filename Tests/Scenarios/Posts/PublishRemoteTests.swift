import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// The remote decides who publishes: while it cannot be asked nothing goes out, and afterwards it does.
@Suite struct PublishRemoteTests {
    @Test func aRemoteOutOfReach() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let away = band.studio.work.appending("away.git")
            for round in 0..<2 {
                try FileSystem.rename(band.tour.remote, to: away)
                for laptop in ["ana", "ben"] {
                    let head = try band.tour.head(laptop)
                    try band.publishDue(laptop, minute: 2 * round).expectFailure(75, "offline")
                    try band.at(laptop, minute: 2 * round, "publish", id).expectFailure(75, "offline")
                    #expect(try band.tour.head(laptop) == head)
                }
                // Where nothing is due nobody has to be asked.
                try band.publishDue("ana", minute: -1).done()
                try FileSystem.rename(away, to: band.tour.remote)
                if round == 0 { try Self.publishAnother(band) }
            }
            #expect(try band.texts() == ["Other"])
            try band.publishDue("ben", minute: 5).done()
            #expect(try band.texts() == ["Other", "News"])
            try band.expectEnd("published", of: [id], minute: 6)
        }
    }

    /// So the remote is known to decide from then on.
    private static func publishAnother(_ band: Band) throws {
        let other = try band.approved("Other")
        try band.at("ana", minute: -30, "publish", other).done()
    }

    /// Its folder is gone while the post is with the program: what came of it is here, and arrives later.
    @Test func aRemoteThatIsGoneDuringTheHandOff() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let away = band.studio.work.appending("away.git")
            try band.receive(.after, "mv '\(band.tour.remote)' '\(away)'")
            let outcome = try band.publishDue("ana", minute: 0).done()
            #expect(try outcome.told("published").count == 1)
            try band.receive(.after, nil)
            try band.publishDue("ana", minute: 1).done()
            try FileSystem.rename(away, to: band.tour.remote)
            try #expect(band.publishDue("ben", minute: 2).told("lost").count == 1)
            try band.at("ana", minute: 3, "sync").done()
            #expect(try band.claims() == [])
            try band.publishDue("ben", minute: 30).done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 31)
        }
    }

    /// The other laptop asks before the first has come back to say that it is out.
    @Test func whatArrivesAfterSomebodyAsked() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let away = band.studio.work.appending("away.git")
            try band.receive(.after, "mv '\(band.tour.remote)' '\(away)'")
            try band.publishDue("ana", minute: 0).done()
            try band.receive(.after, nil)
            try FileSystem.rename(away, to: band.tour.remote)
            #expect(try band.publishDue("ben", minute: 20).told("attention").count == 1)
            try band.at("ben", minute: 20, "sync").done()
            try band.at("ana", minute: 21, "sync").done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 22)
        }
    }

    // MARK: Remotes that do not let us

    @Test func aRemoteWithAFileInTheWay() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let place = band.tour.remote.appending("refs/offbeat")
            try FileSystem.write("no folder\n", to: place)
            let outcome = try band.publishDue("ana", minute: 0)
            #expect(![0, 75, 70, 139].contains(outcome.status), "\(outcome)")
            let message = try outcome.json()["error"]?["message"]?.asString ?? ""
            #expect(message.contains("refs/offbeat"), "\(outcome)")
            #expect(try band.texts() == [] && band.state(id) == "scheduled")
            try FileSystem.remove(place)
            try band.publishDue("ana", minute: 1).done()
            try band.expectEnd("published", of: [id], minute: 2)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can be several users"))
    func aRemoteThatMayNotBeWritten() throws {
        try Band.with { band in
            let id = try band.sharedPost("News")
            let ben = try band.tour.users(["ben"])[0]
            let version = try ben.offbeat("status").done().json()["version"]
            for _ in 0..<2 {
                try ben.offbeat("publish", id).expectFailure(1, "read-only")
                #expect(try ben.offbeat("status").done().json()["version"] == version)
                // Also where somebody has published before, and so the remote is known to decide.
                try band.at("ana", minute: 0, "publish", band.approved("Other")).done()
            }
            #expect(try band.texts() == ["Other", "Other"] && band.claims() == [])
        }
    }

    /// A reference that says nothing stands in the way until a person has looked.
    @Test func aClaimThatCannotBeRead() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let names = band.receiver.appending("names")
            let list = "git -C '\(band.tour.remote)' for-each-ref --format='%(refname)' refs/offbeat/claims"
            try band.receive(.before, "\(list) >'\(names)'; exit 75")
            _ = try band.publishDue("ana", minute: 0)
            try band.receive(.before, nil)
            let name = String(decoding: try FileSystem.read(names), as: UTF8.self).split(separator: "\n")[0]
            let garbage = band.studio.work.appending("garbage")
            try FileSystem.write("garbage\n", to: garbage)
            let blob = try band.studio.git("hash-object", "-w", Word(garbage), in: band.tour.remote).done().line
            try band.studio.git("update-ref", "\(name)", "\(blob)", in: band.tour.remote).done()
            for laptop in ["ana", "ben"] {
                let outcome = try band.publishDue(laptop, minute: 20)
                try outcome.expectFailure(6, "damaged")
                #expect(outcome.text.contains("\(name)"), "\(outcome)")
            }
            #expect(try band.texts() == [])
            try band.at("ana", minute: 21, "sync").done()
            try band.studio.git("update-ref", "-d", "\(name)", in: band.tour.remote).done()
            try band.publishDue("ben", minute: 22).done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 23)
        }
    }

    /// What git does to references and to what nothing names is nothing to a claim.
    @Test func aRemoteThatGitTidiesUp() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let tidy =
                "git -C '\(band.tour.remote)' pack-refs --all && git -C '\(band.tour.remote)' gc -q --prune=now"
            try band.receive(.after, "(\(tidy)) >&2 && kill -9 $PPID")
            #expect(try band.publishDue("ana", minute: 0).status == 137)
            try band.receive(.after, nil)
            #expect(try band.publishDue("ben", minute: 1).told("lost").count == 1)
            #expect(try band.publishDue("ben", minute: 20).told("attention").count == 1)
            #expect(try band.texts() == ["News"])
            try band.at("ana", minute: 21, "sync").done()
            try band.publishDue("ana", minute: 21).done()
            try band.at("ana", minute: 22, "post", "settle", id, "--sent", "https://example.org/1").done()
            try band.expectEnd("published", of: [id], minute: 23)
        }
    }

    // MARK: Without one

    @Test func aStoreDecidesUntilItHasARemote() throws {
        try Band.with { band in
            try band.at("ana", "remote", "rm", "origin").done()
            let first = try band.approved("one", at: 0)
            let outcomes = try (0..<2).map { _ in try band.start("ana", minute: 0, "publish", "--due") }
                .map { try $0.outcome().done() }
            #expect(try outcomes.flatMap { try $0.told("published") }.count == 1 && band.texts() == ["one"])
            #expect(try band.claims(at: band.tour.store("ana")) == [])
            let second = try band.approved("two", at: 1)
            try band.at("ana", "remote", "add", "origin", Word(band.tour.remote)).done()
            for laptop in ["ana", "ben", "ana"] { try band.at(laptop, "sync").done() }
            let running = try ["ben", "ana"].map { try band.start($0, minute: 1, "publish", "--due") }
            for run in running { try run.outcome().done() }
            #expect(try band.texts() == ["one", "two"])
            let third = try band.sharedPost("three", at: 2)
            try #expect(band.publishDue("ben", minute: 2).done().told("published").count == 1)
            try band.publishDue("ana", minute: 2).done()
            #expect(try band.texts() == ["one", "two", "three"])
            try band.expectEnd("published", of: [first, second, third], minute: 3)
        }
    }

    /// Cut off while it lets the remote decide, a store goes on with that.
    @Test(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), arguments: [0, 1, 2, 4, 8])
    func aMoveThatWasCutOff(later: Int) throws {
        try Band.with { band in
            try band.at("ana", "remote", "rm", "origin").done()
            try band.at("ana", "publish", band.approved("one")).done()
            let id = try band.approved("two", at: 0)
            try band.at("ana", "remote", "add", "origin", Word(band.tour.remote)).done()
            let stage = try Stage(band.studio)
            let sync = try [Word(Scenarios.program()), "--store", Word(band.tour.store("ana")), "sync"]
            try stage.reset()
            let calls = try band.studio.trace(sync, adding: band.time(-60)).calls
            let found = calls.last { $0.name.hasPrefix("rename") && $0.subject.contains("arbiter-moved") }
            let number = try #require(found?.number)
            try stage.reset()
            let run = try band.studio.trace(sync, disturbing: number + later, adding: band.time(-60))
            #expect(run.outcome.status == 137)
            try band.publishDue("ana", minute: 0).done()
            try band.syncAll(minute: 1)
            try band.publishDue("ben", minute: 1).done()
            #expect(try band.texts() == ["one", "two"])
            try band.expectEnd("published", of: [id], minute: 2)
        }
    }

    /// A claim that was made before the remote took over is not forgotten.
    @Test(arguments: [true, false]) func aHandOffFromBeforeTheRemote(haveOthersPublished: Bool) throws {
        try Band.with { band in
            try band.at("ana", "remote", "rm", "origin").done()
            if haveOthersPublished {
                let other = try band.pending("other", on: "ben")
                try band.at("ben", "post", "approve", other).done()
                try band.at("ben", "publish", other).done()
                try band.forgetReceived()
            }
            let id = try band.approved("one", at: 0)
            try band.receive(.after, "kill -9 $PPID")
            #expect(try band.publishDue("ana", minute: 0).status == 137)
            try band.receive(.after, nil)
            try band.at("ana", "remote", "add", "origin", Word(band.tour.remote)).done()
            for laptop in ["ana", "ben"] { try band.at(laptop, minute: 1, "sync").done() }
            _ = try band.publishDue("ben", minute: 1)
            _ = try band.publishDue("ana", minute: 2)
            #expect(try band.texts() == ["one"])
            try band.expectEnd("needs-attention", of: [id], minute: 3)
        }
    }
}
