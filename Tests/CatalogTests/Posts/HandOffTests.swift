import Catalog
import TestSupport
import Testing

/// What is said of attempts to bring a post out, and what follows from it.
@Suite struct HandOffTests {
    private static func bench(
        _ state: PostState = .scheduled, targets: [TargetKind] = [.feed]
    ) throws -> PostBench {
        var bench = try PostBench()
        for target in targets {
            try bench.workspace.add(target.rawValue, to: "targets", at: Samples.stamp(1_500))
        }
        try bench.bring(to: state)
        return bench
    }

    @Test func onlyHandingOverEndsInPublished() throws {
        var bench = try Self.bench()
        #expect(bench.review.isToGoOut && bench.review.remainingTargets == ["feed"])
        try bench.decide(.published, attempt: 1, at: "feed")
        #expect(bench.state == .published && !bench.review.isToGoOut && bench.review.remainingTargets.isEmpty)
    }

    @Test func whatFailedIsTriedAgainUnderTheNextNumber() throws {
        var bench = try Self.bench()
        #expect(bench.post.handOffs.next(at: "feed") == 1)
        try bench.decide(.failed, attempt: 1, at: "feed")
        #expect(bench.state == .failed && !bench.review.isToGoOut)
        #expect(bench.post.handOffs.next(at: "feed") == 2 && bench.post.handOffs.next(at: "http") == 1)
        try bench.decide(.failed, attempt: 2, at: "feed")
        #expect(bench.post.handOffs.next(at: "feed") == 3)
        #expect(bench.review.decisions.filter { $0.decision.kind == .failed }.map(\.isValid) == [false, true])
        try bench.decide(.published, attempt: 3, at: "feed")
        #expect(bench.state == .published)
    }

    @Test func anotherTimeIsAnotherChanceForWhatFailed() throws {
        var bench = try Self.bench()
        let failed = try bench.decide(.failed, attempt: 1, at: "feed")
        try bench.setTime("2027-02-01T00:00:00")
        #expect(bench.state == .failed, "a time alone says nothing of the failure")
        try bench.decide(.scheduled, saw: [])
        #expect(bench.state == .failed, "who set that time did not know of it")
        try bench.decide(.scheduled, saw: [failed])
        #expect(bench.state == .scheduled)
    }

    @Test func aFailureSpeaksOfItsContentAlone() throws {
        var bench = try Self.bench()
        try bench.decide(.failed, attempt: 1, at: "feed")
        try bench.edit("Better")
        #expect(bench.state == .pending)
        try bench.decide(.approved)
        #expect(bench.state == .scheduled && bench.post.handOffs.next(at: "feed") == 2)
    }

    @Test func whatNobodyKnowsHoldsUpEverything() throws {
        var bench = try Self.bench()
        let unknown = try bench.decide(.needsAttention, attempt: 1, at: "feed")
        #expect(bench.state == .needsAttention)
        #expect(bench.review.openAttempts == [HandOffs.Attempt(1, at: "feed")])
        try bench.edit("Better")
        try bench.decide(.approved)
        try bench.setTime("2027-02-01T00:00:00")
        try bench.decide(.scheduled, saw: [unknown])
        #expect(bench.state == .needsAttention, "another content under another key could be out twice")
        #expect(!bench.review.isToGoOut)
        try bench.decide(.settled, attempt: 1, at: "feed")
        #expect(bench.state == .scheduled && bench.review.openAttempts.isEmpty)
        #expect(bench.post.handOffs.next(at: "feed") == 2)
    }

    @Test func whoHoldsTheClaimSettlesWhatOthersCouldNotKnow() throws {
        for kind in [Decision.Kind.failed, .published] {
            for isFirst in [false, true] {
                var bench = try Self.bench()
                let seen = bench.post.lastDecisions
                for kind in isFirst ? [kind, .needsAttention] : [.needsAttention, kind] {
                    try bench.decide(kind, saw: seen, attempt: 1, at: "feed")
                }
                #expect(bench.state == (kind == .failed ? .failed : .published))
            }
        }
    }

    @Test func whatOneSaysIsOutIsOutWhateverAnotherSays() throws {
        var bench = try Self.bench()
        let unknown = try bench.decide(.needsAttention, attempt: 1, at: "feed")
        try bench.decide(.settled, saw: [unknown], attempt: 1, at: "feed")
        try bench.decide(.published, saw: [unknown], attempt: 1, at: "feed")
        #expect(bench.state == .published)
    }

    // MARK: Too late

    @Test func thatItIsTooLateSpeaksOfTheTimeThatItHad() throws {
        var bench = try Self.bench()
        let late = try bench.decide(.needsAttention)
        #expect(bench.state == .needsAttention && bench.review.openAttempts.isEmpty && !bench.review.isToGoOut)
        var other = bench
        try other.setTime("2027-02-01T00:00:00")
        #expect(other.state == .scheduled)
        try bench.decide(.settled, saw: [late])
        #expect(bench.state == .scheduled)
        var edited = try Self.bench()
        try edited.decide(.needsAttention)
        try edited.edit("Better")
        #expect(edited.state == .pending)
    }

    /// A person said so of one that no attempt was made for.
    @Test func whatIsOutByHandIsOutAtThatTarget() throws {
        var bench = try Self.bench(targets: [.feed, .http])
        try bench.decide(.needsAttention)
        try bench.decide(.settled)
        try bench.decide(.published, at: "feed")
        #expect(bench.state == .published && bench.review.remainingTargets == ["http"])
        #expect(bench.post.handOffs.isOver(HandOffs.Attempt(1, at: "feed")))
        #expect(!bench.post.handOffs.isOver(HandOffs.Attempt(1, at: "http")))
        try bench.decide(.failed, attempt: 1, at: "feed")
        #expect(bench.state == .published, "it is out, whatever somebody says who did not know")
        try bench.decide(.published, at: "http")
        #expect(bench.review.remainingTargets.isEmpty && !bench.review.isToGoOut)
    }

    // MARK: Several targets

    @Test func aPostIsOutWithTheFirstTargetAndFollowsAtTheOthers() throws {
        var bench = try Self.bench(targets: [.feed, .http])
        #expect(bench.review.remainingTargets == ["feed", "http"])
        try bench.decide(.published, attempt: 1, at: "feed")
        #expect(bench.state == .published && bench.review.remainingTargets == ["http"] && bench.review.isToGoOut)
        try bench.decide(.failed, attempt: 1, at: "http")
        #expect(bench.state == .failed && bench.review.remainingTargets == ["http"])
        try bench.decide(.published, attempt: 2, at: "http")
        #expect(bench.state == .published && bench.review.remainingTargets.isEmpty)
    }

    @Test func aTargetThatIsAddedLaterGetsNoOldPosts() throws {
        var bench = try Self.bench()
        try bench.decide(.published, attempt: 1, at: "feed")
        try bench.workspace.add("http", to: "targets", at: bench.stamp())
        #expect(bench.review.remainingTargets.isEmpty)
    }

    @Test func whatWasChangedAfterItCameOutFollowsNowhere() throws {
        var bench = try Self.bench(targets: [.feed, .http])
        try bench.decide(.published, attempt: 1, at: "feed")
        try bench.edit("Better, from another laptop")
        #expect(bench.state == .published && bench.review.remainingTargets.isEmpty)
    }

    @Test func withoutATargetThereIsAFeed() throws {
        let bench = try Self.bench(targets: [])
        #expect(bench.workspace.publishingTargets.map(\.kind) == [.feed] && bench.review.isToGoOut)
    }
}
