import Files
import Glibc
import TestSupport
import Testing

@testable import Processes

@Suite struct ForegroundTests {
    private func shell(_ script: String, _ words: String...) -> Foreground {
        Foreground(words: (["sh", "-c", script, "sh"] + words).map { Array($0.utf8) })
    }

    @Test func passesOnHowItEnded() throws {
        #expect(try shell("exit 7").run().ending == .exited(7))
        #expect(try shell("kill -9 $$").run().ending == .signalled(SIGKILL))
    }

    @Test func saysWhatCannotBeStarted() {
        #expect(code(Foreground(words: [Array("offbeat-no-such-program".utf8)])) == .notFound)
        #expect(code(Foreground(words: [Array("/etc/passwd".utf8)])) == .notRunnable)
        #expect(code(Foreground(words: [])) == .badCommand)
        #expect(code(Foreground(words: [[]])) == .badCommand)
        #expect(code(Foreground(words: [Array("true".utf8), [0]])) == .badCommand)
    }

    @Test func isHandedWordsAndVariablesAsTheyAre() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let note = folder.appending("note")
            var program = shell(
                #"printf '%s|' "$HOME" "$PATH" "$OFFBEAT_NEW" "$2" "$3" > "$1""#, note.string, "-n", "*")
            program.variables = [("OFFBEAT_NEW", [0xFF, 0x20]), ("HOME", Array("/none".utf8))]
            #expect(try program.run().ending == .exited(0))
            let path = try #require(getenv("PATH").map { String(cString: $0) })
            #expect(
                try FileSystem.read(note) == Array("/none|\(path)|".utf8) + [0xFF, 0x20] + Array("|-n|*|".utf8))
        }
    }

    @Test func isInTheSameGroupAndHoldsTheDescriptor() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let (held, note) = (folder.appending("held"), folder.appending("note"))
            let descriptor = try FileDescriptor.open(held, .readWrite, create: .ifMissing)
            var program = shell(#"ls -l /proc/self/fd > "$1"; ps -o pgid= -p $$ >> "$1""#, note.string)
            program.inherited = descriptor.raw
            _ = try program.run()
            let text = String(decoding: try FileSystem.read(note), as: UTF8.self)
            #expect(text.contains("-> \(held)\n"))
            #expect(text.split(whereSeparator: \.isWhitespace).last.flatMap { pid_t($0) } == getpgrp())
            program.inherited = nil
            _ = try program.run()
            #expect(!String(decoding: try FileSystem.read(note), as: UTF8.self).contains(held.string))
        }
    }

    @Test func handsOnTheFirstSignal() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let ready = folder.appending("ready")
            let program = shell(#"trap 'exit 5' TERM; : > "$1"; while :; do sleep 0.01; done"#, ready.string)
            var isSent = false
            let outcome = try program.run {
                guard !isSent, FileSystem.exists(ready) else { return [] }
                isSent = true
                return [Foreground.Stop(SIGTERM, isFromTerminal: false)]
            }
            #expect(outcome.ending == .exited(5))
        }
    }

    @Test func leavesToTheTerminalWhatIsTyped() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let (ready, go) = (folder.appending("ready"), folder.appending("go"))
            let program = shell(
                #": > "$1"; while ! [ -e "$2" ]; do sleep 0.01; done"#, ready.string, go.string)
            var isSent = false
            let outcome = try program.run {
                if isSent { try? FileSystem.write([], to: go) }
                guard !isSent, FileSystem.exists(ready) else { return [] }
                isSent = true
                return [Foreground.Stop(SIGINT, isFromTerminal: true)]
            }
            #expect(outcome.ending == .exited(0))
        }
    }

    @Test func killsWithTheSecondSignal() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let ready = folder.appending("ready")
            let program = shell(#"trap '' TERM; : > "$1"; while :; do sleep 0.01; done"#, ready.string)
            let outcome = try program.run {
                FileSystem.exists(ready) ? [Foreground.Stop(SIGTERM, isFromTerminal: false)] : []
            }
            #expect(outcome.ending == .signalled(SIGKILL))
        }
    }

    private func code(_ program: Foreground) -> ProcessError.Code? {
        do {
            _ = try program.run()
            return nil
        } catch { return error.code }
    }
}

@Suite struct PatienceTests {
    private let sent = Foreground.Stop(SIGTERM, isFromTerminal: false)
    private let typed = Foreground.Stop(SIGINT, isFromTerminal: true)

    /// What is answered to each, in milliseconds.
    private func answers(_ stops: [(Foreground.Stop, Int)]) -> [Bool] {
        var patience = Patience()
        return stops.map { patience.isOver(after: $0, at: .milliseconds($1)) }
    }

    @Test func isOverWithTheSecondThatIsSent() {
        #expect(answers([(sent, 10_000), (sent, 600_000)]) == [false, true])
        // To the group and to the process: one person's one wish.
        #expect(answers([(sent, 10_000), (sent, 10_200), (sent, 10_300)]) == [false, false, true])
    }

    @Test func isOverWithTheSecondThatIsTypedSoonAfter() {
        #expect(
            answers([(typed, 10_000), (typed, 20_000), (typed, 30_000), (typed, 31_000)])
                == [false, false, false, true])
    }

    @Test func isOverWhenOneIsTypedAndOneSent() {
        #expect(answers([(typed, 10_000), (sent, 60_000)]) == [false, true])
    }
}
