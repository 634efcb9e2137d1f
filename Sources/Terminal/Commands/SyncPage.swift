import Offbeat
import Store
import Sync

/// What is told of a sync.
struct SyncPage {
    private let outcome: SyncOutcome

    init(_ outcome: SyncOutcome) { self.outcome = outcome }

    /// Conflicts are no failure, but they wait for a person.
    var exit: ExitStatus {
        if outcome.isPlan { return .done }
        if outcome.conflicts > 0 { return .conflicts }
        return outcome.damaged > 0 ? .failed : .done
    }

    var lines: [Line] {
        let merges = outcome.round.merges
        var lines: [Line] = [summary]
        if outcome.round.restored > 0 {
            lines.append("The remote had lost \(count(outcome.round.restored, "version")); it has them again")
        }
        if outcome.conflicts > 0 {
            lines.append("\(count(outcome.conflicts, "conflict")) to be decided: see offbeat conflicts")
        }
        lines += merges.arbitrary.map { "Changed on both sides, and only one of them stands: \($0)" }
        lines += merges.tooLarge.map { "Too large together, so only the later one stands: \($0)" }
        if outcome.absent > 0 {
            lines.append("\(count(outcome.absent, "file")) wanted here, but not at the remote")
        }
        if outcome.damaged > 0 {
            lines.append("\(count(outcome.damaged, "file")) damaged at the remote, and left there")
        }
        if let place = outcome.newPlace {
            // Not as a command to be copied: the server chose these words.
            lines.append("It has moved to \(place); `offbeat remote set-url` spares the detour")
        }
        return lines
    }

    /// One line: `Synced with origin: 3 versions came, 1 version went, 2 files (4.1 MiB) came`.
    private var summary: Line {
        let round = outcome.round
        var came: [String] = []
        var went: [String] = []
        if round.pulled > 0 { came.append(count(round.pulled, "version")) }
        if outcome.downloaded.files > 0 { came.append(files(outcome.downloaded)) }
        if round.pushed > 0 { went.append(count(round.pushed, "version")) }
        if round.uploaded.files > 0 { went.append(files(round.uploaded)) }
        let parts = [(came, outcome.isPlan ? "would come" : "came"), (went, outcome.isPlan ? "would go" : "went")]
            .filter { !$0.0.isEmpty }.map { "\($0.0.joined(separator: " and ")) \($0.1)" }
        if parts.isEmpty { return "Up to date with \(outcome.remote, .bold)" }
        return
            "\(outcome.isPlan ? "Sync" : "Synced") with \(outcome.remote, .bold): \(parts.joined(separator: ", "))"
    }

    private func count(_ number: Int, _ what: String) -> String { Quantity.count(Int64(number), what) }

    private func files(_ files: (files: Int, bytes: Int64)) -> String {
        "\(count(files.files, "file")) (\(Quantity.size(files.bytes)))"
    }
}
