import Catalog
import Testing

@testable import Terminal

@Test func helpOfACommandComesFromItsDeclaration() {
    let expected = """
        Add audio files to the library.

        Usage: offbeat add [OPTIONS] PATH…

        Folders are walked. A file that is here already is left alone, so a call that
        was cut short can be repeated.

        Originals stay where they are unless --move is given.

        Arguments:
          PATH  Files, and folders to walk.

        Options:
          --title TEXT   The title.
          --tag T        A tag. May be given several times.
          --move         Remove the originals once their bytes are safe.
          -n, --dry-run  Only say what would be done.

        Examples:
          offbeat add ~/Music --tag live
              add a folder and tag all of it

        With --json:
          {"version","added":[track…],"failed":[{"path","reason"}]}

        Exit status beside 0, 1 and 2:
          4  refused

        'offbeat help' lists the options that every command has.

        """
    #expect(call("help add").out == expected)
}

@Test(arguments: [
    "add --help", "add -h", "--help add", "add --bogus --help", "help add", "ls --help -x add --help",
])
func helpIsThereWhereverItIsAskedFor(line: String) {
    let outcome = call(line)
    #expect(outcome.status == 0)
    #expect(outcome.out.contains("Usage: offbeat \(line.hasPrefix("ls") ? "ls" : "add")"))
    #expect(outcome.err.isEmpty)
}

@Test func helpBehindTwoDashesIsAnArgument() {
    #expect(call("add -- --help").out == "added --help\ndone\n")
}

@Test func helpOfAGroupListsItsCommands() {
    let expected = """
        Usage: offbeat user COMMAND …

          user add  Add a person
          user ls   List people

        """
    #expect(call("help user").out == expected)
    #expect(call("user --help").out == expected)
}

@Test func aCallWithoutWordsGetsShortHelp() {
    let expected = """
        Offbeat keeps an audio team's tracks and posts in one versioned store that works offline.

        Usage: offbeat [OPTIONS] COMMAND …

          add       Add audio files to the library
          ls        List tracks
          post new  Write a post

        'offbeat help' lists all commands, 'offbeat help COMMAND' explains one.

        """
    let outcome = call("")
    #expect(outcome.status == 0)
    #expect(outcome.out == expected)
}

@Test func helpOfAllNamesEveryCommandOptionAndEnd() {
    let text = call("help").out
    #expect(call("--help").out == text)
    for command in Sample.commands { #expect(text.contains("  \(command.name)  ")) }
    for option in GlobalOptions.all { #expect(text.contains("--\(option.name)")) }
    for entry in ExitStatus.table { #expect(text.contains("  \(entry.status.rawValue) ")) }
}

@Test func helpFitsTheTerminal() {
    for columns in [40, 60, 100] {
        let lines = call("help ls", terminal: true, columns: columns).out.split(separator: "\n")
        #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= max(columns, 60) })
    }
    #expect(
        call("help add", environment: ["TERM": "xterm"], terminal: true).out.contains("\u{1b}[1mOptions\u{1b}[0m:"))
}

@Test func helpForAnUnknownCommandSuggestsTheNearest() {
    #expect(call("help ad").err == "offbeat: unknown command 'ad' (did you mean add?)\n")
    #expect(call("help user ad").err == "offbeat: unknown command 'user ad' (did you mean user add?)\n")
    #expect(call("help ad").status == 2)
}

@Test func helpIsADocumentToo() throws {
    let command = try JSON.parse(call("--json help add").out)
    #expect(command["command"] == "add")
    #expect(command["usage"] == "offbeat add [OPTIONS] PATH…")
    #expect(command["options"]?.asArray?.first == ["name": "title", "value": "TEXT", "help": "The title."])
    #expect(try JSON.parse(call("--json").out)["text"]?.asString?.contains("Usage:") == true)
    #expect(try JSON.parse(call("--json help").out)["text"]?.asString?.contains("Exit status") == true)
    #expect(try JSON.parse(call("--json help --man").out)["text"]?.asString?.hasPrefix(".TH") == true)
}
