import Catalog
import Files
import TestSupport
import TestTraits
import Testing

/// Plain git and git-lfs at the same remote: each side takes what the other has made.
@Suite(.waiting) struct SyncWithGitTests {
    /// Clones the remote with git-lfs, as somebody without Offbeat does.
    private func clone(_ tour: Tour) throws -> FilePath {
        let place = tour.studio.work.appending("plain")
        try tour.studio.git(
            "-c", "filter.lfs.smudge=git-lfs smudge -- %f", "-c", "filter.lfs.process=git-lfs filter-process",
            "-c", "filter.lfs.required=true", "clone", "-q", Word("file://\(tour.remote)"), Word(place),
            in: tour.studio.work
        ).done()
        try tour.studio.git("lfs", "install", "--local", in: place).done()
        return place
    }

    private func commit(_ tour: Tour, _ message: Word, in place: FilePath) throws {
        try tour.studio.git("add", "-A", in: place).done()
        try tour.studio.git("commit", "-q", "-m", message, in: place).done()
    }

    private func audio(of song: Word, in place: FilePath) -> FilePath {
        place.appending(trackFolder("\(song)")).appending("audio.wav")
    }

    @Test func gitLFSClonesWhatOffbeatPushed() throws {
        try Tour.with { tour in
            let place = try clone(tour)
            let sound = try FileSystem.read(tour.studio.work.appending("song.wav"))
            #expect(try FileSystem.read(audio(of: tour.song(), in: place)) == sound)
            #expect(try tour.studio.git("lfs", "fsck", in: place).status == 0)
            #expect(try tour.studio.git("status", "--porcelain", in: place).done().text == "")
        }
    }

    /// Audio that somebody replaced with git-lfs comes to Offbeat byte for byte.
    @Test func offbeatTakesWhatGitLFSPushed() throws {
        try Tour.with { tour in
            let (place, song) = (try clone(tour), try tour.song())
            let other = noise(seed: 99, frames: 3000)
            try FileSystem.remove(audio(of: song, in: place))
            try FileSystem.write(other, to: audio(of: song, in: place))
            try commit(tour, "Replace the audio by hand", in: place)
            try tour.studio.git("push", "-q", "origin", "main", in: place).done()
            let came = try tour.json("ben", "sync").done().json()
            #expect(came["result"] == "pulled" && came["files"]?["downloaded"] == 1)
            #expect(try tour.at("ben", "cat", song).done().out == other)
            try tour.studio.offbeat("clone", "band.git", "cem", "--user", "ana").done()
            #expect(try tour.at("cem", "cat", song).done().out == other)
        }
    }

    @Test func editsOfBothSidesInterleave() throws {
        try Tour.with { tour in
            let (place, song) = (try clone(tour), try tour.song())
            let record = place.appending(trackFolder("\(song)")).appending("track.json")
            for round in 1...3 {
                // Offbeat pushes, git pulls, edits a record by hand and pushes; Ben has edited meanwhile.
                try tour.at("ana", "edit", song, "comment=round \(round)").done()
                try tour.at("ana", "sync").done()
                try tour.studio.git("pull", "-q", "--no-rebase", "origin", "main", in: place).done()
                let text = String(decoding: try FileSystem.read(record), as: UTF8.self)
                let edited = text.split(separator: "\n", omittingEmptySubsequences: false).map {
                    // With a comma after it only if there was one.
                    $0.hasPrefix("  \"title\"")
                        ? "  \"title\": \"by hand \(round)\"\($0.hasSuffix(",") ? "," : "")" : String($0)
                }
                #expect(edited.joined(separator: "\n") != text)
                try FileSystem.write(edited.joined(separator: "\n"), to: record)
                try commit(tour, "By hand", in: place)
                try tour.studio.git("push", "-q", "origin", "main", in: place).done()
                try tour.at("ben", "edit", song, "bpm=\(100 + round)").done()
                let merged = try tour.json("ben", "sync").done().json()
                #expect(merged["result"] == "merged")
                try tour.at("ana", "sync").done()
                let track = try tour.json("ana", "show", song).done().json()
                #expect(track["title"]?.asString == "by hand \(round)")
                #expect(
                    track["bpm"]?.description == "\(100 + round)" && track["comment"]?.asString == "round \(round)")
            }
            try tour.expectTogether(["ana", "ben"])
        }
    }

    /// Raw audio in git, a deleted pointer, odd files, a broken record: the team goes on, and they are carried.
    @Test func oddWorkOfPlainGitStopsNobody() throws {
        try Tour.with { tour in
            let (place, song) = (try clone(tour), try tour.song())
            try FileSystem.makeDirectories(place.appending("notes"))
            try FileSystem.write("remember the milk\n", to: place.appending("notes/todo.txt"))
            try FileSystem.symbolicLink(to: "../../etc/passwd", at: place.appending("notes/link"))
            try FileSystem.makeDirectories(place.appending("people"))
            try FileSystem.write(
                "{ broken", to: place.appending("people/\(String(repeating: "a", count: 32)).json"))
            try FileSystem.write(noise(seed: 3, frames: 100), to: place.appending("raw.bin"))
            try FileSystem.remove(audio(of: song, in: place))
            try commit(tour, "Odd things", in: place)
            try tour.studio.git("push", "-q", "origin", "main", in: place).done()
            try tour.at("ben", "edit", song, "title=still editable").done()
            try tour.at("ben", "sync").done()
            try tour.at("ana", "sync").done()
            #expect(try tour.head("ana") == tour.remoteHead())
            #expect(try tour.json("ana", "show", song).done().json()["title"] == "still editable")
            let list = try tour.studio.git("ls-tree", "-r", "--name-only", "main", in: tour.remote).done().text
            for name in ["notes/todo.txt", "notes/link", "raw.bin"] { #expect(list.contains(name)) }
            let status = try tour.json("ana", "status").done().json()
            #expect(status["unreadable"]?.asArray?.count == 1)
        }
    }
}
