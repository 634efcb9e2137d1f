import Files
import Glibc
import TestSupport
import Testing

@testable import Terminal

/// The built program, which lies beside the tests; nil where it has not been built.
private let binary: String? = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
    guard let end = bundle.lastIndex(of: "/") else { return nil }
    let path = bundle[..<end] + "/offbeat"
    return access(String(path), X_OK) == 0 ? String(path) : nil
}()

/// Runs a line of shell in which `$B` is the program.
private func shell(_ line: String) throws -> RunResult {
    try withTemporaryDirectory { directory in
        try run(
            command: "bash", arguments: ["--norc", "-c", line],
            environment: hermeticEnvironment(home: directory, adding: ["B": binary ?? ""]))
    }
}

@Suite(.enabled(if: binary != nil))
struct BinaryTests {
    @Test func itPrintsItsVersion() throws {
        let result = try shell("$B --version")
        #expect(result.status == 0)
        #expect(result.stdout == "offbeat 0.1.0\n")
        #expect(result.stderr.isEmpty)
    }

    @Test func bytesOfAWordAreKept() throws {
        let result = try shell("$B $'a\\xffb'")
        #expect(result.status == 2)
        #expect(result.stderr == "offbeat: unknown command 'a\\xffb' ('offbeat help' lists the commands)\n")
    }

    @Test func aReaderThatGoesAwayIsNoError() throws {
        let result = try shell("set -o pipefail; $B help | true; echo ${PIPESTATUS[0]}")
        #expect(result.stdout == "0\n")
        #expect(result.stderr.isEmpty)
    }

    @Test func aFullDiskIsAnError() throws {
        for line in ["$B help > /dev/full", "$B --json help > /dev/full", "$B --version > /dev/full"] {
            let result = try shell(line)
            #expect(result.status == 1)
            #expect(result.stderr == "offbeat: cannot write the output: No space left on device\n")
        }
    }

    @Test func aClosedStreamIsAnErrorAndNothingElse() throws {
        let result = try shell("$B --version >&-")
        #expect(result.status == 1)
        #expect(result.stderr == "offbeat: cannot write the output: Bad file descriptor\n")
        #expect(try shell("$B frobnicate 2>&-").status == 2)
        #expect(try shell("$B --version <&-").stdout == "offbeat 0.1.0\n")
    }

    @Test func errorsAndResultsKeepToTheirStreams() throws {
        #expect(try shell("$B frobnicate 2>/dev/null").stdout.isEmpty)
        #expect(try shell("$B --json frobnicate").stderr.isEmpty)
    }
}
