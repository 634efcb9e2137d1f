import Cache
import Catalog
import Files
import Glibc
import Store
import TestSupport

/// How the index is used in a process that lives long.
extension Work {
    /// What people look at again and again.
    private static let words = [
        "", "amber", "jade", "amber jade", "tag:house", "tag:techno", "night", "4", "47", "silver", "golden trio",
        "t",
    ]

    /// Somebody at work: a page out of sixty, those that are liked best most often, and after each fiftieth look a track is
    /// changed. Prints how often something had to be made first, for each of five such days of a thousand looks.
    static func useLikePeople(at path: FilePath, among all: Int) throws {
        for day in 0..<5 {
            var chance = SeededRandom(seed: UInt64(day + 1))
            let store = try Store(at: path, context: .bench)
            let index = Index(of: store)
            _ = try index.survey { $0.version }
            var missed = 0
            for look in 0..<1000 {
                if look % 50 == 49 {
                    try change([Int.random(in: 0..<all, using: &chance)], in: store)
                }
                let rank = Int(pow(60.0, Double.random(in: 0..<1, using: &chance))) - 1
                let answer = try index.page(request(number: rank))
                if answer.freshness != .hit { missed += 1 }
            }
            print(Double(missed) / 1000)
        }
    }

    /// Prints how many bytes of memory the process has after ten thousand reads, and after a million.
    static func readVeryOften(at path: FilePath) throws {
        let index = Index(of: try Store(at: path, context: .bench))
        for number in 0..<1_000_000 {
            _ = try index.page(request(number: number % 60))
            if number == 10_000 || number == 999_999 { print(try residentBytes()) }
        }
    }

    /// Prints the time that one read of a hundred takes longer than, alone and while another process cleans the cache and
    /// collects garbage without end, five times.
    static func readBesideCare(at path: FilePath, by program: String) throws {
        let index = Index(of: try Store(at: path, context: .bench), memory: { 0 })
        for _ in 0..<5 {
            print(try slowest(of: index))
            let script =
                "while :; do \"$1\" --store \"$2\" cache clean; \"$1\" --store \"$2\" gc; done >/dev/null 2>&1"
            let care = try Child.start(
                ["sh", "-c", script, "sh", program, path.string], environment: nil, streams: [0, 1, 2],
                ownGroup: true)
            defer {
                kill(-care.id, SIGKILL)
                _ = care.wait()
            }
            print(try slowest(of: index))
        }
    }

    private static func slowest(of index: Index) throws -> Double {
        var times: [Double] = []
        for number in 0..<2000 {
            let watch = Stopwatch()
            _ = try index.page(request(number: number % 60))
            times.append(watch.seconds)
        }
        return times.sorted()[times.count * 99 / 100]
    }

    private static func request(number: Int) throws -> TrackRequest {
        let word = words[number % words.count]
        let sort: [SortKey] = [.added, .title, .artist, .duration, .bpm]
        return try request(word, sortedBy: sort[number / words.count % sort.count])
    }

    private static func residentBytes() throws -> Double {
        let fields = String(decoding: try FileSystem.read("/proc/self/statm"), as: UTF8.self).split(separator: " ")
        return Double(fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
