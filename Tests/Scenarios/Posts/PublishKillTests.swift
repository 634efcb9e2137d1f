import Catalog
import Files
import TestSupport
import Testing

/// Who publishes is killed on the way: nothing goes out twice, and what nobody can know is asked of a person.
@Suite struct PublishKillTests {
    /// Has the receiving program kill `offbeat` before it notes what it got, or after; answers the post.
    private static func killed(_ moment: Band.Moment, _ band: Band, isNamed: Bool = false) throws -> Word {
        let id = try band.sharedPost("News", at: 0)
        try band.receive(moment, "kill -9 $PPID")
        let outcome = try band.at("ana", minute: 0, "publish", isNamed ? id : "--due")
        #expect(outcome.status == 137, "\(outcome)")
        try band.receive(moment, nil)
        #expect(try band.claims().count == 1, "nobody else may try")
        // The program may outlive it.
        for _ in 0..<200 where try band.texts().isEmpty && moment == .before { SystemClock.sleep(seconds: 0.01) }
        #expect(try band.texts() == ["News"])
        return id
    }

    /// What is said of one post, by whom.
    private static func expect(
        _ outcome: Outcome, _ key: String, of id: Word, status: Int32,
        location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.status == status, "\(outcome)", sourceLocation: location)
        let told = try outcome.told(key)
        #expect(told.map { $0["id"]?.asString } == [id.description], "\(outcome)", sourceLocation: location)
    }

    @Test(arguments: [Band.Moment.before, .after]) func theSameLaptopAsksWhatBecameOfIt(
        _ moment: Band.Moment
    ) throws {
        try Band.with { band in
            let id = try Self.killed(moment, band)
            #expect(try band.state(id, on: "ana") == "scheduled")
            _ = try band.publishDue("ana", minute: 1)
            #expect(try band.state(id, on: "ana") == "needs-attention")
            for laptop in ["ben", "ana", "ben"] { _ = try band.publishDue(laptop, minute: 30) }
            #expect(try band.texts() == ["News"])
            try band.expectEnd("needs-attention", of: [id], minute: 31)
            try band.at("ben", minute: 32, "post", "settle", id, "--sent", "https://example.org/1").done()
            try band.expectEnd("published", of: [id], minute: 33)
            let links = try band.post(id, on: "ana", minute: 34)["links"]
            #expect(links?["command"] == "https://example.org/1")
        }
    }

    @Test func anotherLaptopWaitsForTheClaimToBeOver() throws {
        try Band.with { band in
            let id = try Self.killed(.after, band)
            for minute in [1, 9] {
                let outcome = try band.publishDue("ben", minute: minute)
                try Self.expect(outcome, "lost", of: id, status: 0)
                #expect(outcome.text.contains("ana"))
                #expect(try band.at("ben", minute: minute, "publish", id).status == 75)
            }
            let outcome = try band.publishDue("ben", minute: 11)
            try Self.expect(outcome, "attention", of: id, status: 1)
            #expect(try band.state(id, on: "ben") == "needs-attention")
            try band.at("ben", minute: 12, "publish", id).expectFailure(4, "wrong-state")
            #expect(try band.texts() == ["News"])
            // The laptop that was killed comes back.
            _ = try band.publishDue("ana", minute: 20)
            #expect(try band.texts() == ["News"])
            try band.expectEnd("needs-attention", of: [id], minute: 21)
        }
    }

    @Test func whatWasNotSentGoesOutOnceItIsSaid() throws {
        try Band.with { band in
            let id = try Self.killed(.before, band)
            _ = try band.publishDue("ben", minute: 11)
            try band.forgetReceived()
            let settled = try band.at("ben", minute: 12, "post", "settle", id, "--not-sent").done().json()
            #expect(settled["state"] == "scheduled")
            try band.syncAll(minute: 12)
            let outcomes = try ["ana", "ben"].map { try band.publishDue($0, minute: 13) }
            #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes)")
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 14)
        }
    }

    /// Kills Ana's `publish --due` at one of the calls that rename what is called so.
    private static func kill(_ band: Band, atRenameOf name: String, number: Int) throws {
        let stage = try Stage(band.studio)
        try stage.reset()
        let publish = try [Word(Scenarios.program()), "--store", Word(band.tour.store("ana")), "publish", "--due"]
        let calls = try band.studio.trace(publish, adding: band.time(0)).calls.filter {
            $0.name.hasPrefix("rename") && $0.subject.contains(name)
        }
        try #require(calls.count > number, "\(calls)")
        try stage.reset()
        try band.forgetReceived()
        let run = try band.studio.trace(publish, disturbing: calls[number].number, adding: band.time(0))
        #expect(try run.outcome.status == 137 && band.texts() == [])
    }

    /// Cut off before it handed anything over, a laptop knows that, and answers who has asked meanwhile.
    @Test(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"))
    func aLaptopThatKnowsThatNothingWasSent() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            // The first note is that a claim is about to be made, the second that the post is about to be handed over.
            try Self.kill(band, atRenameOf: "publishing/open/", number: 1)
            #expect(try band.claims().count == 1)
            try Self.expect(band.publishDue("ben", minute: 20), "attention", of: id, status: 1)
            try Self.expect(band.publishDue("ana", minute: 21), "published", of: id, status: 0)
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 22)
        }
    }

    /// The lock of a claim that never came about keeps nobody of this computer waiting.
    @Test(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"))
    func aLockThatTheDeadLeftAtTheRemote() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            try Self.kill(band, atRenameOf: "refs/offbeat/claims/", number: 0)
            #expect(try band.claims() == [])
            try Self.expect(band.publishDue("ben", minute: 1), "published", of: id, status: 0)
            #expect(try band.texts() == ["News"])
            try band.expectEnd("published", of: [id], minute: 2)
        }
    }

    /// Without what it remembers a laptop is as any other.
    @Test(arguments: [Band.Moment.before, .after]) func aLaptopThatHasLostItsJournal(_ moment: Band.Moment) throws {
        try Band.with { band in
            let id = try Self.killed(moment, band)
            for name in ["open", "closed"] {
                try FileSystem.removeTree(band.tour.store("ana").appending("publishing").appending(FilePath(name)))
            }
            try Self.expect(band.publishDue("ana", minute: 1), "lost", of: id, status: 0)
            try Self.expect(band.publishDue("ana", minute: 20), "attention", of: id, status: 1)
            #expect(try band.texts() == ["News"])
            try band.expectEnd("needs-attention", of: [id], minute: 21)
        }
    }

    /// A person who names it is not asked to wait either: nothing is handed over before somebody has said what happened.
    @Test func namingItChangesNothing() throws {
        try Band.with { band in
            let id = try Self.killed(.after, band, isNamed: true)
            try band.at("ana", minute: 1, "publish", id).expectOneOf([1, 4, 75])
            try band.at("ana", minute: 2, "publish", id).expectFailure(4, "wrong-state")
            #expect(try band.texts() == ["News"])
            try band.expectEnd("needs-attention", of: [id], minute: 3)
        }
    }

    /// Ctrl-C while the program has it.
    @Test func anInterruptionDuringTheHandOff() throws {
        try Band.with { band in
            let id = try band.sharedPost("News", at: 0)
            try band.receive(.after, "sleep 60")
            let run = try band.start("ana", minute: 0, "publish", "--due")
            for _ in 0..<1_000 where try band.texts().isEmpty { SystemClock.sleep(seconds: 0.01) }
            let watch = Stopwatch()
            run.child.interrupt()
            let outcome = try run.outcome(timeout: 30)
            #expect(watch.seconds < 10, "it does not wait for the program")
            #expect([1, 130, 143].contains(outcome.status), "\(outcome)")
            try band.receive(.after, nil)
            _ = try band.publishDue("ana", minute: 1)
            _ = try band.publishDue("ben", minute: 20)
            #expect(try band.texts() == ["News"])
            try band.expectEnd("needs-attention", of: [id], minute: 21)
        }
    }
}

extension Outcome {
    func expectOneOf(_ statuses: [Int32], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(statuses.contains(status), "\(self)", sourceLocation: sourceLocation)
    }
}
