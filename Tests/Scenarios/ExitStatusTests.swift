import Catalog
import Files
import TestSupport
import Testing

/// What a script learns from the exit status and from `error.code`.
@Suite struct ExitStatusTests {
    @Test func usage() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let calls: [[Word]] = [
                ["frobnicate"], ["ls", "--frobnicate"], ["add"], ["show"], ["edit"], ["edit", "\(id)"],
                ["edit", "\(id)", "frobnicate=1"], ["ls", "--limit", "many"], ["ls", "--sort", "colour"],
                ["marker", "add", "\(id)", "soon", "text"], ["user", "add", "Not A Handle"],
                ["--color", "blue", "ls"],
                ["edit", "\(id)", "bpm=fast"],
            ]
            try studio.expectUnchanged {
                for call in calls { try studio.offbeat(words: ["--json"] + call).expectFailure(2, "usage") }
            }
        }
    }

    @Test func usageWithoutJSONIsOneLineThatSuggests() throws {
        try Studio.withStore { studio in
            let outcome = try studio.offbeat("statsu")
            #expect(outcome.status == 2 && outcome.out.isEmpty)
            #expect(outcome.complaint.contains("status"))
            #expect(outcome.complaint.split(separator: "\n").count == 1)
        }
    }

    @Test func notFound() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try studio.expectUnchanged {
                for call in [
                    ["show", "ffffffff"], ["show", "no such song"], ["edit", "ffff", "title=x"], ["rm", "ffff"],
                    ["cat", "ffff"], ["replace", "ffff", "song.wav"], ["diff", "HEAD~9", "HEAD"], ["log", "ffff"],
                    ["diff", "HEAD", "feed"], ["ls", "--user", "nobody"], ["marker", "rm", "song", "x"],
                    ["config", "get", "frobnicate"], ["add", "song.wav", "--owner", "nobody"],
                ] as [[Word]] {
                    try studio.offbeat(words: ["--json"] + call).expectFailure(3, "not-found")
                }
            }
        }
    }

    @Test func ambiguous() throws {
        try Studio.withStore { studio in
            for number in 0..<2 { _ = try studio.addedTrack(FilePath("song \(number).wav"), seed: UInt64(number)) }
            try studio.expectUnchanged {
                let outcome = try studio.json("rm", "song")
                try outcome.expectFailure(3, "ambiguous")
                #expect(outcome.text.contains("song 0") && outcome.text.contains("song 1"))
            }
        }
    }

    @Test func notAllowedWithoutAName() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("user", "add", "ben").done()
            try studio.git("config", "--unset", "offbeat.user").done()
            try studio.expectUnchanged {
                try studio.json("edit", "\(id)", "title=x").expectFailure(4, "not-allowed")
            }
            try studio.offbeat("edit", "\(id)", "title=x", "--user", "ben").done()
            #expect(try studio.git("log", "-1", "--format=%an").done().line == "ben")
        }
    }

    @Test func wrongState() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let old = try studio.head()
            try studio.offbeat("edit", "\(id)", "title=x").done()
            try studio.expectUnchanged {
                try studio.json("edit", "\(id)", "title=y", "--if-version", "\(old)").expectFailure(
                    4, "wrong-state")
                try studio.json("user", "add", "ana").expectFailure(4, "wrong-state")
            }
            try studio.offbeat("edit", "\(id)", "title=y", "--if-version", "\(studio.head())").done()
        }
    }

    @Test func overLimit() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let long = String(repeating: "x", count: 2000)
            try studio.expectUnchanged {
                for change in ["title=\(long)", "+\(long)", "rating=6", "bpm=100000", "year=-1"] as [Word] {
                    let outcome = try studio.json("edit", "\(id)", change)
                    // A limit is refused; what is no value of the field at all is a mistake in the call.
                    #expect([2, 4].contains(outcome.status), "\(outcome)")
                }
                try studio.json("edit", "\(id)", "title=\(long)").expectFailure(4, "over-limit")
            }
        }
    }

    @Test func anotherPersonsTracksAreNotFound() throws {
        try Studio.with { studio in
            try studio.offbeat("init", "--user", "ana", "--sharing", "workspaces").done()
            let id = try studio.addedTrack()
            try studio.offbeat("user", "add", "ben").done()
            try studio.expectUnchanged {
                for call in [
                    ["show", "\(id)"], ["edit", "\(id)", "title=x"], ["rm", "\(id)"], ["cat", "\(id)"],
                ] as [[Word]] {
                    try studio.offbeat(words: ["--json", "--user", "ben"] + call).expectFailure(3, "not-found")
                }
                #expect(try studio.json("ls", "--user", "ben").done().json()["total"] == 0)
            }
            let added = try studio.json("add", "song.wav", "--user", "ben").done().json()
            #expect(added["added"]?.asArray?.count == 1)
            #expect(try studio.json("status", "--user", "ben").done().json()["tracks"] == 1)
        }
    }

    @Test func errorsForPeopleAreOneLineOnStandardError() throws {
        try Studio.withStore { studio in
            let outcome = try studio.offbeat("show", "ffffffff")
            #expect(outcome.status == 3 && outcome.out.isEmpty)
            #expect(outcome.complaint.hasPrefix("offbeat: ") && outcome.complaint.split(separator: "\n").count == 1)
        }
    }

    @Test(.enabled(if: Scenarios.areLongOnesWanted, "waits for a lock; set OFFBEAT_LONG")) func locked() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let holder = try studio.start(["flock", Word(studio.store.appending("offbeat.lock")), "sleep", "60"])
            SystemClock.sleep(seconds: 0.5)
            try studio.json("edit", "\(id)", "title=x").expectFailure(75, "locked")
            #expect(try studio.track(id)["title"] == "song")
            holder.child.kill()
            _ = try holder.outcome()
        }
    }
}
