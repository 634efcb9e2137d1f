import Catalog
import Files
import Testing

@testable import Terminal

@Test func resultsGoToStandardOutputAndRemarksKeepQuiet() {
    #expect(call("add a").out == "added a\ndone\n")
    #expect(call("add a --quiet").out == "added a\n")
    #expect(call("add a --verbose").out == "added a\ndone\nin no time\n")
}

@Test(arguments: ExitStatus.table.flatMap { entry in entry.codes.map { ($0, entry.status.rawValue) } })
func everyCodeEndsAsTheTableSays(code: String, status: Int32) {
    let outcome = call("fail \(code)")
    #expect(outcome.status == status)
    #expect(outcome.out.isEmpty)
    let json = call("--json fail \(code)")
    #expect(json.status == status)
    #expect(json.err.isEmpty)
}

@Test func theTableOfEndsIsTheContract() {
    let pairs = ExitStatus.table.map { "\($0.status.rawValue): \($0.codes.joined(separator: " "))" }
    #expect(
        pairs == [
            "0: ", "1: no-space read-only not-audio io", "2: usage", "3: not-found ambiguous not-a-store",
            "4: not-allowed wrong-state over-limit newer-format", "5: ", "6: damaged",
            "75: offline locked race-lost", "130: interrupted",
        ])
    #expect(ExitStatus.of(code: "anything-else") == .failed)
    #expect(ExitStatus.tryLater.meaning == "try again later")
    #expect(ExitStatus(rawValue: 99).meaning == "not done")
}

@Test func anErrorIsOneLineThatSteersNoTerminal() {
    let outcome = call("fail not-found")
    #expect(outcome.err == "offbeat: no track \\x1b[31mx\\ny (try 'offbeat ls')\n")
}

@Test func withJSONAnErrorIsADocumentOnStandardOutput() throws {
    let document = try JSON.parse(call("--json fail not-found").out)
    #expect(
        document == [
            "error": ["code": "not-found", "message": "no track \u{1b}[31mx\ny", "hint": "try 'offbeat ls'"]
        ])
}

@Test func withJSONEvenAMisreadCallAnswersWithADocument() throws {
    for line in ["--json frobnicate", "add --json", "add a --bogus --json", "--store --json"] {
        let outcome = call(line)
        #expect(outcome.status == 2)
        #expect(try JSON.parse(outcome.out)["error"]?["code"] == "usage", "\(line)")
        #expect(outcome.err.isEmpty)
    }
    #expect(call("add a --bogus -- --json").out.isEmpty)
}

@Test func anErrorThatNobodyDescribedKeepsItsWords() {
    struct Odd: Error, CustomStringConvertible { let description = "odd thing" }
    struct Known: FailureConvertible { let failure = Failure(code: "locked", "somebody writes") }
    #expect(Failure(of: Odd()) == Failure(code: "internal", "odd thing"))
    #expect(Failure(of: Known()).exit == .tryLater)
    #expect(Failure(of: OutputError.failed(28)).code == "io")
    #expect(Failure(of: OutputError.readerGone).message == "nobody reads the output any more")
}

@Test func errorsOfFilesHaveTheirCodes() {
    func code(_ code: FileError.Code) -> String { Failure(of: FileError(code, "write", "a")).code }
    #expect(code(.noSpace) == "no-space")
    #expect(code(.quota) == "no-space")
    #expect(code(.readOnly) == "read-only")
    #expect(code(.notFound) == "not-found")
    #expect(code(.io) == "io")
}

@Test func aStreamWritesOneDocumentALine() {
    #expect(call("stream --json").out == "{\"n\":1}\n{\"n\":2}\n")
    #expect(call("stream").out == "event 1\nevent 2\n")
    #expect(call("stream").err == "that was all\n")
    #expect(call("stream --quiet").err == "")
    #expect(call("stream").status == 5)
}

@Test func coloursFollowTheTerminalTheEnvironmentAndTheCall() {
    let bold = "\u{1b}[1m"
    let term: [String: Word] = ["TERM": "xterm"]
    #expect(call("add a", environment: term, terminal: true).out.contains(bold))
    #expect(!call("add a", environment: term).out.contains(bold))
    #expect(!call("add a", terminal: true).out.contains(bold))
    #expect(!call("add a", environment: ["TERM": "dumb"], terminal: true).out.contains(bold))
    #expect(!call("add a", environment: ["TERM": "xterm", "NO_COLOR": "1"], terminal: true).out.contains(bold))
    #expect(call("add a", environment: ["TERM": "xterm", "NO_COLOR": ""], terminal: true).out.contains(bold))
    #expect(!call("add a --color never", environment: term, terminal: true).out.contains(bold))
    #expect(call("add a --color always", environment: ["NO_COLOR": "1"]).out.contains(bold))
    #expect(!call("--json add a --color always", environment: term, terminal: true).out.contains(bold))
}

@Test func versionNeedsNoCommands() {
    let out = Output.memory()
    let program = Program { preconditionFailure("nobody asked for a command") }
    let console = Console.plain(out: out, err: .memory(), interruption: Interruption())
    #expect(program.run(["--version"], environment: Environment([:]), console: console) == 0)
    #expect(String(decoding: out.captured, as: UTF8.self) == "offbeat 0.1.0\n")
    #expect(call("--json --version").out == "{\"version\":\"0.1.0\"}\n")
    #expect(call("add --version").out == "offbeat 0.1.0\n")
}
