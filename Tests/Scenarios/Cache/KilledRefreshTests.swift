import Catalog
import Files
import SQLite
import TestSupport
import Testing

/// Programs that are killed while they make rows again.
@Suite struct KilledRefreshTests {
    /// In `make trust` two hundred.
    private static let kills = Scenarios.areLongOnesWanted ? 200 : 15

    @Test func theRowsAreThoseOfTheStamp() throws {
        try Studio.withStore { studio in
            var chance = SeededRandom()
            for number in 0..<30 {
                try studio.sound(FilePath("sounds/\(number).wav"), seed: UInt64(number), frames: 50)
            }
            try studio.offbeat("add", "--no-analyze", "sounds").done()
            try studio.offbeat("ls").done()
            let watch = Stopwatch()
            try studio.offbeat("ls").done()
            let usual = watch.seconds
            var titles = try studio.tracks().compactMapValues { $0["title"]?.asString }
            var known: [String: [String: String]] = [:]
            var (killed, behind) = (0, 0)
            for round in 0..<Self.kills {
                for id in titles.keys.shuffled(using: &chance).prefix(3) {
                    titles[id] = "Round \(round)"
                    let edited = try studio.json("edit", "\(id)", "title=Round \(round)").done().json()
                    known[try #require(edited["version"]?.asString)] = titles
                }
                if Int.random(in: 0..<4, using: &chance) == 0 {
                    try studio.offbeat("cache", "invalidate", "picker").done()
                }
                let running = try studio.start([Word(Scenarios.program()), "ls"])
                SystemClock.sleep(seconds: Double.random(in: 0...2 * usual, using: &chance))
                running.child.kill()
                if try running.outcome().status != 0 { killed += 1 }
                if let found = try studio.indexedTitles() {
                    let expected = try #require(
                        known[found.version] ?? (round == 0 ? found.titles : nil), "\\(chance)")
                    #expect(found.titles == expected, "round \(round), \(chance)")
                    if found.titles != titles { behind += 1 }
                }
                #expect(try studio.tracks().compactMapValues { $0["title"]?.asString } == titles, "\(chance)")
            }
            if Scenarios.areLongOnesWanted {
                print(
                    "\(Self.kills) reads, \(killed) killed, \(behind) of those before rows were made again; \(chance)"
                )
            }
        }
    }
}

extension Studio {
    /// The version that the index agrees with, and the title of each of its rows; nil where it cannot be read.
    fileprivate func indexedTitles() throws -> (version: String, titles: [String: String])? {
        try withTemporaryDirectory { folder in
            // From copies: whoever opens the files themselves mends them.
            for name in ["index.db", "index.db-wal"] {
                let bytes = try FileSystem.readIfExists(store.appending("cache").appending(FilePath(name)))
                if let bytes { try FileSystem.write(bytes, to: folder.appending(FilePath(name))) }
            }
            let file = folder.appending("index.db")
            guard FileSystem.exists(file) else { return nil }
            let database = try Database(file.string, mode: .readWrite)
            let stamp = try database.prepare("SELECT lower(hex(main)) FROM stamp")
            guard try stamp.step(), let version = stamp.text(0) else { return nil }
            let rows = try database.prepare("SELECT lower(hex(id)), title FROM tracks")
            var titles: [String: String] = [:]
            while try rows.step() { titles[rows.text(0) ?? ""] = rows.text(1) ?? "" }
            return (version, titles)
        }
    }
}
