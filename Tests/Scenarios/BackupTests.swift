import Catalog
import Files
import TestSupport
import Testing

/// What people do with a directory that they take for files like any other: they copy it, and put back an older one.
struct BackupTests {
    @Test func aCopyThatIsUsedOnIsAStoreOfItsOwn() throws {
        try Studio.withStore { studio in
            let track = try studio.addedTrack()
            let copy = studio.work.appending("copy")
            try studio.run(["cp", "-r", Word(studio.store), Word(copy)]).done()
            let own = try id(ofReplicaIn: studio.store)

            let check = try studio.offbeat("--json", "--store", Word(copy), "fsck")
            #expect(check.status != 0)
            let kinds = try check.json()["problems"]?.asArray?.map { $0["kind"]?.asString }
            #expect(kinds == ["replica"])
            for (store, title) in [(copy, "Copy"), (studio.store, "Original"), (copy, "Copy again")] {
                try studio.offbeat("--store", Word(store), "edit", "\(track)", "title=\(title)").done()
                try studio.offbeat("--store", Word(store), "fsck", "--deep").done()
            }
            #expect(try id(ofReplicaIn: studio.store) == own)
            #expect(try id(ofReplicaIn: copy) != own)
            #expect(try studio.track(track)["title"] == "Original")
            let other = try studio.json("--store", Word(copy), "show", "\(track)").done().json()
            #expect(other["title"] == "Copy again")
            try studio.expectSound()
        }
    }

    private func id(ofReplicaIn store: FilePath) throws -> String? {
        try JSON.parse(FileSystem.read(store.appending("replica")))["id"]?.asString
    }

    /// The caches are today's, as when a backup leaves them out and only the rest is put back.
    @Test(arguments: [true, false]) func aStoreOfYesterdayGoesOnFromThere(keepsCaches: Bool) throws {
        try Studio.withStore { studio in
            try studio.sound("songs/old.wav", seed: 1)
            SystemClock.sleep(seconds: 2.1)
            try studio.offbeat("add", "songs").done()
            let yesterday = studio.work.appending("yesterday")
            try studio.run(["cp", "-a", Word(studio.store), Word(yesterday)]).done()
            try studio.sound("songs/new.wav", seed: 2)
            try studio.sound("songs/old.wav", seed: 3)
            SystemClock.sleep(seconds: 2.1)
            try studio.offbeat("add", "songs").done()
            let today = try studio.tracks()
            #expect(today.count == 3)

            let lost = studio.work.appending("lost")
            try FileSystem.rename(studio.store, to: lost)
            try studio.run(["cp", "-a", Word(yesterday), Word(studio.store)]).done()
            if keepsCaches {
                try FileSystem.removeTree(studio.store.appending("cache"))
                try FileSystem.rename(lost.appending("cache"), to: studio.store.appending("cache"))
            }
            try FileSystem.removeTree(lost)
            let old = try #require(studio.tracks().keys.first)
            #expect(try studio.tracks().count == 1)
            try studio.offbeat("edit", "\(old)", "title=After all").done()
            try studio.offbeat("add", "songs").done()
            #expect(try Set(studio.tracks().keys) == Set(today.keys))
            for id in today.keys {
                #expect(try studio.offbeat("cat", "\(id)").done().out.count > 1000)
            }
            try studio.offbeat("fsck", "--deep").done()
            try studio.expectSound()
        }
    }
}
