import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// `add` of an exported folder, and `add --move`, as a person does it, and where it is cut off.
@Suite struct AddFolderTests {
    @Test func editsGoOutAndComeBack() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack("song.wav", seed: 1)
            let other = try studio.addedTrack("other.wav", seed: 2)
            try studio.offbeat("export", "out").done()
            for seed in 10..<12 as Range<UInt64> {
                try studio.sound("out/song.wav", seed: seed)
                let document = try studio.json("add", "out").done().json()
                #expect(document["replaced"]?.asArray?.map { $0["id"] } == [.string(id)], "\(document)")
                #expect(document["present"] == [.string(other)] && document["missing"] == [])
                let song = try FileSystem.read(studio.work.appending("out/song.wav"))
                #expect(try studio.offbeat("cat", "\(id)").done().out == song)
            }
            try FileSystem.remove(studio.work.appending("out/other.wav"))
            let document = try studio.json("add", "out").done().json()
            #expect(document["missing"] == [["path": "out/other.wav", "id": .string(other)]])
            #expect(try studio.tracks().count == 2)
            try studio.expectSound()
        }
    }

    @Test func whatChangedOnBothSidesIsAPartlyDoneCommand() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack("song.wav", seed: 1)
            try studio.offbeat("export", "out").done()
            try studio.sound("out/song.wav", seed: 2)
            try studio.offbeat("replace", "\(id)", Word(studio.sound("mine.wav", seed: 3))).done()
            let outcome = try studio.json("add", "out")
            let failed = try outcome.json()["failed"]?.asArray?.first
            #expect(outcome.status == 1 && failed?["path"] == "out/song.wav", "\(outcome)")
            #expect(failed?["hint"]?.asString?.contains("offbeat replace") == true)
        }
    }

    /// At any call that changes files: the original is there, or the library has its bytes for good.
    @Test(.enabled(if: Scenarios.canDisturb, "programs cannot be traced here"))
    func aMoveThatIsKilledLosesNothing() throws {
        try Studio.withStore { studio in
            func killed(at call: Int?, _ sound: FilePath) throws -> [DisturbedCall] {
                let words = [Word(try Scenarios.program()), "add", "--move", Word(sound)]
                return try studio.trace(words, disturbing: call).calls
            }
            let calls = try killed(at: nil, studio.sound("first.wav", seed: 1)).count
            let step = Scenarios.areLongOnesWanted ? 1 : max(1, calls / 5)
            for call in stride(from: Int.random(in: 1...step), through: calls, by: step) {
                let sound = try studio.sound(FilePath("move \(call).wav"), seed: 100 + UInt64(call))
                let bytes = try FileSystem.read(sound)
                _ = try killed(at: call, sound)
                if FileSystem.exists(sound) {
                    let document = try studio.json("add", "--move", Word(sound)).done().json()
                    #expect(document["moved"] == [.string(sound.string)], "\(call): \(document)")
                }
                #expect(!FileSystem.exists(sound))
                #expect(try studio.offbeat("cat", "move \(call)").done().out == bytes, "\(call)")
            }
            try studio.expectSound()
        }
    }

    @Test func whatCannotBeRemovedIsNamed() throws {
        try Studio.withStore { studio in
            let sound = try studio.sound("song.wav", seed: 1)
            let link = studio.work.appending("link.wav")
            try FileSystem.symbolicLink(to: sound, at: link)
            let outcome = try studio.json("add", "--move", Word(link))
            #expect(outcome.status == 1)
            let document = try outcome.json()
            #expect(document["added"]?.asArray?.count == 1 && document["moved"] == [])
            #expect(document["failed"]?.asArray?.first?["path"] == .string(link.string))
        }
    }

    @Test(.enabled(if: Scenarios.canMount, "file systems cannot be mounted here"))
    func originalsThatMayNotBeRemovedStay() throws {
        try Studio.withStore { studio in
            try SmallDisk.with(at: studio.root, size: "4m") { disk in
                let sound = try studio.sound(disk.path.appending("song.wav"), seed: 1)
                try disk.setReadOnly(true)
                let outcome = try studio.json("add", "--move", Word(sound))
                let failed = try outcome.json()["failed"]?.asArray?.first
                #expect(outcome.status == 1 && failed?["path"] == .string(sound.string), "\(outcome)")
                #expect(try FileSystem.exists(sound) && studio.tracks().count == 1)
            }
        }
    }

    @Test(.enabled(if: Scenarios.canMount, "file systems cannot be mounted here"))
    func aListThatCannotBeWrittenIsNamed() throws {
        try Studio.withStore { studio in
            try SmallDisk.with(at: studio.root, size: "4m") { disk in
                let id = try studio.addedTrack("song.wav", seed: 1)
                try studio.offbeat("export", Word(disk.path.appending("out"))).done()
                try studio.sound(disk.path.appending("out/song.wav"), seed: 2)
                try disk.setReadOnly(true)
                let outcome = try studio.json("add", Word(disk.path.appending("out")))
                let document = try outcome.json()
                #expect(outcome.status == 1 && document["replaced"]?.asArray?.count == 1, "\(outcome)")
                try disk.setReadOnly(false)
                // The list is mended by the next one.
                #expect(
                    try studio.json("add", Word(disk.path.appending("out"))).done().json()["present"] == [
                        .string(id)
                    ])
                try studio.sound(disk.path.appending("out/song.wav"), seed: 3)
                let next = try studio.json("add", Word(disk.path.appending("out"))).done().json()
                #expect(next["replaced"]?.asArray?.count == 1)
            }
        }
    }
}
