import Files
import TestSupport
import Testing

@testable import Terminal

private let scripts = CompletionScript(CommandList(Sample.commands))

/// What bash offers for the last of these words.
private func bash(_ words: [String]) throws -> Set<String> {
    try withTemporaryDirectory { directory in
        try FileSystem.write("", to: directory.appending("song.wav"))
        try FileSystem.makeDirectory(directory.appending("folder"))
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        // `compopt` works only while bash itself completes.
        let script =
            scripts.bash + "\ncompopt() { :; }\nCOMP_WORDS=(offbeat \(quoted)); COMP_CWORD=\(words.count)\n"
            + "_offbeat; printf '%s\\n' \"${COMPREPLY[@]}\"\n"
        let result = try run(
            command: "bash", arguments: ["--norc", "--noprofile"], directory: directory, input: Array(script.utf8))
        #expect(result.status == 0)
        #expect(result.stderr.isEmpty, "\(result.stderr)")
        return Set(result.stdout.split(separator: "\n").map(String.init))
    }
}

@Test(.enabled(if: isInstalled("bash")))
func bashCompletesTheWordsOfCommands() throws {
    #expect(
        try bash([""]) == ["add", "ls", "user", "share", "post", "fail", "stream", "help", "completions"])
    #expect(try bash(["us"]) == ["user"])
    #expect(try bash(["user", ""]) == ["add", "ls"])
    #expect(try bash(["--json", "--store", "x", "user", "a"]) == ["add"])
    #expect(try bash(["--store", "=", "x", "user", "a"]) == ["add"])
}

@Test(.enabled(if: isInstalled("bash")))
func bashCompletesOptionsAndTheirValues() throws {
    #expect(try bash(["add", "--ti"]) == ["--title"])
    #expect(
        try bash(["add", "--"]).isSuperset(of: ["--title", "--tag", "--move", "--dry-run", "--json", "--help"]))
    #expect(try bash(["user", "ls", "--js"]) == ["--json"])
    #expect(try bash(["--co"]) == ["--color"])
    #expect(try bash(["ls", "--sort", ""]) == ["added", "title", "artist"])
    #expect(try bash(["ls", "--sort", "=", "t"]) == ["title"])
    #expect(try bash(["ls", "--sort", "="]) == ["added", "title", "artist"])
    #expect(try bash(["add", "--color", "a"]) == ["auto", "always"])
    #expect(try bash(["add", "--title", ""]) == [])
    #expect(try bash(["completions", "z"]) == ["zsh"])
}

@Test(.enabled(if: isInstalled("bash")))
func bashCompletesFilesAndFolders() throws {
    #expect(try bash(["add", ""]) == ["song.wav", "folder"])
    #expect(try bash(["add", "so"]) == ["song.wav"])
    #expect(try bash(["--store", ""]) == ["folder"])
    #expect(try bash(["post", "new", ""]) == ["folder"])
}

@Test(.enabled(if: isInstalled("bash")))
func bashReadsItsScript() throws {
    let result = try run(command: "bash", arguments: ["-n"], input: Array(scripts.bash.utf8))
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
}

@Test(.enabled(if: isInstalled("zsh")))
func zshReadsItsScript() throws {
    let result = try run(command: "zsh", arguments: ["-fn"], input: Array(scripts.zsh.utf8))
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
}

@Test(.enabled(if: isInstalled("fish")))
func fishCompletes() throws {
    func fish(_ line: String) throws -> Set<String> {
        try withTemporaryDirectory { directory in
            let script = scripts.fish + "\ncomplete -C '\(line)'\n"
            let result = try run(
                command: "fish", arguments: ["--no-config"], environment: hermeticEnvironment(home: directory),
                directory: directory, input: Array(script.utf8))
            #expect(result.status == 0 && result.stderr.isEmpty, "\(result.stderr)")
            return Set(result.stdout.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) })
        }
    }
    #expect(try fish("offbeat us") == ["user"])
    #expect(try fish("offbeat --json user ") == ["add", "ls"])
    #expect(try fish("offbeat ls --sort t") == ["title"])
    #expect(try fish("offbeat add --ti") == ["--title"])
    #expect(try fish("offbeat ls --ti") == [])
}

@Test func everyShellLearnsEveryCommandAndOption() {
    for script in [scripts.bash, scripts.zsh, scripts.fish] {
        for command in Sample.commands {
            for word in command.words { #expect(script.contains(word)) }
            for option in command.options { #expect(script.contains(option.name)) }
        }
    }
    #expect(scripts.quoted("it's") == #"'it'\''s'"#)
}

@Test(arguments: ["bash", "zsh", "fish"])
func theCommandPrintsTheScript(shell: String) {
    let expected = ["bash": scripts.bash, "zsh": scripts.zsh, "fish": scripts.fish][shell]
    #expect(call("completions \(shell)").out == expected)
    #expect(call("completions \(shell) --json").out.hasPrefix("{\"script\":"))
}
