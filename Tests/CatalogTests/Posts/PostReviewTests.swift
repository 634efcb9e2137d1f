import Catalog
import Digest
import TestSupport
import Testing

/// What decisions come to that did not know of each other, that speak of another content, or that are odd.
@Suite struct PostReviewTests {
    @Test func aRejectionBeatsAnApprovalThatHadNotSeenIt() throws {
        for (kind, state) in [(Decision.Kind.rejected, PostState.rejected), (.changesRequested, .changesRequested)]
        {
            for isFirst in [false, true] {
                var bench = try PostBench()
                let submitted = try bench.decide(.submitted)
                for kind in isFirst ? [kind, .approved] : [.approved, kind] {
                    try bench.decide(kind, saw: [submitted])
                }
                #expect(bench.state == state)
                let approval = bench.review.decisions.first { $0.decision.kind == .approved }
                #expect(approval?.isValid == false)
            }
        }
    }

    @Test func anApprovalThatHadNotSeenARejectionNeverCounts() throws {
        var bench = try PostBench()
        let submitted = try bench.decide(.submitted)
        try bench.decide(.changesRequested, saw: [submitted])
        try bench.decide(.approved, saw: [submitted])
        #expect(bench.state == .changesRequested)
        // Handed in again as it was: what was approved without knowing of the objection is approved no more for it.
        try bench.decide(.submitted)
        #expect(bench.state == .pending)
        try bench.decide(.approved)
        #expect(bench.state == .approved)
    }

    @Test func aRejectionOfAnotherContentHoldsUpAnApproval() throws {
        var bench = try PostBench()
        let submitted = try bench.decide(.submitted)
        var elsewhere = bench
        let rejection = try elsewhere.decide(.rejected, saw: [submitted])
        try bench.edit("Better")
        try bench.decide(.approved)
        #expect(bench.state == .approved)
        let found = try #require(elsewhere.post.decisions.first { $0.id == rejection })
        try bench.post.decide(found)
        #expect(bench.state == .draft)
    }

    @Test func anEditEndsEachKindOfApproval() throws {
        for approval in Workspace.Approval.allCases {
            for state in [PostState.approved, .scheduled] {
                var bench = try PostBench(approval: approval)
                try bench.bring(to: state)
                try bench.edit("Other")
                #expect(bench.state == .pending)
                try bench.edit("Out now")
                #expect(bench.state == .pending, "put back by hand, it is not what was approved")
                #expect(bench.review.decisions.allSatisfy { !$0.isValid })
                try bench.decide(.approved)
                #expect(bench.state == state)
            }
        }
    }

    @Test func nothingIsApprovedWhileItIsOpenWhetherItIsRemoved() throws {
        var bench = try PostBench(hasTime: true)
        try bench.bring(to: .scheduled)
        let key = "removed@\(Samples.stamp(3_000))#01234567"
        var fields = bench.post.fields
        fields["conflicts"] = [key: ["at": .string(Samples.stamp(3_000).description), "value": true]]
        bench.post = try Post(fields: fields)
        #expect(bench.post.isPerhapsRemoved && bench.state == .pending && !bench.review.isToGoOut)
        try bench.decide(.approved)
        #expect(bench.state == .pending)
        fields = bench.post.fields
        fields["conflicts"] = [key: ["at": .string(Samples.stamp(4_000).description), "gone": true]]
        bench.post = try Post(fields: fields)
        #expect(!bench.post.isPerhapsRemoved && bench.state == .scheduled)
    }

    @Test func decisionsOfNewerProgramsAreLinksOfTheChain() throws {
        var bench = try PostBench()
        let rejected = try bench.decide(.rejected)
        let unknown = try bench.decide(.submitted, saw: [rejected])
        let approved = try bench.decide(.approved, saw: [unknown])
        var fields = bench.post.fields
        var decisions = try #require(fields["decisions"]?.asObject)
        var odd = try #require(decisions[unknown.hex]?.asObject)
        odd["kind"] = "blessed"
        decisions[unknown.hex] = .object(odd)
        fields["decisions"] = .object(decisions)
        bench.post = try Post(fields: fields)
        #expect(bench.post.decisions.count == 2 && bench.post.lastDecisions == [approved])
        #expect(bench.state == .approved)
    }

    @Test func aDecisionCannotHaveSeenALaterOne() throws {
        var bench = try PostBench()
        let submitted = try bench.decide(.submitted)
        let later = try #require(DecisionID(ContentHash(of: Array("later".utf8)).hex.prefix(32)))
        try bench.decide(.approved, saw: [submitted, later])
        let content = bench.content
        try bench.post.decide(
            Decision(
                id: later, at: bench.stamp(), by: Samples.ana, kind: .rejected, content: content.hash,
                stamps: content.stamps, saw: [submitted]))
        #expect(bench.state == .rejected)
    }

    // MARK: Chance

    @Test func theOrderOfArrivalNeverMatters() throws {
        var random = SeededRandom()
        for _ in 0..<300 {
            let made = try Self.chaos(using: &random)
            let decisions = made.post.decisions
            let expected = made.review
            for _ in 0..<3 {
                var other = made
                var fields = made.post.fields
                fields["decisions"] = [:]
                other.post = try Post(fields: fields)
                for decision in decisions.shuffled(using: &random) { try other.post.decide(decision) }
                #expect(other.state == expected.state, "\(random)")
                #expect(other.review.decisions.map(\.isValid) == expected.decisions.map(\.isValid), "\(random)")
            }
        }
    }

    @Test func nothingIsApprovedButByWhatWasSaidOfThisContent() throws {
        var random = SeededRandom()
        var seen: Set<PostState> = []
        for _ in 0..<600 {
            var made = try Self.chaos(using: &random)
            seen.insert(made.state)
            if [.approved, .scheduled].contains(made.state) {
                let review = made.review
                let approvals = review.decisions.filter {
                    $0.isValid && ($0.decision.kind == .approved || $0.decision.kind == .submitted)
                }
                #expect(approvals.contains { made.content.isMeant(by: $0.decision) }, "\(random)")
                let objects = review.decisions.contains {
                    $0.isValid && [.rejected, .changesRequested].contains($0.decision.kind)
                }
                #expect(!objects, "\(random)")
            }
            let text = made.post.body
            try made.edit("x" + text)
            #expect(made.state != .approved && made.state != .scheduled, "\(random)")
            try made.edit(text)
            #expect(made.state != .approved && made.state != .scheduled, "\(random)")
        }
        #expect(seen.isSuperset(of: [.draft, .pending, .approved, .rejected, .changesRequested, .published]))
    }

    /// A post with any decisions, each of which had seen some of those before it, and edits between them.
    private static func chaos(using random: inout SeededRandom) throws -> PostBench {
        var bench = try PostBench(
            approval: Bool.random(using: &random) ? .required : .none, hasTime: Bool.random(using: &random))
        let usual: [Decision.Kind] = [.submitted, .submitted, .approved, .approved, .rejected, .changesRequested]
        let rare = Decision.Kind.allCases
        for _ in 0..<Int.random(in: 0...7, using: &random) {
            if Int.random(in: 0..<6, using: &random) == 0 { try bench.edit("Text \(random.next() % 3)") }
            let isRare = Int.random(in: 0..<8, using: &random) == 0
            let kind = try #require((isRare ? rare : usual).randomElement(using: &random))
            let all = bench.post.decisions.map(\.id)
            let hasSeenAll = Bool.random(using: &random)
            try bench.decide(
                kind, saw: hasSeenAll ? nil : all.filter { _ in Bool.random(using: &random) })
        }
        return bench
    }
}
