import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// Many laptops at one remote at once: all come through, and nothing is lost.
@Suite(.waiting) struct ContentionTests {
    /// In `make trust` as many as it is meant for.
    @Test(arguments: Scenarios.areLongOnesWanted ? [(10, 10), (20, 50)] : [(5, 4)])
    func laptopsAtOnce(_ laptops: Int, _ edits: Int) throws {
        let names = (1..<laptops).map { "l\($0)" }
        try Tour.with(names) { tour in
            let (song, all) = (try tour.song(), ["ana"] + names)
            let script = """
                n=0; while [ $n -lt \(edits) ]; do n=$((n + 1))
                "$1" --store "$2" edit "$3" "+$4-$n" >/dev/null || exit 1
                "$1" --store "$2" sync >/dev/null || exit 1; done
                """
            let running = try all.map { name in
                try tour.studio.start([
                    "sh", "-c", Word(script), "sh", Word(Scenarios.program()), Word(tour.store(name)), song,
                    Word(name),
                ])
            }
            for run in running { try run.outcome(timeout: 900).done() }
            for name in all { try tour.at(name, "sync").done() }
            let tags = try tour.tracks("ana").flatMap { $0["tags"]?.asArray ?? [] }.compactMap(\.asString)
            #expect(Set(tags) == Set(all.flatMap { name in (1...edits).map { "\(name)-\($0)" } }))
            for name in all { try tour.at(name, "sync").done() }
            try tour.expectTogether(all)
        }
    }
}
