import Files
import Glibc
import TestSupport
import Testing

/// `guest run` with a program that hangs, leaves others behind, or outlives it.
@Suite struct GuestRunEndTests {
    /// Becomes a daemon as daemons do, ignores what it can, and writes into its store without end.
    private static let daemon = #"""
        (setsid sh -c '(trap "" TERM HUP INT; echo $$ > "$1/asked"; i=0
            while :; do i=$((i + 1)); echo $i > "$OFFBEAT_STORE/lfs/$i"; echo $i > "$1/count"; done) &
            echo $! > "$1/daemon"' - "$1" &)

        """#

    @Test func signalsAreHandedOn() throws {
        try GuestRunStage.with { stage in
            for (signal, status) in [(SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)] {
                let name = FilePath("id \(signal)")
                let running = try stage.studio.start(
                    stage.call([], stage.script(#"echo $$ > "$1/$2"; exec sleep 1000"#, Word(name))))
                let id = try stage.noteNumber(name)
                running.child.send(signal)
                #expect(try running.outcome().status == status)
                #expect(try !GuestRunStage.isAlive(id))
                #expect(try stage.scratches() == [])
            }
        }
    }

    @Test func aProgramMayEndInItsOwnWay() throws {
        try GuestRunStage.with { stage in
            let script =
                #"trap 'echo told > "$1/told"; exit 9' TERM; echo $$ > "$1/id"; while :; do sleep 0.01; done"#
            let running = try stage.studio.start(stage.call([], stage.script(script)))
            _ = try stage.noteNumber("id")
            running.child.send(SIGTERM)
            #expect(try running.outcome().status == 9)
            #expect(try stage.note("told") == "told")
        }
    }

    @Test func theSecondSignalKills() throws {
        try GuestRunStage.with { stage in
            let script = #"""
                (trap '' TERM; : > "$1/ready"; while :; do sleep 0.01; done) & echo $! > "$1/other"
                trap 'echo told > "$1/told"' TERM
                while ! [ -e "$1/ready" ]; do sleep 0.01; done; echo $$ > "$1/id"; while :; do sleep 0.01; done
                """#
            let running = try stage.studio.start(stage.call([], stage.script(script)))
            let (_, other) = try (stage.noteNumber("id"), stage.noteNumber("other"))
            running.child.send(SIGTERM)
            _ = try stage.note("told")
            // Signals that come at once are one.
            let watch = Stopwatch()
            while try GuestRunStage.isAlive(other), watch.seconds < 60 {
                running.child.send(SIGTERM)
                SystemClock.sleep(seconds: 0.05)
            }
            #expect(try running.outcome().status == 137)
        }
    }

    @Test func whatIsLeftRunningIsEnded() throws {
        try GuestRunStage.with { stage in
            let script =
                Self.daemon + #"""
                    sleep 1000 & echo $! > "$1/sleep"
                    while ! [ -s "$1/count" ]; do sleep 0.01; done; exit 7
                    """#
            let outcome = try stage.guest(script: script)
            #expect(outcome.status == 7 && outcome.err.isEmpty, "\(outcome)")
            #expect(try !GuestRunStage.isAlive(stage.noteNumber("sleep")))
            #expect(try !GuestRunStage.isAlive(stage.noteNumber("daemon")))
        }
    }

    @Test func theStoreOutlivesAKillAsLongAsTheProgram() throws {
        try GuestRunStage.with { stage in
            try stage.studio.sound("new.wav", seed: 9)
            let script = #"""
                echo $$ > "$1/id"; while ! [ -e "$1/go" ]; do sleep 0.01; done
                "$0" --quiet add --no-analyze new.wav; echo $? > "$1/added"
                while ! [ -e "$1/over" ]; do sleep 0.01; done
                """#
            let running = try stage.studio.start(stage.call([], stage.script(script)))
            let id = try stage.noteNumber("id")
            running.child.kill()
            #expect(try running.outcome().status == 137)
            try stage.studio.offbeat("status").done()
            #expect(try stage.scratches().count == 1)
            try FileSystem.write([], to: stage.notes.appending("go"))
            #expect(try stage.note("added") == "0")
            try stage.studio.offbeat("status").done()
            #expect(try stage.scratches().count == 1)
            try FileSystem.write([], to: stage.notes.appending("over"))
            try GuestRunStage.awaitEnd(of: id)
            try stage.studio.offbeat("status").done()
        }
    }

    @Test func theStoreOutlivesAKillAsLongAsWhatTheProgramStarted() throws {
        try GuestRunStage.with { stage in
            let script = #"""
                (setsid sh -c 'echo $$ > "$1/id"; exec sleep 1000' - "$1" &)
                echo $$ > "$1/program"; exec sleep 1000
                """#
            let running = try stage.studio.start(stage.call([], stage.script(script)))
            let (program, daemon) = try (stage.noteNumber("program"), stage.noteNumber("id"))
            running.child.kill()
            _ = try running.outcome()
            for id in [program, daemon] {
                try stage.studio.offbeat("status").done()
                #expect(try stage.scratches().count == 1)
                kill(id, SIGKILL)
                try GuestRunStage.awaitEnd(of: id)
            }
            try stage.studio.offbeat("status").done()
        }
    }
}
