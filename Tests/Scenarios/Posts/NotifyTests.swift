import Catalog
import Files
import TestSupport
import Testing

/// A program that is told of posts, with the built command.
@Suite struct NotifyTests {
    /// A shell script that appends what it is told to a file, and then runs these commands.
    private static func ear(_ studio: Studio, _ name: String = "told", then commands: String = "") throws -> Word {
        let script = studio.work.appending("\(name).sh")
        let file = studio.work.appending(name)
        let text = "#!/bin/sh\ncat >>\(file)\nprintf '\\036' >>\(file)\n\(commands)\n"
        try FileSystem.write(text, to: script, mode: 0o755)
        return Word(script)
    }

    /// What was told so far.
    private static func told(_ studio: Studio, _ name: String = "told") throws -> [JSON] {
        let bytes = try FileSystem.readIfExists(studio.work.appending(name)) ?? []
        return try bytes.split(separator: 0x1E).map { try JSON.parse(Array($0)) }
    }

    private static func states(_ told: [JSON]) -> [String] {
        told.map { "\($0["from"]?.asString ?? "-") \($0["to"]?.asString ?? "-")" }
    }

    @Test func aScriptIsToldOfEachStep() throws {
        try Studio.withBand { studio in
            let song = Word(try studio.addedTrack())
            try studio.offbeat("config", "set", "notify.command", Self.ear(studio)).done()
            let made = try studio.json("post", "new", "-w", "band", "--track", song, "--submit", "Out").done()
                .json()
            let id = Word(try #require(made["id"]?.asString))
            try studio.offbeat("--user", "ben", "post", "approve", id).done()
            let shown = try studio.json("post", "show", id).done().json()
            #expect(try Self.told(studio).last?["post"] == shown, "as it is shown")
            try studio.offbeat("edit", song, "title=Other").done()
            try studio.offbeat("--user", "ben", "post", "reject", id).done()
            try studio.offbeat("post", "rm", id).done()
            try studio.offbeat("undo").done()
            let told = try Self.told(studio)
            #expect(
                Self.states(told) == [
                    "- pending", "pending approved", "approved pending", "pending rejected", "rejected -",
                    "- draft",
                ])
            for document in told {
                #expect(document["event"] == "transition" && document["workspace"] == "band")
                #expect(document["post"]?["id"]?.asString == id.description)
                #expect(document["store"]?.asString == studio.store.string)
            }
            #expect(try told.last?["version"]?.asString == studio.git("rev-parse", "main").done().line)
            try studio.offbeat("fsck", "--deep").done()
            try studio.expectSound()
        }
    }

    @Test func aSyncIsToldToo() throws {
        try Tour.with { tour in
            try tour.at("ana", "workspace", "add", "band").done()
            try tour.at("ana", "workspace", "member", "add", "band", "ben", "--role", "approver").done()
            let made = try tour.json("ana", "post", "new", "-w", "band", "--submit", "Out").done().json()
            let id = Word(try #require(made["id"]?.asString))
            for laptop in ["ana", "ben"] {
                try tour.at(laptop, "sync").done()
                try tour.at(laptop, "config", "set", "notify.command", Self.ear(tour.studio, "told-\(laptop)"))
                    .done()
            }
            try tour.at("ben", "post", "approve", id).done()
            for laptop in ["ben", "ana"] { try tour.at(laptop, "sync").done() }
            for laptop in ["ben", "ana"] {
                let told = try Self.told(tour.studio, "told-\(laptop)")
                #expect(Self.states(told) == ["pending approved"], "\(laptop)")
                #expect(told.first?["store"]?.asString == tour.store(laptop).string)
            }
            try tour.expectTogether(["ana", "ben"])
        }
    }

    @Test func manyAtOnceTellEachOnce() throws {
        try Studio.withBand { studio in
            try studio.offbeat("config", "set", "notify.command", Self.ear(studio, then: "sleep 0.02")).done()
            let count = 12
            let program = Word(try Scenarios.program())
            let running = try (0..<count).map { number in
                try studio.start([program, "--json", "post", "new", "-w", "band", "--submit", "post \(number)"])
            }
            for run in running { try run.outcome().done() }
            let texts = try Self.told(studio).compactMap { $0["post"]?["text"]?.asString }
            #expect(texts.sorted() == (0..<count).map { "post \($0)" }.sorted())
            try studio.expectSound()
        }
    }

    @Test func whatGoesWrongIsSaidToWhoAsks() throws {
        try Studio.withBand { studio in
            try studio.offbeat("config", "set", "notify.command", Self.ear(studio, then: "echo lost >&2; exit 7"))
                .done()
            let quiet = try studio.offbeat("post", "new", "-w", "band", "a").done()
            #expect(quiet.complaint.isEmpty, "\(quiet)")
            let verbose = try studio.offbeat("--verbose", "post", "new", "-w", "band", "b").done()
            #expect(verbose.complaint.contains("ended with status 7: lost"), "\(verbose)")
            try studio.offbeat("config", "set", "notify.command", "/nowhere/at-all").done()
            let missing = try studio.offbeat("--verbose", "post", "new", "-w", "band", "c").done()
            #expect(missing.complaint.contains("there is no program /nowhere/at-all"), "\(missing)")
            #expect(try Self.told(studio).count == 2)
        }
    }

    /// It is asked by whoever has moved the head: a program that does so itself must not be waited for.
    @Test func aProgramThatChangesPostsIsToldOfItsOwnChanges() throws {
        try Studio.withBand { studio in
            let program = Word(try Scenarios.program())
            let commands = """
                test -e \(studio.work)/once && exit
                touch \(studio.work)/once
                \(program) --store \(studio.store) --user ben post approve Answered
                """
            try studio.offbeat("config", "set", "notify.command", Self.ear(studio, then: commands)).done()
            try studio.offbeat("post", "new", "-w", "band", "--title", "Answered", "--submit", "x").done()
            #expect(try Self.states(Self.told(studio)) == ["- pending", "pending approved"])
        }
    }

    @Test func killedWhileTellingItTellsTheRest() throws {
        try Studio.withBand { studio in
            try studio.offbeat("config", "set", "notify.command", Self.ear(studio)).done()
            for number in 0..<4 { try studio.offbeat("post", "new", "-w", "band", "--submit", "\(number)").done() }
            #expect(try Self.told(studio).count == 4)
            _ = try Self.ear(studio, then: "sleep 0.3")
            let program = Word(try Scenarios.program())
            let before = try Self.told(studio).count
            // All four at once.
            let running = try studio.start([program, "workspace", "edit", "band", "approval=none"])
            let watch = Stopwatch()
            while try Self.told(studio).count < before + 2, watch.seconds < 60 { SystemClock.sleep(seconds: 0.01) }
            running.child.kill()
            _ = try running.outcome()
            _ = try Self.ear(studio)
            SystemClock.sleep(seconds: 0.5)
            try studio.offbeat("post", "new", "-w", "band", "next").done()
            let told = try Self.told(studio).dropFirst(before).filter { $0["to"] == "approved" }
            let texts = told.compactMap { $0["post"]?["text"]?.asString }
            #expect(Set(texts).count == 4 && texts.count <= 5, "\(texts)")
        }
    }
}
