import Catalog

/// `offbeat completions SHELL`.
enum CompletionsCommand {
    enum Shell: String, Choice { case bash, zsh, fish }

    static let shell = Argument.one("SHELL", .choice("SHELL") as ValueKind<Shell>, help: "bash, zsh or fish.")

    static let command = Command(
        "completions", in: .help,
        summary: "Print the script that completes Offbeat's commands in a shell",
        arguments: [shell],
        examples: [
            .init(
                "offbeat completions bash > ~/.local/share/bash-completion/completions/offbeat", "install for bash"),
            .init("offbeat completions fish > ~/.config/fish/completions/offbeat.fish", "install for fish"),
        ],
        json: #"{"shell","script"}"#
    ) { invocation in
        let shell = invocation[shell]
        let completions = CompletionScript(invocation.commands)
        let script =
            switch shell {
            case .bash: completions.bash
            case .zsh: completions.zsh
            case .fish: completions.fish
            }
        return Reply(json: ["shell": .string(shell.rawValue), "script": .string(script)]) { $0.verbatim(script) }
    }
}
