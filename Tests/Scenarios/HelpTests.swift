import Catalog
import Files
import TestSupport
import Testing

/// Help is there for every command, and says what scripts get.
@Suite struct HelpTests {
    static let commands = [
        "init", "status", "user add", "user ls", "add", "ls", "show", "edit", "replace", "rm", "marker add",
        "marker rm", "cat", "export", "log", "diff", "config get", "config set", "config ls", "publish",
        "post settle",
        "help", "completions",
    ]

    @Test(arguments: commands) func explains(_ command: String) throws {
        try Studio.with { studio in
            let words = command.split(separator: " ").map { Word(String($0)) }
            let help = try studio.offbeat(words: words + ["--help"]).done().text
            #expect(help.contains("Usage: offbeat") && help.contains("--json"))
            #expect(try studio.offbeat(words: ["help"] + words).done().text == help)
            let document = try studio.offbeat(words: ["--json", "help"] + words).done().json()
            #expect(document["command"]?.asString == command)
            #expect(document["json"]?.asString?.isEmpty == false)
        }
    }

    @Test func namesEveryCommand() throws {
        try Studio.with { studio in
            let help = try studio.offbeat("help").done().text
            for command in Self.commands { #expect(help.contains("  \(command)"), "\(command)") }
            #expect(try studio.offbeat("--help").done().text == help)
        }
    }

    @Test func theVersionIsTold() throws {
        try Studio.with { studio in
            let (text, document) = try (studio.offbeat("--version").done().text, studio.json("--version").json())
            #expect(text.hasPrefix("offbeat "))
            #expect(document["version"]?.asString?.isEmpty == false)
        }
    }

    @Test func needsNoStoreAndNoHome() throws {
        try Studio.with { studio in
            try FileSystem.removeDirectory(studio.home)
            try studio.offbeat("help").done()
            try studio.offbeat("add", "--help").done()
        }
    }
}
