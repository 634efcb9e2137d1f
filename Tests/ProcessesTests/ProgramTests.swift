import Files
import Glibc
import TestSupport
import Testing

@testable import Processes

@Suite struct ProgramTests {
    private func shell(_ script: String) -> Program { Program("sh", "-c", script) }
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func collectsWhatItWrites() throws {
        let outcome = try shell("echo one; echo two >&2; exit 3").run()
        #expect(outcome.ending == .exited(3) && !outcome.isSuccess)
        #expect(text(outcome.output) == "one\n")
        #expect(outcome.lastComplaint == "two")
    }

    @Test func isHandedArgumentsInputEnvironmentAndPlace() throws {
        var program = Program("sh", "-c", "printf '%s|' \"$@\"; pwd; env; cat", "-", "a b", "*", "$(x)")
        program.input = Array("input".utf8)
        program.environment = [Array("NAME=value".utf8), Array("PATH=/usr/bin:/bin".utf8)]
        program.directory = Array("/".utf8)
        let output = text(try program.run().output)
        #expect(output.hasPrefix("a b|*|$(x)|/\n"))
        #expect(output.contains("NAME=value\n") && !output.contains("HOME="))
        #expect(output.hasSuffix("input"))
    }

    @Test func takesInputThatNobodyReads() throws {
        var program = shell("exit 0")
        program.input = [UInt8](repeating: 1, count: 1 << 20)
        #expect(try program.run().isSuccess)
        program = shell("wc -c")
        program.input = [UInt8](repeating: 1, count: 1 << 20)
        #expect(text(try program.run().output).contains("1048576"))
    }

    @Test func writesToAFile() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            var program = shell("echo x")
            program.output = .file(Array(folder.appending("out").bytes))
            #expect(try program.run().output.isEmpty)
            #expect(try run(command: "cat", arguments: [folder.appending("out").string]).stdout == "x\n")
            program.output = .file(Array(folder.appending("no/out").bytes))
            #expect(throws: ProcessError.self) { try program.run() }
        }
    }

    @Test func saysWhatCannotBeStarted() {
        #expect(code(Program("offbeat-no-such-program")) == .notFound)
        #expect(code(Program("/etc/passwd")) == .notRunnable)
        #expect(code(Program("")) == .badCommand)
        #expect(code(Program("a\0b")) == .badCommand)
        var program = shell("exit 0")
        program.directory = Array("/no/such/place".utf8)
        #expect(code(program) == .io)
    }

    @Test func endsWhatTakesTooLong() {
        var program = shell("sleep 100")
        program.timeLimit = .milliseconds(100)
        #expect(code(program) == .timedOut)
        // One that will not hear.
        program = shell("trap '' TERM; while :; do sleep 1; done")
        program.timeLimit = .milliseconds(100)
        program.grace = .milliseconds(100)
        #expect(code(program) == .timedOut)
    }

    @Test func endsWhenItIsToldTo() {
        var asked = 0
        #expect(throws: ProcessError.self) {
            try shell("sleep 100").run {
                asked += 1
                return asked > 2
            }
        }
        #expect(asked == 3)
    }

    @Test func endsWhatWritesTooMuch() {
        var program = shell("yes")
        program.output = .collected(limit: 100_000)
        #expect(code(program) == .tooMuchOutput)
        program = shell("head -c 200 /dev/zero")
        program.output = .collected(limit: 199)
        #expect(code(program) == .tooMuchOutput)
        program.output = .collected(limit: 200)
        #expect(code(program) == nil)
    }

    @Test func keepsTheEndOfManyComplaints() throws {
        let outcome = try shell("yes no | head -n 100000 >&2; echo last >&2")
            .run()
        #expect(outcome.complaint.count <= 1 << 14)
        #expect(outcome.lastComplaint == "last")
    }

    @Test func doesNotWaitForOthersThatHoldThePipe() throws {
        let start = Moment.now
        let outcome = try shell("sleep 100 & echo $!").run()
        #expect(Moment.now - start < .seconds(20))
        let other = try #require(pid_t(text(outcome.output).split(separator: "\n")[0]))
        #expect(!isAlive(other))
    }

    @Test func whatIsLeftBehindOnPurposeStays() throws {
        var program = shell("sleep 100 >/dev/null 2>&1 & echo $!")
        program.leavesOthers = true
        let outcome = try program.run()
        let other = try #require(pid_t(text(outcome.output).split(separator: "\n")[0]))
        #expect(isAlive(other))
        kill(other, SIGKILL)
        // One that does not end by itself is ended whole all the same.
        program = shell("sleep 100 & echo $!; wait")
        program.leavesOthers = true
        program.timeLimit = .milliseconds(300)
        program.grace = .milliseconds(100)
        #expect(code(program) == .timedOut)
    }

    @Test func endsTheWholeGroup() throws {
        try withTemporaryDirectory { (folder: FilePath) throws in
            let note = folder.appending("note").string
            var program = Program(
                "sh", "-c", "sh -c 'trap \"\" TERM; sleep 100' & echo $! > \"$1\"; wait", "-", note)
            program.timeLimit = .milliseconds(500)
            program.grace = .milliseconds(200)
            #expect(code(program) == .timedOut)
            let other = try #require(
                pid_t(try run(command: "cat", arguments: [note]).stdout.split(separator: "\n")[0]))
            #expect(!isAlive(other))
        }
    }

    @Test func tellsOfSignals() throws {
        let outcome = try shell("kill -9 $$").run()
        #expect(outcome.ending == .signalled(9))
        #expect(outcome.ending.description == "was ended by signal 9")
    }

    @Test func givesNoDescriptorOn() throws {
        let open = Glibc.open("/dev/null", O_RDONLY)
        defer { close(open) }
        #expect(text(try Program("sh", "-c", "ls /proc/self/fd | wc -l").run().output).contains("4"))
    }

    private func code(_ program: Program) -> ProcessError.Code? {
        do throws(ProcessError) {
            _ = try program.run()
            return nil
        } catch { return error.code }
    }

    /// Whether it still runs; who has ended and was not reaped by the one it fell to does not.
    private func isAlive(_ process: pid_t) -> Bool {
        let state = try? run(command: "ps", arguments: ["-o", "stat=", "-p", "\(process)"]).stdout
        guard let state, let first = state.first else { return false }
        return first != "Z"
    }
}
