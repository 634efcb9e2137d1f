import Files
import Glibc
import TestSupport
import Testing

/// `guest run` at a terminal, where what is typed reaches offbeat and the program both.
@Suite(.enabled(if: isInstalled("script"), "needs script of util-linux")) struct GuestRunTerminalTests {
    /// A terminal with `guest run` at it.
    private func terminal(_ stage: GuestRunStage, _ words: [Word]) throws -> AtTerminal {
        try AtTerminal(stage.call([], words), in: stage.studio)
    }

    @Test func whatIsTypedReachesTheProgram() throws {
        try GuestRunStage.with { stage in
            let script = #"""
                n=0; trap 'n=$((n + 1)); echo $n > "$1/told $n"; test $n = 2 && exit 9' INT
                echo $$ > "$1/id"; while :; do sleep 0.01; done
                """#
            let terminal = try self.terminal(stage, stage.script(script))
            _ = try stage.noteNumber("id")
            try terminal.type("\u{3}")
            #expect(try stage.note("told 1") == "1")
            // Once more after a while, which is no second time: the program goes on, was told twice, and ends by itself.
            SystemClock.sleep(seconds: 5.2)
            try terminal.type("\u{3}")
            let outcome = try terminal.running.outcome()
            #expect(outcome.status == 9, "\(outcome)")
            #expect(try stage.note("told 2") == "2")
        }
    }

    @Test func aProgramThatDoesNotListenIsKilledWithTheSecond() throws {
        try GuestRunStage.with { stage in
            let terminal = try self.terminal(
                stage, stage.script(#"trap '' INT; echo $$ > "$1/id"; while :; do sleep 0.01; done"#))
            let id = try stage.noteNumber("id")
            let watch = Stopwatch()
            while try GuestRunStage.isAlive(id), watch.seconds < 60 {
                try terminal.type("\u{3}")
                SystemClock.sleep(seconds: 0.3)
            }
            let outcome = try terminal.running.outcome()
            #expect(outcome.status == 137, "\(outcome)")
        }
    }

    @Test(.enabled(if: isInstalled("bash"))) func aShellWorksInIt() throws {
        try GuestRunStage.with { stage in
            let terminal = try self.terminal(stage, ["bash", "--norc", "--noprofile", "-i"])
            try terminal.type("echo $OFFBEAT_GUEST > \(stage.notes)/guest\nsleep 1000\n")
            #expect(try stage.note("guest").count == 32)
            // Ends the job in the foreground, and neither the shell nor offbeat.
            let watch = Stopwatch()
            while !FileSystem.exists(stage.notes.appending("slept")), watch.seconds < 60 {
                try terminal.type("\u{3}\n: > \(stage.notes)/slept\n")
                SystemClock.sleep(seconds: 0.3)
            }
            try terminal.type("sleep 1000 & exit 6\n")
            let outcome = try terminal.running.outcome()
            #expect(outcome.status == 6, "\(outcome)")
        }
    }
}
