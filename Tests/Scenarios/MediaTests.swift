import Catalog
import Files
import TestSupport
import Testing

/// Disks that are full, and disks that may not be written to.
@Suite(.enabled(if: Scenarios.canMount, "only root can mount a small disk")) struct MediaTests {
    /// Calls `body` with a store of two tracks on a disk of its own, and sounds that lie elsewhere.
    private func withStoreOnADisk(_ size: String, _ body: (Studio, SmallDisk) throws -> Void) throws {
        try withTemporaryDirectory { root in
            let root = try FileSystem.realPath(root)
            try SmallDisk.with(at: root, size: size) { disk in
                let studio = try Studio(root: root, work: disk.path.appending("work"))
                try studio.offbeat("init", "--user", "ana").done()
                for seed in 1...2 as ClosedRange<UInt64> {
                    let song = try studio.sound(root.appending("sounds/song \(seed).wav"), seed: seed)
                    try studio.offbeat("add", Word(song)).done()
                }
                try body(studio, disk)
            }
        }
    }

    @Test func aFullDisk() throws {
        try withStoreOnADisk("4m") { studio, disk in
            let sound = Word(try studio.sound(studio.root.appending("sounds/new.wav"), seed: 3, frames: 40_000))
            // The less there is left, the earlier the command finds out.
            for rest in [0, 4, 8, 12, 16, 24, 32, 48, 64, 80, 88, 96].map({ $0 << 10 }) {
                let ballast = try disk.fill(leaving: rest)
                let before = (try studio.head(), try studio.listing())
                let outcome = try studio.json("add", sound)
                if outcome.status != 0 {
                    try outcome.expectFailure(1, "no-space")
                    #expect(try (studio.head(), studio.listing()) == before)
                }
                try FileSystem.remove(ballast)
                try studio.expectSound()
                if outcome.status == 0 { try studio.offbeat("rm", "new").done() }
            }
            try studio.offbeat("add", sound).done()
            try studio.expectSound()
            try studio.expectNoLeftovers()
        }
    }

    @Test func aDiskThatHoldsNoMoreFiles() throws {
        try withStoreOnADisk("4m,nr_inodes=180") { studio, disk in
            let sound = Word(try studio.sound(studio.root.appending("sounds/new.wav"), seed: 3))
            let ballast = disk.path.appending("ballast")
            try FileSystem.makeDirectory(ballast)
            var number = 0
            while (try? FileSystem.write("", to: ballast.appending("\(number)"))) != nil { number += 1 }
            let outcome = try studio.json("add", sound)
            try outcome.expectFailure(1, "no-space")
            #expect(!outcome.text.contains("are free"), "there are free bytes, and they do not help: \(outcome)")
            try FileSystem.removeTree(ballast)
            try studio.offbeat("add", sound).done()
            try studio.expectSound()
        }
    }

    @Test func aFullDiskWhileEditing() throws {
        try withStoreOnADisk("4m") { studio, disk in
            var done = 0
            for rest in stride(from: 0, through: 64, by: 4).map({ $0 << 10 }) {
                let ballast = try disk.fill(leaving: rest)
                let before = try studio.head()
                let outcome = try studio.json("edit", "song 1", "comment=\(rest)")
                if outcome.status == 0 { done += 1 } else { try outcome.expectFailure(1, "no-space") }
                #expect(try (studio.head() != before) == (outcome.status == 0))
                try FileSystem.remove(ballast)
                try studio.expectSoundRepository()
            }
            #expect(done > 0, "an edit must fit where there is some space")
            try studio.offbeat("edit", "song 1", "comment=at last").done()
        }
    }

    @Test func aFullDiskWhileExporting() throws {
        try withStoreOnADisk("4m") { studio, disk in
            try studio.sound(studio.root.appending("sounds/long.wav"), seed: 9, frames: 300_000)
            try studio.offbeat("add", Word(studio.root.appending("sounds/long.wav"))).done()
            let ballast = try disk.fill(leaving: 100 << 10)
            let outcome = try studio.json("export", Word(studio.work.appending("out")))
            #expect(outcome.status == 1, "\(outcome)")
            try FileSystem.remove(ballast)
            try studio.expectSound()
        }
    }

    @Test func initOnAFullDisk() throws {
        try withStoreOnADisk("4m") { studio, disk in
            let place = studio.work.appending("second")
            let ballast = try disk.fill(leaving: 20 << 10)
            try studio.json("init", Word(place)).expectFailure(1, "no-space")
            #expect(!FileSystem.exists(place.appending("HEAD")))
            try FileSystem.remove(ballast)
            try studio.offbeat("init", Word(place)).done()
        }
    }

    @Test func mediaThatMayNotBeWritten() throws {
        try withStoreOnADisk("4m") { studio, disk in
            let sound = Word(try studio.sound(studio.root.appending("sounds/new.wav"), seed: 3))
            let before = (try studio.head(), try studio.listing())
            try disk.setReadOnly(true)
            for words in [
                ["ls"], ["status"], ["show", "song 1"], ["log"], ["diff", "HEAD~1", "HEAD"], ["user", "ls"],
                ["config", "ls"], ["cat", "song 1"], ["export", Word(studio.root.appending("out"))],
            ] as [[Word]] {
                try studio.offbeat(words: words).done()
            }
            for words in [
                ["add", sound], ["edit", "song 1", "title=x"], ["rm", "song 1"], ["replace", "song 1", sound],
                ["user", "add", "ben"], ["config", "set", "user", "ana"], ["marker", "add", "song 1", "1f", "x"],
                ["init", Word(studio.work.appending("second"))],
            ] as [[Word]] {
                try studio.offbeat(words: ["--json"] + words).expectFailure(1, "read-only")
            }
            try disk.setReadOnly(false)
            #expect(try (studio.head(), studio.listing()) == before)
            try studio.expectSound()
            try studio.offbeat("add", sound).done()
        }
    }
}
