import Catalog
import Files
import TestSupport
import Testing

/// What becomes of a run when its standard streams are not as usual.
@Suite struct StreamTests {
    @Test func aReaderThatHasEnoughIsNoError() throws {
        try Studio.withStore { studio in
            for number in 0..<50 {
                try studio.sound(FilePath("in/\(number).wav"), seed: UInt64(number), frames: 50)
            }
            try studio.offbeat("add", "in").done()
            for words in [["ls"], ["--json", "ls"], ["log"], ["help"], ["cat", "title:7"]] as [[Word]] {
                let outcome = try studio.run([Word(Scenarios.program())] + words, stdout: .abandonedPipe)
                #expect(outcome.status == 0 && outcome.err.isEmpty, "\(outcome)")
            }
        }
    }

    @Test func headGetsItsLines() throws {
        try Studio.withStore { studio in
            for number in 0..<50 {
                try studio.sound(FilePath("in/\(number).wav"), seed: UInt64(number), frames: 50)
            }
            try studio.offbeat("add", "in").done()
            let program = try Scenarios.program()
            let outcome = try studio.run(["sh", "-c", "\"$0\" ls | head -n 2", Word(program)]).done()
            #expect(outcome.text.split(separator: "\n").count == 2 && outcome.err.isEmpty)
        }
    }

    @Test(arguments: ["ls", "status", "show", "log", "help", "cat"])
    func aFullDeviceIsAnError(_ command: String) throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack(frames: 100_000)
            for json in [false, true] where !(json && command == "cat") {
                var words = [Word(try Scenarios.program()), "\(command)"]
                if json { words.append("--json") }
                if ["show", "cat"].contains(command) { words.append("\(id)") }
                let outcome = try studio.run(words, stdout: .file("/dev/full"))
                #expect(outcome.status == 1, "\(outcome)")
                #expect(!outcome.err.isEmpty)
            }
        }
    }

    @Test func aWriteThatCannotSaySoIsDoneNevertheless() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let outcome = try studio.run(
                [Word(Scenarios.program()), "--json", "edit", "\(id)", "title=Written"], stdout: .file("/dev/full"))
            #expect(outcome.status == 1)
            #expect(try studio.track(id)["title"] == "Written")
            try studio.expectSound()
        }
    }

    @Test func aClosedStandardOutputTakesNoFilesPlace() throws {
        try Studio.withStore { studio in
            let song = try studio.sound("song.wav", seed: 1)
            _ = try studio.run([Word(Scenarios.program()), "add", Word(song)], stdout: .closed)
            #expect(try studio.tracks().count == 1)
            try studio.expectSound()
            let outcome = try studio.run([Word(Scenarios.program()), "ls"], stdout: .closed)
            #expect(outcome.status == 1, "\(outcome)")
        }
    }

    @Test func nothingPrompts() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let calls: [[Word]] = [
                ["init", "elsewhere"], ["status"], ["user", "ls"], ["user", "add", "ben"], ["ls"],
                ["show", "\(id)"],
                ["edit", "\(id)", "title=x"], ["replace", "\(id)", "song.wav"],
                ["marker", "add", "\(id)", "1f", "m"],
                ["marker", "rm", "\(id)", "m"], ["log"], ["diff", "HEAD~1", "HEAD"], ["export", "out"],
                ["cat", "\(id)"], ["config", "ls"], ["rm", "\(id)"], ["add", "song.wav"], ["add"], ["init"], [],
            ]
            for call in calls {
                let outcome = try studio.run([Word(Scenarios.program())] + call, stdin: .silence, timeout: 20)
                #expect(outcome.status < 128, "\(outcome)")
            }
        }
    }

    @Test func quietSaysNothingButResults() throws {
        try Studio.withStore { studio in
            let song = try studio.sound("song.wav", seed: 1)
            let added = try studio.offbeat("--quiet", "add", Word(song)).done()
            #expect(added.err.isEmpty && added.out.isEmpty)
            #expect(try !studio.offbeat("--quiet", "ls").done().out.isEmpty)
        }
    }

    @Test func coloursAreOnlyWhereTheyAreAskedFor() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            #expect(try !studio.offbeat("ls").done().out.contains(0x1B))
            #expect(try studio.offbeat("--color", "always", "ls").done().out.contains(0x1B))
            #expect(try !studio.offbeat("--color", "always", "--json", "ls").done().out.contains(0x1B))
        }
    }
}
