import Blobs
import Cache
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Analyses on two laptops that share a remote.
@Suite struct AnalysisTravelTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func whatOneKeepsTheOtherHas() throws {
        try withLaptops { one, other in
            try one.keep(bytes("found out"), of: "one")
            _ = try one.library.sync()
            #expect(try other.words("one") == nil)
            let synced = try other.library.sync()
            #expect(synced.invalidated.contains(.analysis))
            #expect(try other.words("one") == "found out hit")
            #expect(other.library.cacheReport().analyses.entries == 1)
        }
    }

    @Test func withoutTheBytesTheyAreFetched() throws {
        try withLaptops { one, other in
            try other.library.settings.set(.content, to: "none")
            try one.keep(bytes("found out"), of: "one")
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try !other.isCached("one") && other.entry("one")?.summary.rawSize == 1000)
            #expect(try other.words("one") == "found out fetched")
            #expect(try other.words("one") == "found out hit")
            let counts = other.library.cacheReport().counts[.analysis]
            #expect(counts.hits == 1 && counts.misses == 1)
        }
    }

    /// What somebody looks at here is brought by the sync that changes it; what nobody asked for is not.
    @Test func aSyncBringsWhatIsInUse() throws {
        try withLaptops { one, other in
            try other.library.settings.set(.content, to: "none")
            try one.add("two.wav", frequency: 200)
            for name in ["one", "two"] { try one.keep(bytes("first of \(name)"), of: name) }
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try other.words("one") == "first of one fetched")
            #expect(try other.words("one") == "first of one hit")
            for name in ["one", "two"] { try one.keep(bytes("second of \(name)"), of: name) }
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try other.isCached("one") && !other.isCached("two"))
            #expect(try other.words("one") == "second of one hit")
            try other.library.settings.set(.cacheEnabled, to: "false")
            try one.keep(bytes("third of one"), of: "one")
            _ = try one.library.sync()
            _ = try other.library.sync()
            try other.library.settings.set(.cacheEnabled, to: "true")
            #expect(try other.words("one") == "third of one fetched")
        }
    }

    @Test func whereTheRemoteIsOutOfReachItIsAMissThatSaysSo() throws {
        try withLaptops { one, other in
            try other.library.settings.set(.content, to: "none")
            try one.keep(bytes("found out"), of: "one")
            _ = try one.library.sync()
            _ = try other.library.sync()
            try FileSystem.rename(one.remote(), to: one.folder.appending("away"))
            guard case .missing(let reason) = try other.ask("one") else {
                Issue.record("nobody has the bytes")
                return
            }
            #expect(!reason.isEmpty)
            try FileSystem.rename(one.folder.appending("away"), to: one.remote())
            #expect(try other.words("one") == "found out fetched")
        }
    }

    /// Another program's result goes once a remote has it, and comes back.
    @Test func whatARemoteHoldsGoesAndComesBack() throws {
        try withLaptops { one, other in
            try one.library.settings.set(.cacheTTL, to: "0")
            try one.keep(bytes("theirs"), of: "one", by: Place.other)
            try one.keep(bytes("ours"), of: "one")
            _ = try one.library.sync()
            // A second name for one file on a disk is no second copy; but ours can be computed again.
            let first = try one.library.cleanCache()
            #expect(first.files == 1 && first.refused == 1)
            #expect(try one.isCached("one", by: Place.other) && one.words("one") == "ours fetched")
            try one.setRemoteApart()
            let before = try one.store.version(ofBranch: "analyses")
            let cleaned = try one.library.cleanCache()
            #expect(cleaned.files == 2 && cleaned.refused == 0 && cleaned.bytes == 10)
            #expect(try one.store.version(ofBranch: "analyses") == before, "the entry is everybody's")
            #expect(try !one.isCached("one") && !one.isCached("one", by: Place.other))
            try one.expectSound()
            // What was removed to save space is not brought back by itself.
            _ = try one.library.sync()
            #expect(try !one.isCached("one"))
            #expect(try one.words("one", by: Place.other) == "theirs fetched")
            #expect(try one.words("one") == "ours fetched")
            _ = try other.library.sync()
            #expect(try other.words("one") == "ours hit")
        }
    }

    /// Nothing stands in the way of a push, also when what it named was removed before anybody else had it.
    @Test func whatWasRemovedBeforeItWasSharedBlocksNoSync() throws {
        try withLaptops { one, other in
            try one.library.settings.set(.cacheTTL, to: "0")
            try one.keep(bytes("ours"), of: "one")
            #expect(try one.library.cleanCache().files == 1)
            try one.add("two.wav", frequency: 900)
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try titles(other.session) == ["one", "two"])
            #expect(try other.entry("one")?.summary.rawSize == 1000 && other.words("one") == nil)
            try other.keep(bytes("ours"), of: "one")
            _ = try other.library.sync()
            _ = try one.library.sync()
            #expect(try one.words("one") != nil)
            try one.expectSound()
        }
    }

    @Test func invalidatingReachesAll() throws {
        try withLaptops { one, other in
            try one.keep(bytes("ours"), of: "one")
            _ = try one.library.sync()
            _ = try other.library.sync()
            #expect(try other.session.invalidateAnalyses(of: "one") == 1)
            _ = try other.library.sync()
            _ = try one.library.sync()
            #expect(try one.words("one") == nil && one.library.cacheReport().analyses.entries == 0)
        }
    }

    @Test func warmingBringsWhatWasUsedMostAsFarAsThereIsRoom() throws {
        try withLaptops { one, other in
            try one.add("two.wav", frequency: 900)
            try one.add("three.wav", frequency: 950)
            let large = [UInt8](repeating: 1, count: 700_000)
            for (number, name) in ["one", "two", "three"].enumerated() {
                try one.keep(large + [UInt8(number)], of: name)
            }
            _ = try one.library.sync()
            _ = try other.library.sync()
            for (times, name) in ["one", "two", "three"].enumerated() {
                for _ in 0...times { _ = try other.ask(name) }
            }
            try other.library.settings.set(.cacheTTL, to: "0")
            #expect(try other.library.cleanCache().files == 3)
            try other.limit(to: 1)
            let warmed = try other.session.warm("")
            #expect(warmed.fetched == (1, 700_001))
            #expect(try other.isCached("three") && !other.isCached("two"))
            try other.limit(to: 100)
            #expect(try other.session.warm("one").fetched.analyses == 1)
            #expect(try other.isCached("one") && !other.isCached("two"))
        }
    }
}
