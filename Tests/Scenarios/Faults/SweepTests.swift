import Catalog
import Glibc
import TestSupport
import Testing

/// Every system call of every command that changes something, killed or broken: nothing is lost, nothing is half done,
/// and nothing needs a person's help.
@Suite(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), .serialized) struct SweepTests {
    @Test func everyCommandDisturbedAtItsCalls() throws {
        let random = SeededRandom()
        let rows = try Sweep(attacks(), random: random, perRow: points).run()
        print("Disturbed calls, \(random)\n\(Sweep.Row.table(rows))")
        for loss in rows.flatMap(\.losses) { Issue.record("\(loss)") }
        for row in rows { #expect(row.met * 2 > row.points, "\(row.attack), \(row.disturbance): hardly met") }
    }

    /// How many calls of a command are disturbed in each way: `OFFBEAT_POINTS`, else a few, and all in long tests.
    ///
    /// Of a repair, which makes hundreds of calls and checks the store several times, all are disturbed where it is asked
    /// for by its name.
    private func points(of attack: Attack) -> Int {
        if let asked = getenv("OFFBEAT_POINTS").flatMap({ Int(String(cString: $0)) }) { return asked }
        guard Scenarios.areLongOnesWanted else { return 3 }
        return attack.damage != nil && getenv("OFFBEAT_ATTACKS") == nil ? 60 : .max
    }

    /// All of them, or those that `OFFBEAT_ATTACKS` names, with commas between: `OFFBEAT_ATTACKS="gc,undo edit"`.
    private func attacks() throws -> [Attack] {
        guard let names = getenv("OFFBEAT_ATTACKS") else { return Attack.all }
        return try String(cString: names).split(separator: ",").map { name in
            guard let attack = Attack.all.first(where: { $0.name == name }) else {
                throw Unexpected("there is no attack \(name): \(Attack.all.map(\.name).joined(separator: ", "))")
            }
            return attack
        }
    }

    /// What is disturbed there sets aside a file of the past and one that nothing ever named, deletes, and takes back.
    @Test(arguments: zip(["gc", "gc taking back"], [0, 1] as [JSON])) func aCollectionHasMuchToDo(
        name: String, revived: JSON
    ) throws {
        try Studio.withStore { studio in
            try Attack.all.first { $0.name == name }?.prepare(studio)
            let done = try studio.json("gc", adding: Trial.clock).done().json()
            #expect(
                done["quarantined"] == 2 && done["deleted"] == 1 && done["revived"] == revived, "\(done)")
        }
    }

    /// libgit2 makes a branch by a second name for its lock, and does not look whether the first could be removed.
    @Test func theLockOfANewBranchNeverStays() throws {
        try Studio.with { studio in
            let attack = try #require(Attack.all.first { $0.name == "init in a folder" })
            let trial = try Trial(attack, in: studio)
            let isRemoval = { (call: DisturbedCall) in
                call.name == "unlink" && call.subject.hasSuffix("refs/heads/main.lock")
            }
            let number = try #require(trial.calls.first(where: isRemoval)?.number)
            for disturbance in [Disturbance.interruption, .io] {
                _ = try trial.disturb(number, with: disturbance) { Issue.record("\($0)") }
            }
        }
    }

    /// Where once something stayed: a lock, a lease, a directory, a person who was not made.
    @Test(arguments: [
        ("remote rm", "unlink", "refs/remotes/origin/main", 0), ("remote rm", "unlink", "origin/main.lock", 0),
        ("remote add", "rename", "work/remote.git", 1), ("clone by a new person", "rename", "work/.offbeat", 1),
        ("sync push", "rename", "remote.git/refs/heads/main", 0),
        ("sync push", "rename", "remote.git/refs/heads/main", 1),
        ("sync merge", "unlink", "/owner", 0),
    ])
    func nothingStaysOfWhoIsCutOffHere(_ name: String, _ call: String, _ subject: String, _ later: Int) throws {
        try Studio.with { studio in
            let attack = try #require(Attack.all.first { $0.name == name })
            let trial = try Trial(attack, in: studio)
            let found = trial.calls.last { $0.name.hasPrefix(call) && $0.subject.hasSuffix(subject) }
            let number = try #require(found?.number, "\(trial.calls.map { "\($0.name) \($0.subject)" })")
            for disturbance in [Disturbance.kill, .io] {
                let met = try trial.disturb(number + later, with: disturbance) { Issue.record("\($0)") }
                #expect(met != nil)
            }
        }
    }

    @Test func noTwoAttacksAreCalledTheSame() {
        #expect(Set(Attack.all.map(\.name)).count == Attack.all.count)
    }
}
