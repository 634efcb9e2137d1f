import Catalog
import Files

extension Row {
    static let syncContention = Row(
        name: "sync-contention", summary: "ten laptops that make and push ten versions each at once"
    ) { workshop in
        guard Workshop.has("git") else { return [] }
        let (ours, git) = (Contest(workshop, "ours"), Contest(workshop, "git"))
        let rounds = try Pairs.measure([try ours.withOffbeat(), try git.withGit()])
        return rounds.findings(
            "sync-contention", .init("until the last is done", against: Contest.git, .times(1.0 / 4), note: note)
        ) + [
            Finding(
                row: "sync-contention", what: "most races that one version lost", ours: ours.mostLost, unit: .races,
                other: (Contest.git, git.mostLost), goal: .atMost(15))
        ]
    }

    private static let note = """
        1,000 records, each laptop changes its own; `edit` + `sync` against `add`, `commit`, and `push` with \
        `pull --rebase` in between until it succeeds
        """
}

/// Ten who write to one remote at once, round after round.
private final class Contest {
    static let git = "git"
    private static let people = 0..<10

    private let workshop: Workshop
    private let name: String
    private var lost: [Double] = []
    private var round = 0

    init(_ workshop: Workshop, _ name: String) {
        self.workshop = workshop
        self.name = name
    }

    /// Of each round, how often whoever lost most often to others lost; the round that warms up is left out.
    var mostLost: Sample { Sample(Array(lost.dropFirst())) }

    /// Each edits a track and syncs, ten times.
    func withOffbeat() throws -> Contestant {
        let shared = try SharedRecords(1000, called: name, workshop)
        let stores = try Self.people.map { try shared.store("laptop-\($0)") }
        return contestant(
            named: Workshop.ours,
            catchUp: stores.map { [workshop.offbeat, "--store", $0.string, "--quiet", "sync"] },
            programs: { [workshop] round in
                zip(Self.people, stores).map { person, store in
                    [
                        "sh", "-c", Self.syncing, "sh", workshop.offbeat, store.string,
                        shared.library.tracks[person],
                        "\(round)",
                    ]
                }
            }, stores)
    }

    /// Each changes a record, commits and pushes, ten times.
    func withGit() throws -> Contestant {
        let shared = try SharedRecords(1000, called: name, workshop)
        let trees = try Self.people.map { try shared.repository("work-\($0)") }
        return contestant(
            named: Self.git, catchUp: trees.map { ["git", "-C", $0.string, "pull", "-q", "--ff-only"] },
            programs: { _ in
                zip(Self.people, trees).map { person, tree in
                    [
                        "sh", "-c", Self.pushing, "sh", tree.string,
                        MadeLibrary.record(of: shared.library.tracks[person]),
                    ]
                }
            }, trees)
    }

    private func contestant(
        named name: String, catchUp: [[String]], programs: @escaping (_ round: Int) -> [[String]],
        _ places: [FilePath]
    ) -> Contestant {
        Contestant(
            name: name,
            prepare: { [workshop] in
                for words in catchUp { try workshop.finish(words) }
            },
            run: { [self] in
                round += 1
                return try workshop.race(programs(round))
            },
            clear: { [self] in lost.append(try places.map(Self.takeLost).max() ?? .nan) })
    }

    /// Reads how often each push of a laptop was in vain, a document a line, and forgets it.
    private static func takeLost(in place: FilePath) throws -> Double {
        let file = place.appending("rounds")
        let lines = try FileSystem.read(file).split(separator: UInt8(ascii: "\n"))
        let rounds = try lines.compactMap { try JSON.parse(Array($0))["rounds"]?.asInteger }
        try FileSystem.remove(file)
        guard rounds.count == 10, let most = rounds.max() else {
            throw BenchError("\(place): \(rounds.count) pushes instead of 10")
        }
        return Double(most - 1)
    }

    private static let syncing = """
        for number in 1 2 3 4 5 6 7 8 9 10; do
            "$1" --store "$2" --quiet edit "$3" "title=$4 $number" || exit
            "$1" --store "$2" --json sync >>"$2/rounds" || exit
        done
        """

    private static let pushing = """
        cd "$1" || exit
        for number in 1 2 3 4 5 6 7 8 9 10; do
            rounds=1
            printf ' ' >>"$2"
            git add "$2" && git commit -q -m Edit || exit
            until git push -q origin main; do
                rounds=$((rounds + 1))
                git pull -q --rebase || exit
            done
            echo "{\\"rounds\\":$rounds}" >>rounds
        done
        """
}
