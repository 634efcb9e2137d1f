import Files
import Glibc
import TestSupport
import Testing

@testable import Processes

@Suite struct ConversationTests {
    private func talk(
        _ script: String, patience: Duration = .seconds(30), atTerminal: Bool = false,
        isStopped: @escaping () -> Bool = { false }
    ) throws -> Conversation {
        var program = Program("sh", "-c", script)
        program.asksAtTerminal = atTerminal
        program.grace = .milliseconds(300)
        return try Conversation(with: program, patience: patience, isStopped: isStopped)
    }

    private func read(_ other: Conversation, _ count: Int = 1 << 16) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = try buffer.withUnsafeMutableBytes { try other.read(into: $0) }
        return Array(buffer[..<got])
    }

    private func readAll(_ other: Conversation) throws -> [UInt8] {
        var all: [UInt8] = []
        while case let piece = try read(other), !piece.isEmpty { all += piece }
        return all
    }

    private func code(_ body: () throws -> Void) -> ProcessError.Code? {
        do { try body() } catch { return (error as? ProcessError)?.code }
        return nil
    }

    @Test func isWrittenToAndReadFromInTurn() throws {
        let other = try talk("while read line; do echo \"<$line>\"; done; echo end")
        try other.write(Array("one\n".utf8))
        #expect(try read(other) == Array("<one>\n".utf8))
        try other.write(Array("two\n".utf8))
        #expect(try read(other, 3) == Array("<tw".utf8))
        #expect(try read(other) == Array("o>\n".utf8))
        other.closeInput()
        #expect(try readAll(other) == Array("end\n".utf8))
        #expect(try read(other).isEmpty)
        #expect(other.end(within: .seconds(10)).isSuccess)
        #expect(code { try other.write([1]) } == .closed)
    }

    /// What is written is many times what pipes hold, and all of it comes back, before anybody reads: less than the bound
    /// is taken meanwhile, more makes the other wait.
    @Test func takesWhatComesBackWhileItWrites() throws {
        let other = try talk("cat")
        let piece = [UInt8](repeating: 7, count: 900_000)
        try other.write(piece)
        try other.write(Array("last".utf8))
        other.closeInput()
        let all = try readAll(other)
        #expect(all.count == 900_004 && all.suffix(4) == Array("last".utf8))
        #expect(other.end(within: .seconds(10)).isSuccess)
    }

    @Test func givesUpWhereNeitherSideCanGoOn() throws {
        let other = try talk("cat", patience: .milliseconds(200))
        let piece = [UInt8](repeating: 7, count: 8 << 20)
        #expect(code { try other.write(piece) } == .timedOut)
        let idle = try talk("sleep 60", patience: .milliseconds(200))
        let watch = Stopwatch()
        #expect(code { _ = try read(idle) } == .timedOut)
        #expect(watch.seconds < 20)
    }

    @Test func stopsWhenAsked() throws {
        let watch = Stopwatch()
        let other = try talk("sleep 60", isStopped: { watch.seconds > 0.1 })
        #expect(code { _ = try read(other) } == .stopped)
        #expect(other.end(within: .seconds(60)).ending == .signalled(SIGTERM))
        #expect(watch.seconds < 20)
    }

    @Test func saysThatNobodyReadsAnyMore() throws {
        let other = try talk("exec 0<&-; echo no thanks; echo because >&2; exit 3")
        let piece = [UInt8](repeating: 7, count: 1 << 20)
        #expect(code { while true { try other.write(piece) } } == .closed)
        #expect(try readAll(other) == Array("no thanks\n".utf8))
        let outcome = other.end(within: .seconds(10))
        #expect(outcome.ending == .exited(3) && outcome.lastComplaint == "because")
        #expect(other.end(within: .zero).ending == .exited(3))
    }

    @Test func keepsTheLastOfStandardErrorAndHandsItOn() throws {
        var heard = 0
        let program = Program(
            "sh", "-c", "head -c 200000 /dev/zero | tr '\\0' x >&2; echo; printf '\\nthe end\\n' >&2")
        let other = try Conversation(with: program, patience: .seconds(30), onComplaint: { heard += $0.count })
        #expect(try readAll(other) == Array("\n".utf8))
        let outcome = other.end(within: .seconds(10))
        #expect(heard == 200_009 && outcome.complaint.count == 1 << 14 && outcome.lastComplaint == "the end")
    }

    /// As ssh leaves its master behind, which has the pipes as well.
    @Test func waitsForNobodyWhoIsLeftBehind() throws {
        let watch = Stopwatch()
        let other = try talk("sleep 60 & echo done")
        #expect(try readAll(other) == Array("done\n".utf8))
        #expect(other.end(within: .seconds(10)).isSuccess)
        #expect(watch.seconds < 20)
    }

    @Test(arguments: [false, true]) func endsAllThatWasStarted(_ atTerminal: Bool) throws {
        let other = try talk("sleep 60 & echo $!; wait", atTerminal: atTerminal)
        let number = try #require(pid_t(String(decoding: try read(other).dropLast(), as: UTF8.self)))
        #expect(kill(number, 0) == 0)
        #expect((getpgid(number) == getpgrp()) == atTerminal)
        #expect(other.end(within: .milliseconds(10)).ending == .signalled(SIGTERM))
        let watch = Stopwatch()
        // Reaped by whoever adopts it, and gone until then all the same.
        while kill(number, 0) == 0, !isZombie(number), watch.seconds < 10 { usleep(1000) }
        #expect(kill(number, 0) != 0 || isZombie(number))
    }

    private func isZombie(_ number: pid_t) -> Bool {
        guard let text = try? FileSystem.read(FilePath("/proc/\(number)/stat")) else { return true }
        return String(decoding: text, as: UTF8.self).contains(") Z ")
    }

    @Test func saysWhatCannotBeStarted() {
        #expect(code { _ = try Conversation(with: Program("offbeat-no-such"), patience: .seconds(1)) } == .notFound)
    }
}
