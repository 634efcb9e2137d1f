import Catalog
import Testing

/// Whether the table of steps and what decisions come to say the same: each test goes through the table.
@Suite struct PostRuleTests {
    private static let states = PostState.allCases.filter { $0 != .publishing }

    /// Calls `body` with a post in each state, with and without a time, approval and self-approval.
    private func forEachCase(_ body: (PostBench) throws -> Void) throws {
        for state in Self.states {
            for approval in Workspace.Approval.allCases {
                for hasTime in [false, true] where !(state == .approved && hasTime) {
                    var bench = try PostBench(approval: approval, hasTime: hasTime)
                    try bench.bring(to: state)
                    try body(bench)
                }
            }
        }
    }

    @Test func eachRowLeadsWhereItSays() throws {
        var taken: Set<PostRule> = []
        try forEachCase { bench in
            for step in PostStep.allCases where step != .remove {
                guard let rule = PostRule.of(step, from: bench.place) else {
                    continue
                }
                // There has to be a time that can be taken away.
                if step == .unschedule, bench.post.schedule == nil { continue }
                var after = bench
                try after.take(step)
                let expected = rule.state(
                    from: bench.state, hasTime: after.post.schedule != nil, approval: bench.workspace.approval)
                #expect(after.state == expected, "\(step) from \(bench.state), \(bench.workspace.approval)")
                taken.insert(rule)
            }
        }
        let missed = PostRule.table.filter { !taken.contains($0) && $0.step != .remove }
        #expect(missed.isEmpty)
    }

    @Test func noTwoRowsAreForOneCase() {
        for step in PostStep.allCases {
            for state in PostState.allCases {
                for approval in Workspace.Approval.allCases {
                    let rows = PostRule.table.filter {
                        $0.step == step && $0.from.contains(state) && (!$0.needsNoApproval || approval == .none)
                    }
                    let place = PostPlace(state, approval: approval)
                    #expect(rows.count <= 1 && rows.first == PostRule.of(step, from: place))
                }
            }
        }
    }

    @Test func aStepIsAllowedToWhomTheTableSays() throws {
        for allowsSelf in [false, true] {
            for approval in Workspace.Approval.allCases {
                let workspace = try PostBench(approval: approval, selfApproval: allowsSelf).workspace
                for (state, step) in PostState.allCases.flatMap({ state in PostStep.allCases.map { (state, $0) } })
                {
                    let place = PostPlace(state, approval: approval)
                    let rule = PostRule.of(step, from: place)
                    for role in Role.allCases {
                        for isAuthor in [false, true] {
                            let refusal = PostActor(role: role, isAuthor: isAuthor)
                                .refusal(of: step, from: place, in: workspace)
                            let isOwnJudgement = isAuthor && !allowsSelf && rule?.isJudgement == true
                            let isAllowed = rule.map { role >= $0.role && !isOwnJudgement } ?? false
                            #expect((refusal == nil) == isAllowed, "\(step) \(state) \(role) \(isAuthor)")
                            if case .ownPost = refusal { #expect(isOwnJudgement && role >= .approver) }
                            if case .role(let least) = refusal { #expect(role < least) }
                            if case .state(let allowed, let least) = refusal {
                                #expect(!allowed.contains(state) && role >= least)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func beforeSomebodySaysWhatBecameOfAnAttemptNothingElseIsDone() throws {
        var bench = try PostBench()
        try bench.bring(to: .needsAttention)
        #expect(bench.place.hasOpenAttempt)
        let owner = PostActor(role: .owner, isAuthor: false)
        for step in PostStep.allCases where step != .settle {
            #expect(PostRule.of(step, from: bench.place) == nil)
            let refusal = owner.refusal(of: step, from: bench.place, in: bench.workspace)
            let isElsewhereAllowed = PostRule.table.contains {
                $0.step == step && $0.from.contains(.needsAttention)
            }
            #expect(isElsewhereAllowed ? refusal == .openAttempt : refusal != nil, "\(step)")
        }
        #expect(owner.refusal(of: .settle, from: bench.place, in: bench.workspace) == nil)
    }

    @Test func viewersOnlyRead() {
        #expect(PostRule.table.allSatisfy { $0.role > .viewer })
    }

    @Test func whatIsOutStays() throws {
        #expect(PostRule.table.allSatisfy { !$0.from.contains(.published) && !$0.from.contains(.publishing) })
        var bench = try PostBench()
        try bench.bring(to: .published)
        for kind in Decision.Kind.allCases {
            for (attempt, target) in [(Int?.none, String?.none), (1, "feed"), (2, "feed")] {
                try bench.decide(kind, saw: [], attempt: attempt, at: target)
                try bench.decide(kind, attempt: attempt, at: target)
            }
            try bench.edit("Changed by \(kind)")
            #expect(bench.state == .published)
        }
    }

    @Test func whatWaitsIsForWhoCanDoSomething() throws {
        let workspace = try PostBench().workspace
        func awaited(_ role: Role, _ isAuthor: Bool) -> [PostState] {
            PostState.allCases.filter { PostActor(role: role, isAuthor: isAuthor).isAwaited(in: $0, of: workspace) }
        }
        let undone: [PostState] = [.failed, .needsAttention]
        #expect(awaited(.approver, false) == [.pending] + undone && awaited(.owner, false) == [.pending] + undone)
        #expect(awaited(.owner, true) == [.rejected, .changesRequested] + undone)
        #expect(awaited(.editor, true) == [.rejected, .changesRequested])
        #expect(awaited(.editor, false).isEmpty && awaited(.viewer, true).isEmpty)
        #expect(
            try PostActor(role: .approver, isAuthor: true)
                .isAwaited(in: .pending, of: PostBench(selfApproval: true).workspace))
    }
}
