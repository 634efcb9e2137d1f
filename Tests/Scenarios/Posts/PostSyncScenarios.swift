import Catalog
import Files
import TestSupport
import Testing

/// Posts on two laptops that sync now and then.
@Suite struct PostSyncScenarios {
    /// Ana owns a workspace and approves; Ben writes, and has handed a post in. Both hold it.
    private static func withPending(_ body: (Tour, Word) throws -> Void) throws {
        try Tour.with { tour in
            try tour.at("ana", "workspace", "add", "band", "--zone", "UTC").done()
            try tour.at("ana", "workspace", "member", "add", "band", "ben", "--role", "approver").done()
            try tour.at("ana", "user", "add", "cara").done()
            try tour.at("ana", "workspace", "member", "add", "band", "cara", "--role", "editor").done()
            try sync(tour, "ana", "ben")
            let image = tour.studio.work.appending("cover.png")
            try FileSystem.write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4], to: image)
            let made = try tour.json(
                "ben", "--user", "cara", "post", "new", "-w", "band", "--title", "News", "--track", tour.song(),
                "--image", Word(image), "--submit", "Out now"
            ).done().json()
            try sync(tour, "ben", "ana")
            try body(tour, Word(try #require(made["id"]?.asString)))
        }
    }

    private static func sync(_ tour: Tour, _ laptops: String...) throws {
        for laptop in laptops { try tour.at(laptop, "sync").done() }
    }

    private static func state(_ tour: Tour, _ id: Word) throws -> String? {
        let states = try ["ana", "ben"].map { laptop in
            try tour.json(laptop, "post", "show", id).done().json()["state"]?.asString
        }
        #expect(states[0] == states[1])
        return states[0]
    }

    @Test func anEditOnTheOtherLaptopVoidsTheApproval() throws {
        try Self.withPending { tour, id in
            #expect(try tour.json("ana", "post", "approve", id).done().json()["state"] == "approved")
            try tour.at("ben", "--user", "cara", "post", "edit", id, "text=Out today").done()
            try Self.sync(tour, "ana", "ben", "ana")
            #expect(try Self.state(tour, id) == "pending")
            #expect(try tour.json("ana", "status").done().json()["waiting"] == 1)
            try tour.at("ana", "post", "approve", id).done()
            try tour.at("ben", "edit", tour.song(), "title=Another").done()
            try Self.sync(tour, "ben", "ana", "ben")
            #expect(try Self.state(tour, id) == "pending", "the track's title is part of it")
            try tour.at("ben", "post", "approve", id).done()
            try Self.sync(tour, "ben", "ana")
            #expect(try Self.state(tour, id) == "approved")
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func aRejectionBeatsAnApprovalThatHadNotSeenIt() throws {
        try Self.withPending { tour, id in
            try tour.at("ana", "post", "reject", id, "--note", "not yet").done()
            try tour.at("ben", "post", "approve", id).done()
            try Self.sync(tour, "ben", "ana", "ben")
            #expect(try Self.state(tour, id) == "rejected")
            let shown = try tour.json("ben", "post", "show", id).done().json()
            let decisions = shown["decisions"]?.asArray ?? []
            #expect(decisions.first { $0["kind"] == "approved" }?["valid"] == false)
            #expect(decisions.first { $0["kind"] == "rejected" }?["valid"] == true)
            try tour.at("ben", "--user", "cara", "post", "edit", id, "text=Better").done()
            try tour.at("ben", "--user", "cara", "post", "submit", id).done()
            try tour.at("ben", "post", "approve", id).done()
            try Self.sync(tour, "ben", "ana")
            #expect(try Self.state(tour, id) == "approved")
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func oneFieldDecidedTwiceWaitsForAPersonAndMayBeResolved() throws {
        try Self.withPending { tour, id in
            try tour.at("ana", "post", "edit", id, "title=by ana").done()
            try tour.at("ben", "post", "edit", id, "title=by ben").done()
            try tour.at("ben", "post", "approve", id).done()
            try Self.sync(tour, "ana")
            #expect(try tour.at("ben", "sync").status == 5)
            try Self.sync(tour, "ana")
            let waiting = try tour.json("ana", "conflicts").done().json()["conflicts"]?.asArray ?? []
            #expect(waiting.count == 1 && waiting[0]["kind"] == "post" && waiting[0]["field"] == "title")
            #expect(try Self.state(tour, id) == "approved", "what stands is what Ben approved")
            try tour.at("ana", "resolve", id, "title", "--take", "1").done()
            try Self.sync(tour, "ana", "ben")
            #expect(try tour.json("ben", "post", "show", id).done().json()["title"] == "by ana")
            #expect(try Self.state(tour, id) == "pending")
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func oneSlugOnTwoLaptopsIsAmbiguousAndBothStay() throws {
        try Tour.with { tour in
            let ids = try ["ana", "ben"].map { laptop -> String in
                let made = try tour.json(laptop, "workspace", "add", "crew").done().json()
                return try #require(made["id"]?.asString)
            }
            try tour.at("ana", "sync").done()
            try tour.at("ben", "sync").done()
            try tour.at("ana", "sync").done()
            // Each sees their own alone.
            try tour.at("ana", "workspace", "member", "add", "crew", "ben", "--role", "viewer").done()
            try tour.at("ana", "sync").done()
            try tour.at("ben", "sync").done()
            let refusal = try tour.json("ben", "post", "new", "-w", "crew", "x")
            try refusal.expectFailure(3, "ambiguous")
            for id in ids { #expect(refusal.text.contains(id)) }
            try tour.at("ben", "post", "new", "-w", Word(ids[1]), "x").done()
        }
    }
}
