import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// A store is a git repository, and a clone of it gives anyone the records and the audio.
@Suite struct InteropTests {
    @Test func gitFindsNothingWrongAfterEachCommand() throws {
        try Studio.with { studio in
            try studio.offbeat("init", "--user", "ana").done()
            try studio.expectSound()
            let id = try studio.addedTrack()
            try studio.expectSound()
            let steps: [[Word]] = [
                ["edit", "\(id)", "title=Night Train", "+live"], ["marker", "add", "\(id)", "40f", "drop"],
                ["replace", "\(id)", Word(try studio.sound("other.wav", seed: 2))],
                ["marker", "rm", "\(id)", "drop"],
                ["user", "add", "ben"], ["rm", "\(id)"],
            ]
            for step in steps {
                try studio.offbeat(words: step).done()
                try studio.expectSound()
            }
            let log = try studio.git("log", "--stat", "--format=%s").done().text
            for part in ["Night Train", "track.json", "audio.wav", "people/"] { #expect(log.contains(part)) }
            #expect(try studio.git("rev-list", "--count", "main").done().line == "8")
        }
    }

    @Test func gitFindsNothingWrongAfterAFolderWasAdded() throws {
        try Studio.withStore { studio in
            for number in 0..<300 {
                try studio.sound(FilePath("album/\(number).wav"), seed: UInt64(number), frames: 50)
            }
            try studio.offbeat("add", "album").done()
            try studio.expectSound()
            #expect(try studio.tracks().count == 300)
            #expect(try studio.git("rev-list", "--count", "main").done().line == "2")
        }
    }

    @Test func aCloneByGitHasTheAudioByteForByte() throws {
        try Studio.withStore { studio in
            var sounds: [String: [UInt8]] = [:]
            for number in 0..<3 {
                let name = FilePath("song \(number).wav")
                let id = try studio.addedTrack(name, seed: UInt64(number), frames: 5000)
                sounds[id] = try FileSystem.read(studio.work.appending(name))
            }
            let clone = try studio.clone()
            for (id, bytes) in sounds {
                let audio = clone.appending(trackFolder(id)).appending("audio.wav")
                #expect(try FileSystem.read(audio) == bytes)
            }
            #expect(try studio.git("lfs", "fsck", in: clone).status == 0)
            #expect(try studio.git("status", "--porcelain", in: clone).done().text == "")
        }
    }

    @Test func recordsInACloneAreCanonicalJSON() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "title=Zoë — \"A/B\"", "bpm=128.5", "year=1999", "+b", "+a").done()
            let clone = try studio.clone()
            let records = try studio.git("ls-files", "*.json", in: clone).done().text.split(separator: "\n")
            #expect(records.count == 3)  // the store, a person, a track
            for record in records {
                let bytes = try FileSystem.read(clone.appending(String(record)))
                #expect(try JSON.parse(bytes).canonical() == bytes, "\(record)")
            }
        }
    }

    @Test(.enabled(if: isInstalled("python3"))) func anotherReaderAgreesOnCanonicalJSON() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "title=Zoë", "bpm=0.1", "rating=4", "+ß", "+a").done()
            let clone = try studio.clone()
            let script = """
                import json, sys
                text = open(sys.argv[1], encoding='utf-8').read()
                again = json.dumps(json.loads(text), indent=2, ensure_ascii=False, sort_keys=True) + '\\n'
                sys.exit(text != again)
                """
            let record = clone.appending(trackFolder(id)).appending("track.json")
            try studio.run(["python3", "-c", "\(script)", Word(record)]).done()
        }
    }

    @Test func aRecordThatGitEditedAndPushedIsShown() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "artist=Ana").done()
            let clone = try studio.clone()
            let record = clone.appending(trackFolder(id)).appending("track.json")
            var fields = try JSON.parse(FileSystem.read(record)).asObject ?? [:]
            fields["title"] = "By hand"
            fields["x-mood"] = "dark"
            // Written as a person's editor might, not canonically.
            try FileSystem.write("\(JSON.object(fields))", to: record)
            try studio.push(from: clone, because: "Rename by hand")

            let track = try studio.track(id)
            #expect(track["title"]?.asString == "By hand")
            #expect(track["artist"]?.asString == "Ana")
            #expect(try studio.json("log").done().text.contains("Rename by hand"))
            try studio.offbeat("edit", "\(id)", "year=2026").done()
            #expect(try studio.track(id)["title"]?.asString == "By hand")
            try studio.git("pull", "-q", "--rebase", in: clone).done()
            let after = try JSON.parse(FileSystem.read(record))
            #expect(after["x-mood"] == "dark" && after["year"] == 2026)
            #expect(try FileSystem.read(record) == after.canonical())
        }
    }

    @Test func audioThatGitReplacedAndPushedIsTheTracksAudio() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack(seed: 1)
            let clone = try studio.clone()
            let other = noise(seed: 2, frames: 3000)
            try FileSystem.write(other, to: clone.appending(trackFolder(id)).appending("audio.wav"))
            try studio.push(from: clone, because: "Another take")
            #expect(try studio.offbeat("cat", "\(id)").done().out == other)
            let audio = try studio.track(id)["audio"]
            #expect(audio?["size"]?.asInteger == Int64(other.count))
            #expect(audio?["frames"] == .null, "facts of the file before must not be told of this one")
        }
    }

    @Test func aTrackThatGitRemovedIsGone() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let clone = try studio.clone()
            try studio.git("rm", "-q", "-r", Word(trackFolder(id)), in: clone).done()
            try studio.push(from: clone, because: "Away")
            try studio.json("show", "\(id)").expectFailure(3, "not-found")
            try studio.offbeat("add", "song.wav").done()
            #expect(try studio.tracks().keys.sorted() == [id])
            try studio.expectSound()
        }
    }

    @Test func aPackedStoreWorksOn() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.git("gc", "-q", "--aggressive", "--prune=now").done()
            try studio.offbeat("edit", "\(id)", "title=Packed").done()
            #expect(try studio.track(id)["title"]?.asString == "Packed")
            try studio.expectSound()
        }
    }
}

/// Where a track lies in the tree.
func trackFolder(_ id: String) -> FilePath {
    let digits = id.prefix(3).map(String.init)
    return FilePath("tracks/\(digits.joined(separator: "/"))/\(id)")
}

extension Studio {
    /// Clones the store with plain git and git-lfs, and answers where.
    func clone(_ name: String = "clone") throws -> FilePath {
        let place = root.appending(name)
        let filters: [Word] = [
            "-c", "filter.lfs.smudge=git-lfs smudge -- %f", "-c", "filter.lfs.process=git-lfs filter-process",
            "-c", "filter.lfs.required=true",
        ]
        try run(["git"] + filters + ["clone", "-q", Word(store), Word(place)]).done()
        try git("lfs", "install", "--local", in: place).done()
        return place
    }

    /// Commits everything in a clone and pushes it into the store.
    func push(from clone: FilePath, because reason: String) throws {
        try git("add", "-A", in: clone).done()
        try git("commit", "-q", "-m", "\(reason)", in: clone).done()
        try git("push", "-q", "origin", "HEAD:main", in: clone).done()
    }
}
