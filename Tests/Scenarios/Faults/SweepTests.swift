import Glibc
import TestSupport
import Testing

/// Every system call of every command that changes something, killed or broken: nothing is lost, nothing is half done,
/// and nothing needs a person's help.
@Suite(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), .serialized) struct SweepTests {
    @Test func everyCommandDisturbedAtItsCalls() throws {
        let random = SeededRandom()
        let asked = getenv("OFFBEAT_POINTS").flatMap { Int(String(cString: $0)) }
        let perRow = asked ?? (Scenarios.areLongOnesWanted ? Int.max : 3)
        let rows = try Sweep(Attack.all, perRow: perRow, random: random).run()
        print("Disturbed calls, \(random)\n\(Sweep.Row.table(rows))")
        for loss in rows.flatMap(\.losses) { Issue.record("\(loss)") }
        for row in rows { #expect(row.met * 2 > row.points, "\(row.attack), \(row.disturbance): hardly met") }
    }
}
