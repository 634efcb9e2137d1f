import Files
import Synchronization
import TestSupport

/// Disturbs commands at one system call after the other.
///
/// Of the calls of a command all are disturbed in every way when long tests are wanted, else a few that are spread over
/// it, others in each run.
struct Sweep: Sendable {
    /// What came of one command under one kind of disturbance.
    struct Row: Sendable {
        let attack: String
        let disturbance: Disturbance
        var points = 0
        var met = 0
        var before = 0
        var after = 0
        var partly = 0
        var errors = 0
        var losses: [String] = []
    }

    private let attacks: [Attack]
    private let perRow: @Sendable (Attack) -> Int
    private let random: SeededRandom

    /// At most `perRow` calls of each command are disturbed in each way.
    init(_ attacks: [Attack], random: SeededRandom, perRow: @escaping @Sendable (Attack) -> Int) {
        self.attacks = attacks
        self.perRow = perRow
        self.random = random
    }

    /// Runs it on all processors; the rows come in the order of the commands.
    func run() throws -> [Row] {
        let rows = Mutex<[Int: [Row]]>([:])
        try Parallel.forEach(count: attacks.count, workers: Parallel.processors) { index in
            let found = try Studio.with { studio in
                let trial = try Trial(attacks[index], in: studio)
                return try Disturbance.allCases.map { try row(of: trial, under: $0, attack: attacks[index]) }
            }
            rows.withLock { $0[index] = found }
        }
        return rows.withLock { rows in attacks.indices.flatMap { rows[$0] ?? [] } }
    }

    private func row(of trial: Trial, under disturbance: Disturbance, attack: Attack) throws -> Row {
        var row = Row(attack: attack.name, disturbance: disturbance)
        for number in chosen(trial.calls.filter { $0.canMeet(disturbance) }.map(\.number), perRow(attack)) {
            row.points += 1
            var losses: [String] = []
            guard let (ending, isError) = try trial.disturb(number, with: disturbance, lose: { losses.append($0) })
            else { continue }
            row.met += 1
            row.losses += losses
            if isError { row.errors += 1 }
            switch ending {
            case .before: row.before += 1
            case .after: row.after += 1
            case .partly: row.partly += 1
            }
        }
        return row
    }

    /// Numbers that are spread evenly, from a place that chance decides on.
    private func chosen(_ numbers: [Int], _ perRow: Int) -> [Int] {
        guard numbers.count > perRow else { return numbers }
        var random = random
        let start = Double.random(in: 0..<1, using: &random)
        return (0..<perRow).map { numbers[Int((Double($0) + start) * Double(numbers.count) / Double(perRow))] }
    }
}

extension Sweep.Row {
    /// The rows as a table.
    static func table(_ rows: [Sweep.Row]) -> String {
        let head = ["command", "call", "points", "met", "before", "after", "partly", "errors", "losses"]
        let lines = rows.map { row in
            [
                row.attack, row.disturbance.rawValue, "\(row.points)", "\(row.met)", "\(row.before)",
                "\(row.after)",
                "\(row.partly)", "\(row.errors)", "\(row.losses.count)",
            ]
        }
        let widths = head.indices.map { column in ([head] + lines).map { $0[column].count }.max() ?? 0 }
        return ([head] + lines).map { line in
            line.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - line[column].count)
                return column < 2 ? line[column] + space : space + line[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
