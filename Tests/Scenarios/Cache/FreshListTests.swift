import Catalog
import Files
import TestSupport
import Testing

/// The stories that the index is there for: whatever is done, the very next list shows it.
@Suite struct FreshListTests {
    enum Hindrance: String, CaseIterable { case none, turnedOff, unwritable }

    @Test(arguments: Hindrance.allCases) func theNextListShowsWhatWasDone(_ hindrance: Hindrance) throws {
        try Studio.withStore { studio in
            let cache = studio.store.appending("cache")
            switch hindrance {
            case .none: break
            case .turnedOff: try studio.offbeat("config", "set", "cache.enabled", "false").done()
            // A file in its place stops root too.
            case .unwritable:
                try FileSystem.removeTree(cache)
                try FileSystem.write([], to: cache)
            }
            func titles() throws -> [String] {
                let list = try studio.json("ls", "--sort", "title").done().json()
                if hindrance != .none { #expect(list["cache"] == "built") }
                return list["tracks"]?.asArray?.compactMap { $0["title"]?.asString } ?? []
            }
            #expect(try titles().isEmpty)
            let first = try studio.addedTrack("first.wav", seed: 1)
            #expect(try titles() == ["first"], "an upload appears at once")
            let second = try studio.addedTrack("second.wav", seed: 2)
            #expect(try titles() == ["first", "second"])
            try studio.offbeat("edit", "\(second)", "title=a new name").done()
            #expect(try titles() == ["a new name", "first"], "and a rename")
            try studio.offbeat("rm", "\(first)").done()
            #expect(try titles() == ["a new name"], "and a deletion")
            try studio.offbeat("undo").done()
            #expect(try titles() == ["a new name", "first"], "and what is taken back")
            if hindrance == .turnedOff {
                #expect(!FileSystem.exists(cache.appending("index.db")))
                try studio.json("cache", "warm").expectFailure(4, "wrong-state")
            }
        }
    }

    @Test func aSyncSaysWhichViewsItTouchedAndMakesThemReady() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let (remote, other) = (Word(studio.root.appending("remote.git")), Word(studio.root.appending("other")))
            try studio.offbeat("remote", "add", "origin", remote).done()
            #expect(try studio.json("sync").done().json()["invalidated"] == [])
            try studio.offbeat("clone", remote, other, "--user", "ana").done()
            #expect(try studio.json("sync").done().json()["invalidated"] == [])
            try studio.offbeat("--store", other, "edit", "\(id)", "title=Theirs").done()
            try studio.offbeat("--store", other, "sync").done()
            #expect(try studio.json("sync").done().json()["invalidated"] == ["picker"])
            #expect(!FileSystem.exists(studio.store.appending("cache/index.db")), "nobody had asked for a list")
            try studio.offbeat("ls").done()
            try studio.offbeat("--store", other, "workspace", "add", "band").done()
            try studio.offbeat("--store", other, "post", "new", "-w", "band", "News").done()
            try studio.offbeat("--store", other, "edit", "\(id)", "title=Later").done()
            try studio.offbeat("--store", other, "sync").done()
            #expect(try studio.json("sync").done().json()["invalidated"] == ["history:band", "picker"])
            let list = try studio.json("ls").done().json()
            #expect(list["cache"] == "hit" && list["tracks"]?.asArray?.first?["title"] == "Later")
            #expect(try studio.cacheStats()["invalidations"]?["sync"] == 1)
        }
    }
}
