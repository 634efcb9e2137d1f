import Catalog
import Files
import TestSupport
import Testing

/// A store that is none, is too new or is damaged: each is told, and nothing is made worse.
@Suite struct BadStoreTests {
    private let reading: [[Word]] = [["ls"], ["status"], ["log"], ["show", "song"], ["cat", "song"]]
    private let writing: [[Word]] = [["add", "song.wav"], ["edit", "song", "title=x"], ["rm", "song"]]

    /// Expects one error of every command, and not a byte changed.
    private func expect(
        _ studio: Studio, _ place: FilePath, _ status: Int32, _ codes: [String], of calls: [[Word]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try fingerprint(of: place)
        for call in calls {
            let outcome = try studio.offbeat(words: ["--json", "--store", Word(place)] + call)
            let code = try outcome.json()["error"]?["code"]?.asString ?? ""
            #expect(outcome.status == status && codes.contains(code), "\(outcome)", sourceLocation: sourceLocation)
        }
        #expect(try fingerprint(of: place) == before, sourceLocation: sourceLocation)
    }

    // MARK: Not a store

    @Test func aPlaceThatDoesNotExist() throws {
        try Studio.with { studio in
            try studio.sound("song.wav", seed: 1)
            let place = studio.work.appending("nowhere")
            try expect(studio, place, 3, ["not-a-store"], of: reading + writing)
            #expect(!FileSystem.exists(place))
        }
    }

    @Test func anEmptyDirectory() throws {
        try Studio.with { studio in
            try studio.sound("song.wav", seed: 1)
            let place = studio.work.appending("empty")
            try FileSystem.makeDirectory(place)
            try expect(studio, place, 3, ["not-a-store"], of: reading + writing)
        }
    }

    @Test func aFile() throws {
        try Studio.with { studio in
            let place = try studio.sound("song.wav", seed: 1)
            try expect(studio, place, 3, ["not-a-store"], of: reading + writing)
        }
    }

    @Test func anEmptyRepository() throws {
        try Studio.with { studio in
            try studio.sound("song.wav", seed: 1)
            let place = studio.work.appending("bare")
            try studio.git("init", "-q", "--bare", "-b", "main", Word(place), in: studio.work).done()
            try expect(studio, place, 3, ["not-a-store"], of: reading + writing)
        }
    }

    @Test func somebodysSourceCode() throws {
        try Studio.with { studio in
            try studio.sound("song.wav", seed: 1)
            let place = studio.work.appending("code")
            try studio.git("init", "-q", "-b", "main", Word(place), in: studio.work).done()
            try FileSystem.write("int main;", to: place.appending("main.c"))
            try studio.git("add", "-A", in: place).done()
            try studio.git("commit", "-q", "-m", "Begin", in: place).done()
            for place in [place, place.appending(".git")] {
                try expect(studio, place, 3, ["not-a-store"], of: reading + writing)
            }
        }
    }

    // MARK: Too new

    @Test func aNewerFormat() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.changeStoreRecord { $0["format"] = 2 }
            try expect(studio, studio.store, 4, ["newer-format"], of: reading + writing + [["user", "add", "ben"]])
        }
    }

    @Test func newerMergeRules() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.changeStoreRecord { $0["merge"] = 2 }
            try expect(studio, studio.store, 4, ["newer-format"], of: reading + writing)
        }
    }

    @Test func unknownFieldsOfANewerProgramAreKept() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.changeStoreRecord { $0["x-new"] = ["a": [1, 2]] }
            try studio.offbeat("edit", "song", "title=x").done()
            let record = try JSON.parse(studio.git("show", "main:offbeat.json").done().out)
            #expect(record["x-new"] == ["a": [1, 2]])
        }
    }

    // MARK: Damaged

    @Test func aCorruptCommit() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.corrupt("main")
            try expect(studio, studio.store, 6, ["damaged"], of: reading + writing)
        }
    }

    @Test func aCorruptTree() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.corrupt("main^{tree}")
            try expect(studio, studio.store, 6, ["damaged"], of: reading + writing)
        }
    }

    @Test func aCorruptRecordObject() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let other = try studio.addedTrack("other.wav", seed: 2)
            try studio.corrupt("main:\(trackFolder(id))/track.json")
            try expectOneUnreadable(studio, id, beside: other)
        }
    }

    @Test func aMissingObject() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let other = try studio.addedTrack("other.wav", seed: 2)
            try FileSystem.remove(studio.looseObject("main:\(trackFolder(id))/track.json"))
            try expectOneUnreadable(studio, id, beside: other)
        }
    }

    @Test func aCorruptPack() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.git("gc", "-q", "--prune=now").done()
            let packs = studio.store.appending("objects/pack")
            for entry in try FileSystem.list(packs) where entry.name.fileExtension == "pack" {
                try studio.scribble(over: packs.appending(entry.name), from: 20)
            }
            try expect(studio, studio.store, 6, ["damaged"], of: reading + writing)
        }
    }

    @Test func aCorruptRef() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try FileSystem.write("scribble\n", to: studio.store.appending("refs/heads/main"))
            try expect(studio, studio.store, 6, ["damaged"], of: reading + writing)
        }
    }

    @Test func anEmptyRef() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try FileSystem.write("", to: studio.store.appending("refs/heads/main"))
            try expect(studio, studio.store, 6, ["damaged"], of: reading + writing)
        }
    }

    @Test func aMissingRef() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try FileSystem.remove(studio.store.appending("refs/heads/main"))
            try expect(studio, studio.store, 3, ["not-a-store"], of: reading + writing)
        }
    }

    @Test func aRefToACommitThatIsNotThere() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            let nowhere = String(repeating: "1234", count: 10)
            try FileSystem.write("\(nowhere)\n", to: studio.store.appending("refs/heads/main"))
            try expect(studio, studio.store, 6, ["damaged"], of: reading + writing)
        }
    }

    @Test(arguments: ["", "{", "[]", "{\"id\":1}", "\u{FEFF}{}", "null"])
    func aCorruptRecord(_ text: String) throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let other = try studio.addedTrack("other.wav", seed: 2)
            try studio.commit(text, to: "\(trackFolder(id))/track.json")
            try expectOneUnreadable(studio, id, beside: other)
        }
    }

    @Test func aRecordThatIsTooLarge() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let other = try studio.addedTrack("other.wav", seed: 2)
            let text = "{\"comment\":\"\(String(repeating: "x", count: 2 << 20))\"}"
            try studio.commit(text, to: "\(trackFolder(id))/track.json")
            try expectOneUnreadable(studio, id, beside: other)
        }
    }

    @Test func aRecordOfAnotherTrack() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let other = try studio.addedTrack("other.wav", seed: 2)
            let record = try studio.git("show", "main:\(trackFolder(other))/track.json").done().text
            try studio.commit(record, to: "\(trackFolder(id))/track.json")
            try expectOneUnreadable(studio, id, beside: other)
        }
    }

    /// One record that cannot be read is told of, and stands in the way of nothing else.
    private func expectOneUnreadable(
        _ studio: Studio, _ id: String, beside other: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try Array(studio.tracks().keys) == [other], sourceLocation: sourceLocation)
        let unreadable = try studio.json("status").done().json()["unreadable"]?.asArray ?? []
        #expect(unreadable.count == 1 && "\(unreadable)".contains(id), sourceLocation: sourceLocation)
        for call in [["show", "\(id)"], ["edit", "\(id)", "title=x"], ["cat", "\(id)"]] as [[Word]] {
            try studio.offbeat(words: ["--json"] + call)
                .expectFailure(6, "damaged", sourceLocation: sourceLocation)
        }
        try studio.offbeat("edit", "\(other)", "title=Goes on").done()
        #expect(try studio.track(other)["title"] == "Goes on", sourceLocation: sourceLocation)
    }

    @Test(arguments: ["scribble", "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize x\n"])
    func aCorruptPointer(_ text: String) throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.commit(text, to: "\(trackFolder(id))/audio.wav")
            #expect(try studio.track(id)["title"] == "song")
            #expect(try studio.tracks().count == 1)
            let outcome = try studio.json("cat", "\(id)")
            #expect([3, 6].contains(outcome.status), "\(outcome)")
            try studio.offbeat("replace", "\(id)", "song.wav").done()
            #expect(try studio.offbeat("cat", "\(id)").done().out == noise(seed: 1))
            try studio.expectSound()
        }
    }

    @Test func aMissingFile() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try FileSystem.remove(studio.file(of: id))
            #expect(try studio.track(id)["here"] == false)
            let status = try studio.json("status").done().json()["files"]
            #expect(status?["here"] == 0 && status?["missing"] == 1)
            try studio.json("cat", "\(id)").expectFailure(3, "not-found")
            let export = try studio.json("export", "out")
            #expect(try export.status == 1 && export.json()["failed"]?.asArray?.count == 1)
            try studio.offbeat("add", "song.wav").done()
            #expect(try studio.track(id)["here"] == true, "adding the file again brings it back")
            try studio.expectSound()
        }
    }

    @Test func aFileThatWasCutOff() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack(frames: 10_000)
            let file = try studio.file(of: id)
            try FileSystem.setMode(of: file, to: 0o644)
            try FileDescriptor.open(file, .write).truncate(to: 100)
            let outcome = try studio.offbeat("cat", "\(id)")
            #expect(outcome.status != 0, "half a file must not look like a whole one")
        }
    }

    @Test func withoutItsCachesAndNotes() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            for name in ["cache", "replica", "lfs/tmp", "lfs/incomplete", "offbeat.lock"] {
                try FileSystem.removeTree(studio.store.appending(name))
            }
            try studio.offbeat("edit", "\(id)", "title=Goes on").done()
            _ = try studio.addedTrack("other.wav", seed: 2)
            #expect(try studio.track(id)["title"] == "Goes on")
            try studio.expectSound()
        }
    }

    @Test func aCopyOfAStoreTakesAnIdOfItsOwn() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let copy = studio.root.appending("copy")
            try studio.run(["cp", "-a", Word(studio.store), Word(copy)]).done()
            var stamps: Set<String> = []
            for place in [studio.store, copy] {
                try studio.offbeat("--store", Word(place), "edit", "\(id)", "title=x").done()
                let record = try studio.git("show", "main:\(trackFolder(id))/track.json", in: place).done().out
                let stamp = try JSON.parse(record)["edits"]?["title"]?.asString ?? ""
                stamps.insert(String(stamp.split(separator: "@").last ?? ""))
            }
            #expect(stamps.count == 2)
        }
    }
}
