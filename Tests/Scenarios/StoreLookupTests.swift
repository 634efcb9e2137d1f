import Catalog
import Files
import TestSupport
import Testing

/// Which store a command works on.
@Suite struct StoreLookupTests {
    private func storeID(_ studio: Studio, in folder: FilePath? = nil, adding extra: [String: String] = [:]) throws
        -> String?
    {
        try studio.json("status", in: folder, adding: extra).done().json()["store"]?.asString
    }

    @Test func withoutANameItIsMadeInTheCurrentDirectory() throws {
        try Studio.with { studio in
            let document = try studio.json("init").done().json()
            #expect(document["store"]?.asString == studio.store.string)
            #expect(FileSystem.exists(studio.store.appending("HEAD")))
        }
    }

    @Test func theNearestAboveIsFound() throws {
        try Studio.withStore { studio in
            let deep = studio.work.appending("a/b/c")
            try FileSystem.makeDirectories(deep)
            #expect(try storeID(studio, in: deep) == studio.store.string)
            #expect(try storeID(studio, in: studio.store) == studio.store.string)
            try studio.offbeat("init", Word(studio.work.appending("a/.offbeat"))).done()
            #expect(try storeID(studio, in: deep) == studio.work.appending("a/.offbeat").string)
        }
    }

    @Test func theEnvironmentGoesBeforeTheNearest() throws {
        try Studio.withStore { studio in
            let other = studio.root.appending("other")
            try studio.offbeat("init", Word(other)).done()
            #expect(try storeID(studio, adding: ["OFFBEAT_STORE": other.string]) == other.string)
        }
    }

    @Test func theOptionGoesBeforeTheEnvironment() throws {
        try Studio.withStore { studio in
            let other = studio.root.appending("other")
            try studio.offbeat("init", Word(other)).done()
            let status = try studio.json(
                "status", "--store", Word(studio.store), adding: ["OFFBEAT_STORE": other.string])
            #expect(try status.done().json()["store"]?.asString == studio.store.string)
        }
    }

    @Test func theFirstOneMadeIsTheConfiguredOne() throws {
        try Studio.with { studio in
            let (first, second) = (studio.root.appending("first"), studio.root.appending("second"))
            try studio.offbeat("init", Word(first)).done()
            try studio.offbeat("init", Word(second)).done()
            #expect(try storeID(studio, in: studio.work) == first.string)
        }
    }

    @Test func whereThereIsNoneItSaysSo() throws {
        try Studio.with { studio in
            try studio.json("status").expectFailure(3, "not-a-store")
        }
    }

    @Test func aConfiguredOneThatIsGoneIsNamed() throws {
        try Studio.with { studio in
            let first = studio.root.appending("first")
            try studio.offbeat("init", Word(first)).done()
            try FileSystem.removeTree(first)
            let outcome = try studio.json("status")
            try outcome.expectFailure(3, "not-a-store")
            #expect(outcome.text.contains(first.string))
        }
    }

    @Test func aSecondInitAtOnePlaceIsRefused() throws {
        try Studio.withStore { studio in
            try studio.expectUnchanged { try studio.json("init").expectFailure(4, "wrong-state") }
        }
    }

    @Test func initInAFullDirectoryIsRefused() throws {
        try Studio.with { studio in
            try studio.sound("song.wav", seed: 1)
            let outcome = try studio.json("init", Word(studio.work))
            try outcome.expectFailure(4, "wrong-state")
            #expect(try FileSystem.list(studio.work).map(\.name) == ["song.wav"])
        }
    }
}
