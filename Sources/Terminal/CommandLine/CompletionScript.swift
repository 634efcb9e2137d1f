/// What the scripts for the shells have in common: the declarations, in the form that shells need.
struct CompletionScript {
    let list: CommandList

    init(_ list: CommandList) {
        self.list = list
    }

    /// The words of each command, and of each beginning of one, with the words that may follow.
    ///
    /// The first is the empty beginning, with the first words of all commands.
    var branches: [(prefix: String, next: [(word: String, summary: String)])] {
        var order: [[String]] = []
        var next: [[String]: [(word: String, summary: String)]] = [:]
        for command in list.commands {
            for depth in command.words.indices {
                let prefix = Array(command.words[..<depth])
                let word = command.words[depth]
                if next[prefix] == nil { order.append(prefix) }
                if next[prefix, default: []].contains(where: { $0.word == word }) { continue }
                let isWhole = depth == command.words.count - 1
                let summary = isWhole ? command.summary : "\(command.group.rawValue): \(word) …"
                next[prefix, default: []].append((word, summary))
            }
        }
        return order.map { ($0.joined(separator: " "), next[$0] ?? []) }
    }

    /// All commands and beginnings of commands, by which a shell finds where the words of the command end.
    var paths: [String] {
        branches.flatMap { branch in
            branch.next.map { branch.prefix.isEmpty ? $0.word : "\(branch.prefix) \($0.word)" }
        }
    }

    /// The options that take a value, which a shell has to skip with it.
    func valued(_ options: [OptionDeclaration]) -> [OptionDeclaration] { options.filter { !$0.isFlag } }

    /// The written forms of an option: `--title` and `-t`.
    func forms(_ option: OptionDeclaration) -> [String] {
        ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
    }

    /// What completes the arguments of a command; places are not told apart.
    func arguments(_ command: Command) -> [Completion] {
        var result: [Completion] = []
        for argument in command.arguments where argument.completion != .none {
            if !result.contains(argument.completion) { result.append(argument.completion) }
        }
        return result
    }

    /// Text inside single quotes, as all three shells read it.
    func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
