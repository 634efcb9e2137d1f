import Files
import Glibc
import TestSupport
import Testing

@testable import Terminal

/// Whether `CommandLine.md` says what the declarations of the commands say.
struct CommandLineTests {
    private static let path = "Sources/Terminal/Terminal.docc/CommandLine.md"
    private static let begin = "<!-- From here on made from the declarations: OFFBEAT_RECORD=1 writes it anew. -->"

    /// `OFFBEAT_RECORD=1` in the environment writes the page anew, and then the test fails, so that nobody records
    /// without looking.
    @Test func thePageIsThatOfTheDeclarations() throws {
        let page = try Page(Self.path)
        let start = try #require(page.lines.firstIndex(of: Self.begin))
        let wanted = CommandReference(commands: allCommands()).lines
        let shown = Array(page.lines[(start + 1)...])
        if getenv("OFFBEAT_RECORD") != nil {
            let text = (page.lines[...start] + wanted).joined(separator: "\n")
            try FileSystem.write(text, to: page.file)
            Issue.record("\(Self.path) was written anew")
        }
        let difference = zip(wanted, shown).first { $0 != $1 }
        #expect(
            shown == wanted, "first difference: \(difference.map { "'\($1)', wanted '\($0)'" } ?? "the length")")
    }

    @Test func everyErrorCodeOfTheLibraryStandsOnThePage() throws {
        let quoted = Set(try Page(Self.path).quoted)
        for (_, _, codes) in ExitStatus.table {
            for code in codes { #expect(quoted.contains(code), "\(code)") }
        }
    }
}

/// What scripts rely on, from the declarations of the commands.
struct CommandReference {
    let commands: [Command]

    var lines: [String] {
        var lines = ["", "## Exit status", "", "| status | meaning | `error.code` |", "| --- | --- | --- |"]
        for (status, meaning, codes) in ExitStatus.table {
            let codes = codes.map { "`\($0)`" }.joined(separator: ", ")
            lines.append("| \(status.rawValue) | \(meaning) | \(codes) |")
        }
        lines += ["", "## Options of every command", ""] + GlobalOptions.all.map(option)
        for group in Command.Group.allCases {
            let members = commands.filter { $0.group == group }
            if members.isEmpty { continue }
            lines += ["", "## \(group.rawValue)"]
            for command in members { lines += describe(command) }
        }
        return lines + [""]
    }

    private func describe(_ command: Command) -> [String] {
        var lines = ["", "### \(command.name)", "", "\(command.summary): `\(command.usage)`"]
        if !command.options.isEmpty { lines += [""] + command.options.map(option) }
        lines += ["", "```", command.json, "```"]
        let others = command.exits.map { "\($0.rawValue) (\($0.meaning))" }
        if !others.isEmpty { lines += ["", "Exits also with \(others.joined(separator: ", "))."] }
        return lines
    }

    private func option(_ option: OptionDeclaration) -> String {
        let value = option.placeholder.map { " \($0)" } ?? ""
        return "- `--\(option.name)\(value)`: \(option.help)"
    }
}
