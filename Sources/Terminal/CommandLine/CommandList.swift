import Catalog

/// All commands, and the way from the words of a call to the one that is meant.
struct CommandList: Sendable {
    let commands: [Command]

    init(_ commands: [Command]) {
        self.commands = commands
    }

    /// What a beginning of words stands for.
    enum Match {
        /// A command, which may be the first word of longer ones too.
        case command(Command, isPrefix: Bool)
        /// Only the beginning of commands, such as `user`.
        case prefix
        case nothing
    }

    /// Returns what the words stand for.
    func match(_ words: [String]) -> Match {
        var exact: Command?
        var isPrefix = false
        for command in commands where command.words.starts(with: words) {
            if command.words.count == words.count { exact = command } else { isPrefix = true }
        }
        if let exact { return .command(exact, isPrefix: isPrefix) }
        return isPrefix ? .prefix : .nothing
    }

    /// Returns the commands that begin with these words, in the order of their declaration.
    func beginning(with words: [String]) -> [Command] {
        commands.filter { $0.words.starts(with: words) }
    }

    /// Returns the failure of a call that names no command, with the nearest that there is.
    func unknown(_ word: Word, after prefix: [String]) -> Failure {
        let typed = (prefix + [word.description]).joined(separator: " ")
        let known = beginning(with: prefix)
        let next = known.compactMap { $0.words.count > prefix.count ? $0.words[prefix.count] : nil }
        var meant = Suggestion.nearest(to: word.description, in: next).map { prefix + [$0] }
        if meant == nil {
            meant = known.first { $0.words.last == word.description }?.words
        }
        let hint =
            meant.map { "did you mean \($0.joined(separator: " "))?" }
            ?? "'\(([Program.name, "help"] + prefix).joined(separator: " "))' lists the commands"
        return .usage("unknown command '\(typed)'", hint: hint)
    }

    /// Returns the failure of a call that stops in the middle of a command's words.
    func incomplete(_ prefix: [String]) -> Failure {
        let next = beginning(with: prefix).map { $0.words[prefix.count] }
        var seen: Set<String> = []
        let choices = next.filter { seen.insert($0).inserted }.joined(separator: ", ")
        return .usage("'\(prefix.joined(separator: " "))' needs a further word", hint: "one of \(choices)")
    }

    /// Returns what is wrong with the declarations, in words; empty when all is well.
    ///
    /// For a test: a name that two commands or two options share, an argument that can never be filled.
    func problems() -> [String] {
        var problems: [String] = []
        var names: Set<String> = []
        for command in commands {
            if !names.insert(command.name).inserted { problems.append("\(command.name) is declared twice") }
            var options: Set<String> = []
            for option in command.options {
                let keys = [option.name] + (option.short.map { ["-\($0)"] } ?? [])
                for key in keys where !options.insert(key).inserted {
                    problems.append("\(command.name) declares \(key) twice")
                }
            }
            if command.arguments.filter({ $0.minimum != $0.maximum }).count > 1 {
                problems.append("\(command.name) has more than one argument of open length")
            }
            if command.summary.isEmpty || command.json.isEmpty {
                problems.append("\(command.name) lacks a summary or a JSON shape")
            }
        }
        return problems
    }
}
