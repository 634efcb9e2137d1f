import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Stems, by hand and by separators that are well or badly behaved, with the built command.
@Suite struct StemTests {
    /// A separator of these shell commands; `$1` is the audio, `$2` the folder that it writes to.
    private static func separator(_ studio: Studio, _ commands: String) throws -> Word {
        let path = studio.work.appending("separator.sh")
        try FileSystem.write("#!/bin/sh\n\(commands)\n", to: path, mode: 0o755)
        return Word("\(path) {in} {out}")
    }

    private static func types(_ studio: Studio, _ id: String) throws -> [String] {
        let stems = try studio.json("stem", "ls", "\(id)").done().json()["stems"]?.asArray ?? []
        return stems.compactMap { $0["type"]?.asString }
    }

    @Test func aStemIsAddedReplacedAndRemoved() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let (one, two) = (
                Word(try studio.sound("one.wav", seed: 2)), Word(try studio.sound("two.wav", seed: 3))
            )
            func add(_ file: Word) throws -> JSON {
                try studio.json("stem", "add", "\(id)", "--type", "drums", file).done().json()
            }
            let added = try add(one)
            #expect(added["what"] == "added" && added["stem"]?["type"] == "drums" && added["stem"]?["here"] == true)
            #expect(try studio.expectUnchanged { try add(one) }["what"] == "unchanged")
            #expect(try add(two)["what"] == "replaced")
            #expect(
                try studio.offbeat("cat", "\(id)", "--stem", "drums").done().out
                    == FileSystem.read(studio.work.appending("two.wav")))
            try studio.offbeat("undo").done()
            #expect(
                try studio.offbeat("cat", "\(id)", "--stem", "drums").done().out
                    == FileSystem.read(studio.work.appending("one.wav")))
            #expect(try studio.json("stem", "rm", "\(id)", "drums").done().json()["what"] == "removed")
            #expect(try Self.types(studio, id) == [])
            try studio.offbeat("undo").done()
            #expect(try Self.types(studio, id) == ["drums"])
            try studio.json("stem", "add", "\(id)", "--type", "master", one).expectFailure(2, "usage")
            try studio.json("stem", "rm", "\(id)", "bass").expectFailure(3, "not-found")
            try studio.json("stem", "rm", "\(id)").expectFailure(2, "usage")
            try studio.json("stem", "rm", "\(id)", "drums", "--type", "drums").expectFailure(2, "usage")
            #expect(try studio.json("stem", "rm", "\(id)", "--type", "drums").done().json()["what"] == "removed")
            try studio.git("lfs", "fsck").done()
        }
    }

    @Test func aSeparatorGivesAllItsStemsAsOneVersion() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            for (name, seed) in [("drums", 5), ("vocals", 6)] as [(String, UInt64)] {
                try studio.sound(FilePath("parts/\(name).wav"), seed: seed)
            }
            let good = try Self.separator(
                studio,
                #"mkdir -p "$2/model/song" && cp parts/*.wav "$2/model/song/" && test -s "$1""#
                    .replacing("parts", with: "\(studio.work)/parts"))
            let before = try studio.head()
            let made = try studio.json("stem", "separate", "\(id)", "--with", good).done().json()
            #expect(made["added"] == ["drums", "vocals"] && made["failed"] == [])
            #expect(try studio.git("rev-parse", "main~1").done().line == before)
            try studio.offbeat("config", "set", "stems.separator", good).done()
            #expect(try studio.json("stem", "separate", "\(id)").done().json()["unchanged"] == ["drums", "vocals"])
            // What was made from earlier audio says so.
            try studio.offbeat("replace", "\(id)", Word(try studio.sound("new.wav", seed: 9))).done()
            let stems = try studio.json("stem", "ls", "\(id)").done().json()["stems"]?.asArray ?? []
            #expect(stems.count == 2 && stems.allSatisfy { $0["stale"] == true })
            try studio.git("lfs", "fsck").done()
        }
    }

    @Test(arguments: [
        ("exit 3", 1), ("sleep 60", 1), ("true", 1), ("head -c 300000000 /dev/zero >\"$2/drums.wav\"", 4),
    ])
    func aSeparatorThatDoesNotDoItsWorkChangesNothing(commands: String, status: Int32) throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let bad = try Self.separator(studio, commands)
            let outcome = try studio.expectUnchanged {
                try studio.json("stem", "separate", "\(id)", "--with", bad, "--timeout", "2")
            }
            #expect(outcome.status == status, "\(outcome)")
            #expect(try Self.types(studio, id) == [])
            let left = try studio.run(["ls", "-A", Word(studio.store.appending("lfs/tmp"))]).done().text
            #expect(left.isEmpty, "\(left)")
        }
    }

    /// The separator ends with it, and so does all that it started and wrote.
    @Test func interruptingASeparatorChangesNothing() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let note = studio.work.appending("runs")
            let slow = try Self.separator(studio, "cp \"$1\" \"$2/drums.wav\"; echo $$ >'\(note)'; sleep 100")
            let outcome = try studio.expectUnchanged {
                let running = try studio.start(
                    [Word(Scenarios.program()), "--json", "stem", "separate", "\(id)", "--with", slow])
                let watch = Stopwatch()
                while try (FileSystem.readIfExists(note) ?? []).isEmpty, watch.seconds < 60 { usleep(5000) }
                running.child.interrupt()
                return try running.outcome(timeout: 60)
            }
            try outcome.expectFailure(130, "interrupted")
            let separator = String(decoding: try FileSystem.read(note), as: UTF8.self)
            #expect(!FileSystem.exists(FilePath("/proc/\(separator.filter(\.isNumber))")), "it is still at work")
            let left = try studio.run(["ls", "-A", Word(studio.store.appending("lfs/tmp"))]).done().text
            #expect(left.isEmpty, "\(left)")
        }
    }

    /// One undo takes back all that a separator gave, also when others have it already.
    @Test func aSeparationIsTakenBackAsAWholeAfterASync() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            for (name, seed) in [("drums", 5), ("vocals", 6)] as [(String, UInt64)] {
                try studio.sound(FilePath("parts/\(name).wav"), seed: seed)
            }
            let remote = Word(studio.root.appending("remote.git"))
            try studio.offbeat("remote", "add", "origin", remote).done()
            let good = try Self.separator(studio, "cp '\(studio.work)'/parts/*.wav \"$2/\"")
            try studio.offbeat("stem", "separate", "\(id)", "--with", good).done()
            try studio.offbeat("sync").done()
            let other = Word(studio.root.appending("other"))
            try studio.offbeat("clone", remote, other, "--user", "ben").done()
            try studio.offbeat("undo").done()
            #expect(try Self.types(studio, id) == [])
            try studio.offbeat("sync").done()
            try studio.offbeat("--store", other, "sync").done()
            let there = try studio.json("--store", other, "stem", "ls", "\(id)").done().json()
            #expect(there["stems"] == [])
            try studio.expectSound()
        }
    }

    @Test func stemsTravel() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat(
                "stem", "add", "\(id)", "--type", "bass", Word(try studio.sound("bass.wav", seed: 4))
            ).done()
            let remote = Word(studio.root.appending("remote.git"))
            try studio.offbeat("remote", "add", "origin", remote).done()
            try studio.offbeat("sync").done()
            let other = studio.root.appending("other")
            try studio.offbeat("clone", remote, Word(other), "--user", "ben").done()
            let there = try studio.json("--store", Word(other), "stem", "ls", "\(id)").done().json()
            #expect(there["stems"]?.asArray?.first?["here"] == true)
        }
    }
}
