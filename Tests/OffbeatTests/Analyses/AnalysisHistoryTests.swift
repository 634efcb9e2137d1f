import Blobs
import Cache
import Catalog
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// Random histories of keeping, asking, invalidating and cleaning, with a remote that comes and goes.
@Suite struct AnalysisHistoryTests {
    fileprivate static let names = ["one", "two", "three"]

    @Test(arguments: 0..<3) func anAnswerIsWhatWasKeptLastAndNoOnlyCopyIsLost(_ run: UInt64) throws {
        let random = SeededRandom(seed: Seed.current &+ run)
        try withPlace { place in
            for (number, name) in Self.names.enumerated() {
                try place.add("\(name).wav", frequency: Double(300 + 70 * number))
            }
            try place.addRemote()
            var history = History(place: place, random: random)
            for step in 0..<60 {
                // What stops a history is told with its seed, or nobody could look at it again.
                let what: String
                do { what = try history.step() } catch {
                    Issue.record("step \(step), \(random): \(error)")
                    return
                }
                try history.expectAnswers("step \(step), \(what), \(random)")
            }
            try history.reach(true)
            _ = try place.library.sync()
            try history.expectAnswers("the end, \(random)")
            try place.expectSound()
        }
    }

    private struct History {
        let place: Place
        var random: SeededRandom
        /// What was kept last, by track and analyzer; nothing where somebody took it back.
        var kept: [String: [UInt8]] = [:]
        var isReachable = true

        func analyzers() throws -> [Analyzer] { [place.library.ownAnalyzer, try Place.other] }

        mutating func step() throws -> String {
            let name = AnalysisHistoryTests.names[Int.random(in: 0..<3, using: &random)]
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3:
                let analyzer = try analyzers()[Int.random(in: 0..<2, using: &random)]
                // Few different ones, so that several keep the same.
                let value = UInt8.random(in: 0..<4, using: &random)
                let bytes = Array(repeating: value, count: 300_000 + Int(value))
                try place.keep(bytes, of: name, by: analyzer)
                kept["\(name) \(analyzer)"] = bytes
                return "keep \(value) of \(name) by \(analyzer)"
            case 4:
                _ = try place.session.invalidateAnalyses(of: name)
                kept["\(name) \(place.library.ownAnalyzer)"] = nil
                return "invalidate \(name)"
            case 5...6:
                try place.limit(to: Int.random(in: 0...2, using: &random))
                try place.library.settings.set(
                    .cacheTTL, to: ["0", "50", "2592000"][Int.random(in: 0..<3, using: &random)])
                _ = try place.library.cleanCache()
                return "clean"
            case 7:
                if isReachable {
                    _ = try place.library.sync()
                    try place.setRemoteApart()
                }
                return "sync"
            case 8:
                try reach(!isReachable)
                return isReachable ? "the remote comes" : "the remote goes"
            case 9:
                place.clock.pass(seconds: UInt64.random(in: 0..<100, using: &random))
                return "time passes"
            case 10:
                let jump = Int64.random(in: -100...100, using: &random) * 86_400_000
                place.clock.now.withLock { $0 = UInt64(Int64($0) + jump) }
                return "the clock jumps"
            default:
                try FileSystem.removeTree(place.path.appending("cache"))
                return "the cache is deleted"
            }
        }

        mutating func reach(_ wanted: Bool) throws {
            guard wanted != isReachable else { return }
            let away = place.folder.appending("away")
            try FileSystem.rename(wanted ? away : place.remote(), to: wanted ? place.remote() : away)
            isReachable = wanted
        }

        /// An answer is what was kept last. One of another program may be missing only while the remote is away.
        func expectAnswers(_ comment: String) throws {
            for name in AnalysisHistoryTests.names {
                for analyzer in try analyzers() {
                    let expected = kept["\(name) \(analyzer)"]
                    let found = try place.ask(name, by: analyzer).found?.bytes
                    if let found {
                        #expect(found == expected, "\(name) by \(analyzer): \(comment)")
                    } else if !analyzer.isOwn, isReachable {
                        #expect(expected == nil, "\(name) by \(analyzer) is lost: \(comment)")
                    }
                }
            }
        }
    }
}
