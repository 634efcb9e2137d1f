import Files
import Glibc
import Synchronization
import TestSupport
import Testing

/// Every system call of what is done with guests, killed or broken: the library is as it was or as it is to be, no half
/// guest stays, and what was cut off is done by saying it again.
@Suite(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"), .serialized)
struct GuestSweepTests {
    private static let disturbances: [Disturbance] = [.kill, .io, .noSpace]

    /// At how many calls each is disturbed in each way: `OFFBEAT_POINTS`, else a few.
    private static let points = getenv("OFFBEAT_POINTS").flatMap { Int(String(cString: $0)) } ?? 2

    /// All scenes, or those of which the name holds `OFFBEAT_SCENES`.
    private static let scenes = GuestScene.all.filter { scene in
        getenv("OFFBEAT_SCENES").map { scene.name.contains(String(cString: $0)) } ?? true
    }

    @Test func disturbedAtTheirCalls() throws {
        let random = SeededRandom()
        let losses = Mutex<[String]>([])
        let told = Mutex<[Int: [String]]>([:])
        try Parallel.forEach(count: Self.scenes.count, workers: Parallel.processors) { index in
            try Studio.with { studio in
                let trial = try GuestTrial(Self.scenes[index], in: studio)
                for disturbance in Self.disturbances {
                    let row = try Self.sweep(trial, disturbance, random) { loss in
                        losses.withLock { $0.append(loss) }
                    }
                    told.withLock { $0[index, default: []].append(row) }
                }
            }
        }
        let rows = told.withLock { rows in rows.sorted { $0.key < $1.key }.flatMap(\.value) }
        print("Disturbed guests, \(random)\n\(rows.joined(separator: "\n"))")
        for loss in losses.withLock({ $0 }) { Issue.record("\(loss); \(random)") }
    }

    private static func sweep(
        _ trial: GuestTrial, _ disturbance: Disturbance, _ random: SeededRandom, lose: (String) -> Void
    ) throws -> String {
        var random = random
        let start = Double.random(in: 0..<1, using: &random)
        let count = min(points, trial.calls.count)
        var tally: [String: Int] = [:]
        for point in 0..<count {
            let number = 1 + Int((Double(point) + start) * Double(trial.calls.count) / Double(count))
            if let ending = try trial.disturb(number, with: disturbance, lose: lose) {
                tally[ending, default: 0] += 1
            }
        }
        let met = tally.values.reduce(0, +)
        #expect(met * 2 >= count, "\(trial.scene), \(disturbance): hardly met")
        let endings = tally.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "  \(disturbance.rawValue)  \(trial.scene): \(count) of \(trial.calls.count) calls: \(endings)"
    }
}
