import Catalog
import Testing

/// Whether `Posts.md` has the table of states, steps and roles that the program goes by.
struct PostsTests {
    private static let page = "Sources/Catalog/Catalog.docc/Posts.md"

    @Test func theTableOfStepsIsThatOfTheProgram() throws {
        let shown = try Page(Self.page).section("## Steps").filter { $0.hasPrefix("| `") }
        #expect(shown == PostRule.table.map(row))
    }

    private func row(_ rule: PostRule) -> String {
        let from = rule.from.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        let only =
            (rule.needsNoApproval ? ", where no approval is asked for" : "")
            + (rule.needsNoOpenAttempt ? ", where it is only too late" : "")
        let role = rule.role.rawValue + (rule.isJudgement ? ", not the author" : "")
        return "| `\(rule.step.rawValue)` | \(from)\(only) | \(role) | \(words(for: rule.to)) |"
    }

    private func words(for outcome: PostRule.Outcome) -> String {
        switch outcome {
        case .state(let state): "`\(state.rawValue)`"
        case .approved: "`approved`, with a time `scheduled`"
        case .submitted: "`pending`; where no approval is asked for, as by approval"
        case .published: "`published`; `failed` or `needs-attention` where that did not go well"
        case .settled: "`published`, or what it was before"
        case .same: "the same"
        case .removed: "gone"
        }
    }

    @Test func everyStateIsExplained() throws {
        let rows = try Page(Self.page).section("## States").compactMap { row in
            row.firstMatch(of: /^\| `([a-z-]+)` \|/).map { String($0.1) }
        }
        #expect(rows.sorted() == PostState.allCases.map(\.rawValue).sorted())
    }
}
