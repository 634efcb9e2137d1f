import Catalog
import Files
import TestSupport
import Testing

/// What is off when a post is due: nothing goes out that was not approved so, and what could not go out goes out later.
@Suite struct PublishTroubleTests {
    // MARK: Time

    @Test func whatIsLongPastIsAskedAbout() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            for laptop in ["ana", "ben"] {
                let outcome = try band.publishDue(laptop, minute: 61)
                let isFirst = laptop == "ana"
                #expect(outcome.status == (isFirst ? 1 : 0), "\(outcome)")
                #expect(try outcome.told("attention").count == (isFirst ? 1 : 0), "\(outcome)")
            }
            #expect(try band.texts() == [] && band.state(id) == "needs-attention")
            let shown = try band.post(id, minute: 61)["decisions"]?.asArray?.last
            #expect(shown?["note"]?.asString?.contains("2031-01-01T12:00:00.000Z") == true, "\(shown ?? .null)")
            let rescheduled = try band.at(
                "ben", minute: 62, "post", "schedule", id, "--at", Word(Band.clock(120))
            ).done().json()
            #expect(rescheduled["state"] == "scheduled")
            try band.syncAll(minute: 62)
            try band.publishDue("ana", minute: 119).done()
            #expect(try band.texts() == [])
            try band.publishDue("ana", minute: 120).done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 121)
        }
    }

    @Test func latenessIsTheWorkspaces() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            try band.at("ana", "workspace", "edit", "band", "lateness=PT5M").done()
            #expect(try band.publishDue("ana", minute: 6).told("attention").count == 1)
            #expect(try band.texts() == [])
            try band.at("ana", minute: 7, "post", "settle", id, "--not-sent").done()
            #expect(try band.state(id) == "approved", "its time is past")
            try band.at("ana", minute: 8, "publish", id).done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 9)
        }
    }

    // MARK: Several minds

    @Test func aRejectionElsewhereStopsIt() throws {
        try Band.with { band in
            let id = try band.pending("News", at: 0)
            try band.syncAll(minute: -60)
            try band.at("ana", "post", "approve", id).done()
            try band.at("ben", "post", "reject", id, "--note", "no").done()
            try band.at("ben", "sync").done()
            let outcome = try band.publishDue("ana", minute: 0).done()
            #expect(try outcome.told("published") == [], "\(outcome)")
            _ = try band.publishDue("ben", minute: 0).done()
            #expect(try band.texts() == [])
            try band.expectEnd("rejected", of: [id], minute: 1)
        }
    }

    /// Who publishes a post by its name sees the same.
    @Test func anEditElsewhereStopsIt() throws {
        try Band.with { band in
            let id = try band.sharedPost("as approved", at: 0)
            try band.at("ben", "--user", "cara", "post", "edit", id, "text=unseen").done()
            try band.at("ben", "sync").done()
            #expect(try band.publishDue("ana", minute: 0).done().told("published") == [])
            try band.at("ana", "sync").done()
            try band.at("ana", minute: 0, "publish", id).expectFailure(4, "wrong-state")
            #expect(try band.texts() == [] && band.claims() == [])
            try band.at("ben", minute: 1, "post", "approve", id).done()
            try band.syncAll(minute: 1)
            try band.publishDue("ana", minute: 2).done()
            #expect(try band.texts() == ["unseen"])
            try band.expectEnd("published", of: [id], minute: 3)
        }
    }

    /// Whatever comes first, what goes out is what was approved.
    @Test func anEditRacesThePublishing() throws {
        try Band.with { band in
            var (chance, out) = (SeededRandom(), 0)
            for round in 0..<8 {
                let id = try band.sharedPost("approved \(round)", at: round)
                try band.at("ben", "--user", "cara", "post", "edit", id, "text=unseen \(round)").done()
                let sync = try band.start("ben", minute: round, "sync")
                SystemClock.sleep(seconds: Double.random(in: 0...0.2, using: &chance))
                try band.publishDue("ana", minute: round).done()
                _ = try sync.outcome()
                try band.publishDue("ben", minute: round).done()
                try band.syncAll(minute: round)
                let (texts, state) = try (band.texts(), band.state(id))
                #expect(!texts.contains("unseen \(round)"), "\(chance)")
                let isOut = texts.contains("approved \(round)")
                #expect(state == (isOut ? "published" : "pending"), "\(chance)")
                if isOut { out += 1 }
                #expect(try band.texts().count == out)
            }
            #expect(try band.claims() == [])
        }
    }

    @Test func aTrackIsDeletedUnderItsPost() throws {
        try Band.with { band in
            let song = try band.tour.song()
            let id = try band.pending("News", at: 0, "--track", song)
            try band.at("ana", "post", "approve", id).done()
            try band.syncAll(minute: -60)
            try band.at("ben", "rm", song).done()
            try band.at("ben", "sync").done()
            #expect(try band.publishDue("ana", minute: 0).done().told("published") == [])
            #expect(try band.texts() == [] && band.claims() == [])
            try band.expectEnd("pending", of: [id], minute: 1)
            // Approved without its track it says so, instead of going out without.
            try band.at("ana", minute: 1, "post", "approve", id).expectOneOf([0, 4])
            _ = try band.publishDue("ana", minute: 2)
            #expect(try band.texts() == [])
            try band.at("ana", minute: 3, "post", "edit", id, "track=").done()
            try band.at("ana", minute: 3, "post", "approve", id).done()
            try band.publishDue("ana", minute: 4).done()
            #expect(try band.texts() == ["News"])
        }
    }

    @Test func aTextOfAMegabyteIsRefused() throws {
        try Band.with { band in
            let head = try band.tour.head("ana")
            let long = band.studio.work.appending("long.txt")
            try FileSystem.write(String(repeating: "x", count: 1 << 20), to: long)
            let call: [Word] = [
                Word(try Scenarios.program()), "--json", "--store", Word(band.tour.store("ana")), "post", "new",
                "-w", "band", "--submit", "-",
            ]
            try band.studio.run(call, adding: band.time(0), stdin: .file(long)).expectFailure(4, "over-limit")
            #expect(try band.tour.head("ana") == head)
        }
    }

    // MARK: The program

    @Test func whatTheProgramRefusesHasFailed() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            try band.receive(.after, "echo 'no such account' >&2; exit 1")
            let outcome = try band.publishDue("ana", minute: 0)
            #expect(outcome.status == 1)
            let failed = try #require(try outcome.told("failed").first)
            #expect(failed["state"] == "failed" && failed["target"] == "command")
            #expect(failed["reason"]?.asString?.contains("no such account") == true, "\(failed)")
            for laptop in ["ana", "ben"] { try band.publishDue(laptop, minute: 1).done() }
            #expect(try band.texts().count == 1, "by itself it is not tried again")
            try band.receive(.after, "echo https://example.org/1")
            let again = try band.at("ben", minute: 2, "publish", id).done()
            #expect(try again.told("published").first?["links"]?["command"] == "https://example.org/1")
            let received = try band.received()
            #expect(received.count == 2 && received[0]["key"] == received[1]["key"])
            try band.expectEnd("published", of: [id], minute: 3)
            let decisions = try band.post(id, minute: 3)["decisions"]?.asArray ?? []
            #expect(decisions.suffix(2).map { $0["kind"] } == ["failed", "published"])
            #expect(decisions.suffix(2).map { $0["attempt"] } == [1, 2], "\(decisions)")
        }
    }

    @Test func whatTheProgramPutsOffIsTriedAgain() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            try band.receive(.before, "exit 75")
            for minute in 0..<3 {
                let outcome = try band.publishDue("ana", minute: minute)
                #expect(outcome.status == 1, "\(outcome)")
                #expect(try outcome.told("failed").first?["state"] == "scheduled", "\(outcome)")
                #expect(try band.claims() == [])
            }
            try band.receive(.before, nil)
            try band.publishDue("ben", minute: 4).done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 5)
        }
    }

    @Test func aProgramThatIsKilledIsAskedAbout() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            try band.receive(.after, "kill -9 $$")
            let outcome = try band.publishDue("ana", minute: 0)
            #expect(try outcome.status == 1 && outcome.told("attention").count == 1, "\(outcome)")
            try band.receive(.after, nil)
            for laptop in ["ana", "ben"] { try band.publishDue(laptop, minute: 20).done() }
            #expect(try band.texts() == ["News"])
            try band.expectEnd("needs-attention", of: [id], minute: 21)
        }
    }

    /// Where no program is named, others still may.
    @Test(arguments: [true, false]) func aLaptopThatCannot(isNamed: Bool) throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            let file = band.tour.store("ana").appending("publishing/targets.json")
            if isNamed {
                try band.at("ana", "workspace", "target", "band", "command", "--", "/nowhere/post-it").done()
            } else {
                try FileSystem.remove(file)
            }
            let outcome = try band.publishDue("ana", minute: 0)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try outcome.told("failed").first?["state"] == "scheduled", "\(outcome)")
            #expect(try band.claims() == [])
            try band.publishDue("ben", minute: 1).done()
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 2)
        }
    }
}
