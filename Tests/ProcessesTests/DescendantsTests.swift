import Files
import Glibc
import TestSupport
import Testing

@testable import Processes

/// In processes of their own: all that descends from them is ended.
@Suite struct DescendantsTests {
    @Test func whatIsLeftIsAskedToEnd() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let found = try run(
                """
                (trap ': > "$1/asked"; exit' TERM; : > "$1/ready"; while :; do sleep 0.01; done) &
                while ! [ -e "$1/ready" ]; do sleep 0.01; done; exit 3
                """)
            exit(found.outcome.ending == .exited(3) && found.names.contains("asked") ? 7 : 1)
        }
    }

    @Test func whatDoesNotListenIsKilled() async {
        await #expect(processExitsWith: .exitCode(7)) {
            // One that has left the session and whose parents are gone, with a child of its own that is stopped.
            let found = try run(
                """
                (setsid sh -c 'trap "" TERM; sleep 1000 & kill -STOP $!; echo $! > "$1/stopped"; echo $$ > "$1/id"
                    while :; do sleep 0.01; done' - "$1" &)
                while ! [ -s "$1/id" ]; do sleep 0.01; done
                """)
            let isOver = found.outcome.survivors.isEmpty && found.numbers.count == 2
            exit(isOver && found.numbers.allSatisfy { kill($0, 0) == -1 } && waitpid(-1, nil, 0) == -1 ? 7 : 1)
        }
    }

    @Test func whatEndsMeanwhileIsLetGo() async {
        await #expect(processExitsWith: .exitCode(7)) {
            // Orphans that end while the program runs; none stays as a zombie.
            let found = try run(
                """
                i=0; while [ $i -lt 20 ]; do (sh -c : & echo $! > "$1/$i") ; i=$((i + 1)); done
                for f in "$1"/*; do while kill -0 $(cat "$f") 2>/dev/null; do sleep 0.01; done; done
                """)
            exit(found.outcome.ending == .exited(0) && found.numbers.count == 20 ? 7 : 1)
        }
    }

    @Test func theSecondSignalKillsAll() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let start = Moment.now
            let found = try run(
                """
                trap '' TERM; sh -c 'echo $$ > "$1/id"; while :; do sleep 0.01; done' - "$1" & wait
                """, grace: .seconds(60)
            ) { folder in
                let isReady = (try? FileSystem.read(folder.appending("id")))?.isEmpty == false
                return isReady ? [Foreground.Stop(SIGTERM, isFromTerminal: false)] : []
            }
            let isOver = found.outcome.ending == .signalled(SIGKILL) && Moment.now - start < .seconds(30)
            exit(isOver && found.numbers.allSatisfy { kill($0, 0) == -1 } ? 7 : 1)
        }
    }

    @Test func whatCannotBeEndedIsTold() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let child = try Child(starting: Program("sleep", "1000"))
            // No time at all, in which nothing ends.
            let left = Descendants.end(grace: .zero, patience: .zero)
            let isTold = left == Descendants.all().map(\.id) && left.count == 1
            exit(isTold && child.end(grace: .zero) == .signalled(SIGKILL) ? 7 : 1)
        }
    }

    @Test func itIsLearnedHowTheProgramEndedThoughTheCallerIgnoresThat() async {
        await #expect(processExitsWith: .exitCode(7)) {
            signal(SIGCHLD, SIG_IGN)
            exit(try run("exit 3").outcome.ending == .exited(3) ? 7 : 1)
        }
    }

    @Test func aNumberThatAnotherHasNowIsNotReached() throws {
        let child = try Child(starting: Program("sleep", "1000"))
        let members = Descendants.all()
        let member = try #require(members.first { kill($0.id, 0) == 0 && isSleep($0.id) })
        Descendants.Member(id: member.id, start: member.start + 1).send(SIGKILL)
        usleep(20_000)
        #expect(Descendants.all().contains(member))
        #expect(child.end(grace: .zero) == .signalled(SIGKILL))
        #expect(!Descendants.all().contains(member))
    }
}

private func isSleep(_ id: pid_t) -> Bool {
    (try? FileSystem.read(FilePath("/proc/\(id)/cmdline"), limit: 4096)) == Array("sleep\u{0}1000\u{0}".utf8)
}

/// What came of a script whose `$1` was a folder, and what it left there.
private struct Found {
    let outcome: Foreground.Outcome
    let names: [String]
    /// The numbers that its files hold.
    let numbers: [pid_t]
}

private func run(
    _ script: String, grace: Duration = .milliseconds(300),
    stops: (FilePath) -> [Foreground.Stop] = { _ in [] }
) throws -> Found {
    try withTemporaryDirectory { (folder: FilePath) throws in
        var program = Foreground(words: ["sh", "-c", script, "-", folder.string].map { Array($0.utf8) })
        program.endsDescendants = true
        program.grace = grace
        let outcome = try program.run { stops(folder) }
        let names = try FileSystem.list(folder).map(\.name)
        let numbers = try names.compactMap { name in
            pid_t(String(decoding: try FileSystem.read(folder.appending(name)), as: UTF8.self).filter(\.isNumber))
        }
        return Found(outcome: outcome, names: names.map(\.string), numbers: numbers)
    }
}
