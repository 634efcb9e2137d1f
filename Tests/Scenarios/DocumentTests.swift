import Catalog
import Files
import TestSupport
import Testing

/// With `--json` each command gives exactly one document, with the keys that scripts were promised.
@Suite struct DocumentTests {
    private static let track = [
        "id", "title", "artist", "album", "genre", "year", "trackNumber", "comment", "rating", "bpm", "key", "tags",
        "owner", "audio", "stems", "analyses", "conflicts", "created", "modified", "here",
    ]

    private func expectKeys(
        _ keys: [String], of document: JSON?, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let present = try #require(document?.asObject).keys
        for key in keys {
            #expect(present.contains(key), "\(key) in \(present)", sourceLocation: sourceLocation)
        }
    }

    private func document(_ studio: Studio, _ words: Word...) throws -> JSON {
        try studio.offbeat(words: ["--json"] + words).done().json()
    }

    @Test func ofInit() throws {
        try Studio.with { studio in
            try expectKeys(["store", "id", "version"], of: document(studio, "init"))
        }
    }

    @Test func ofStatus() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            let status = try document(studio, "status")
            try expectKeys(
                [
                    "store", "version", "user", "tracks", "posts", "remote", "files", "conflicts", "waiting",
                    "unreadable",
                ], of: status)
            try expectKeys(["here", "missing", "toUpload", "bytesToUpload"], of: status["files"])
            #expect(status["tracks"] == 1 && status["files"]?["here"] == 1 && status["user"] == "ana")
            #expect(try status["version"]?.asString == studio.head())
        }
    }

    @Test func ofPeople() throws {
        try Studio.withStore { studio in
            let added = try document(studio, "user", "add", "ben", "--name", "Ben", "--email", "ben@example.org")
            #expect(added["handle"] == "ben" && added["name"] == "Ben" && added["email"] == "ben@example.org")
            let users = try document(studio, "user", "ls")["users"]?.asArray ?? []
            #expect(users.compactMap { $0["handle"]?.asString }.sorted() == ["ana", "ben"])
        }
    }

    @Test func ofAdd() throws {
        try Studio.withStore { studio in
            let song = try studio.sound("new song.wav", seed: 1, frames: 4410)
            let added = try document(
                studio, "add", Word(song), "--title", "T", "--artist", "A", "--album", "B", "--tag", "x", "--tag",
                "y",
                "--no-analyze")
            try expectKeys(["version", "added", "replaced", "present", "skipped", "failed"], of: added)
            let track = try #require(added["added"]?.asArray?.first)
            try expectKeys(Self.track, of: track)
            try expectKeys(
                ["oid", "size", "name", "format", "frames", "sampleRate", "channels", "durationMs"],
                of: track["audio"])
            #expect(track["title"] == "T" && track["artist"] == "A" && track["album"] == "B")
            #expect(track["tags"] == ["x", "y"] && track["owner"] == "ana" && track["here"] == true)
            let audio = try #require(track["audio"])
            #expect(audio["frames"] == 4410 && audio["durationMs"] == 100 && audio["name"] == "new song.wav")
            #expect(try added["version"]?.asString == studio.head())
        }
    }

    @Test func ofAddingWhatIsThere() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let again = try studio.expectUnchanged { try document(studio, "add", "song.wav") }
            #expect(again["added"] == [] && again["present"] == [.string(id)])
        }
    }

    @Test func ofAddingAFolder() throws {
        try Studio.withStore { studio in
            try studio.sound("in/a.wav", seed: 1)
            try studio.sound("in/deeper/b.wav", seed: 2)
            try studio.sound("in/.hidden/c.wav", seed: 3)
            try FileSystem.write("no audio", to: studio.work.appending("in/read me.txt"))
            let added = try document(studio, "add", "in")
            #expect(added["added"]?.asArray?.compactMap { $0["title"]?.asString } == ["a", "b"])
            #expect(added["skipped"] == ["in/read me.txt"] && added["failed"] == [])
        }
    }

    @Test func ofAddWithOneBadFile() throws {
        try Studio.withStore { studio in
            try studio.sound("a.wav", seed: 1)
            try FileSystem.write("no audio", to: studio.work.appending("b.wav"))
            let outcome = try studio.json("add", "a.wav", "b.wav", "missing.wav")
            #expect(outcome.status == 1)
            let document = try outcome.json()
            #expect(document["added"]?.asArray?.count == 1)
            let failed = try #require(document["failed"]?.asArray)
            #expect(failed.compactMap { $0["path"]?.asString }.sorted() == ["b.wav", "missing.wav"])
            for failure in failed { #expect(failure["reason"]?.asString?.isEmpty == false) }
        }
    }

    @Test func ofListing() throws {
        try Studio.withStore { studio in
            for number in 0..<5 { _ = try studio.addedTrack(FilePath("song \(number).wav"), seed: UInt64(number)) }
            var page = try document(studio, "ls", "--sort", "title", "--limit", "2")
            try expectKeys(["version", "total", "tracks", "next", "cache"], of: page)
            #expect(page["total"] == 5)
            var titles: [String] = []
            while true {
                titles += page["tracks"]?.asArray?.compactMap { $0["title"]?.asString } ?? []
                guard let next = page["next"]?.asString else { break }
                page = try document(studio, "ls", "--sort", "title", "--limit", "2", "--after", "\(next)")
            }
            #expect(titles == (0..<5).map { "song \($0)" })
            try expectKeys(Self.track, of: page["tracks"]?.asArray?.first)
        }
    }

    @Test func ofListingWhatMatches() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack("Nacht.wav", seed: 1)
            _ = try studio.addedTrack("day.wav", seed: 2)
            try studio.offbeat("edit", "\(id)", "title=Mélodie Noire", "bpm=128", "+live").done()
            for query in ["melodie", "NOIRE mél", "bpm:120..130", "tag:live", "here:yes live", "-day"] as [Word] {
                let found = try document(studio, "ls", "--", query)["tracks"]?.asArray?.compactMap {
                    $0["id"]?.asString
                }
                #expect(found == [id], "\(query)")
            }
            #expect(try document(studio, "ls", "nothing")["total"] == 0)
        }
    }

    @Test func ofShowAndEdit() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let edited = try document(
                studio, "edit", "\(id)", "title=Night Train", "year=1999", "rating=4", "bpm=128.5", "key=A minor",
                "x-mood=dark", "comment=one\ntwo", "+live", "-demo")
            try expectKeys(["version"], of: edited)
            let track = try document(studio, "show", "\(id.prefix(6))")
            try expectKeys(Self.track, of: track)
            #expect(track["title"] == "Night Train" && track["year"] == 1999 && track["rating"] == 4)
            #expect(track["bpm"] == 128.5 && track["key"] == "A minor" && track["comment"] == "one\ntwo")
            #expect(track["tags"] == ["live"] && track["x-mood"] == "dark")
            let cleared = try document(studio, "edit", "\(id)", "year=", "-live")
            #expect(try cleared["version"]?.asString == studio.head())
            let after = try studio.track(id)
            #expect(after["year"] == .null && after["tags"] == [])
        }
    }

    @Test func ofEditingWithoutAnyChange() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "title=Same").done()
            _ = try studio.expectUnchanged { try document(studio, "edit", "\(id)", "title=Same") }
            _ = try studio.expectUnchanged { try document(studio, "edit", "\(id)", "title=Other", "--dry-run") }
        }
    }

    @Test func ofEditingAllThatMatch() throws {
        try Studio.withStore { studio in
            for number in 0..<3 { _ = try studio.addedTrack(FilePath("song \(number).wav"), seed: UInt64(number)) }
            try studio.offbeat("edit", "--query", "song", "genre=House").done()
            #expect(try studio.tracks().values.allSatisfy { $0["genre"] == "House" })
            #expect(try studio.git("rev-list", "--count", "main").done().line == "5")
        }
    }

    @Test func ofReplaceAndRemove() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let other = try studio.sound("other.wav", seed: 2, frames: 999)
            try expectKeys(["version"], of: document(studio, "replace", "\(id)", Word(other)))
            #expect(try studio.track(id)["audio"]?["frames"] == 999)
            try expectKeys(["version"], of: document(studio, "rm", "\(id)"))
            #expect(try studio.tracks().isEmpty)
        }
    }

    @Test func ofMarkers() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack(frames: 44100)
            try expectKeys(["version"], of: document(studio, "marker", "add", "\(id)", "0:00.5", "drop"))
            #expect(try studio.track(id)["markers"]?.asArray?.first?["frame"] == 22050)
            try expectKeys(["version"], of: document(studio, "marker", "rm", "\(id)", "drop"))
            #expect(try studio.track(id)["markers"] == [])
        }
    }

    @Test func ofExport() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack("song.wav", seed: 7)
            try studio.offbeat("edit", "\(id)", "artist=Ana/Ben", "title=..").done()
            _ = try document(studio, "export", "out")
            let list = try JSON.parse(FileSystem.read(studio.work.appending("out/.offbeat-export.json")))
            let name = try #require(list.asObject?.entries.first { $0.value["id"]?.asString == id }?.key)
            #expect(try FileSystem.read(studio.work.appending("out").appending(name)) == noise(seed: 7))
            #expect(!name.contains("/"))
        }
    }

    @Test func ofVersions() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "title=New", "+tag").done()
            let entries = try #require(document(studio, "log")["entries"]?.asArray)
            #expect(entries.count == 3)
            for entry in entries { try expectKeys(["version", "at", "by", "subject", "changes"], of: entry) }
            #expect(entries.first?["by"] == "ana" && entries.first?["changes"] == 1)
            #expect(try entries.first?["version"]?.asString == studio.head())
            let changes = try #require(document(studio, "diff", "HEAD~1", "HEAD")["changes"]?.asArray)
            #expect(changes.count == 1)
            try expectKeys(["kind", "id", "what", "fields"], of: changes.first)
            #expect(changes.first?["id"]?.asString == id && changes.first?["what"] == "changed")
            #expect(changes.first?["fields"] == ["tags", "title"])
        }
    }

    @Test func ofSettings() throws {
        try Studio.withStore { studio in
            try studio.offbeat("user", "add", "ben").done()
            _ = try document(studio, "config", "set", "user", "ben")
            #expect(try document(studio, "config", "get", "user")["value"] == "ben")
            _ = try document(studio, "config", "ls")
            #expect(try document(studio, "status")["user"] == "ben")
            #expect(try document(studio, "status", "--user", "ana")["user"] == "ana")
        }
    }

    @Test func catGivesTheBytes() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack(seed: 3, frames: 100_000)
            #expect(try studio.offbeat("cat", "\(id)").done().out == noise(seed: 3, frames: 100_000))
        }
    }
}
