import Catalog

/// `offbeat help [COMMAND…]`.
enum HelpCommand {
    static let words = Argument.many("COMMAND", .text, atLeast: 0, help: "The command to explain.")
    static let manual = Option.flag("man", help: "Print the manual page, for man -l -.")

    static let command = Command(
        "help", in: .help,
        summary: "Explain Offbeat or one of its commands",
        arguments: [words], options: [manual],
        examples: [
            .init("offbeat help add", "explain one command"),
            .init("offbeat help --man | man -l -", "read the manual page"),
        ],
        json: #"{"command","summary","usage","options":[{"name","value","help"}],"json","text"} or {"text"}"#
    ) { invocation in
        if invocation[manual] {
            let page = ManualPage(invocation.commands).text
            return Reply(json: ["text": .string(page)]) { $0.verbatim(page) }
        }
        let help = HelpText(invocation.commands, style: invocation.console.style)
        let words = invocation[words]
        if words.isEmpty { return help.reply(nil) }
        switch invocation.commands.match(words) {
        case .command(let command, isPrefix: _): return help.reply(command)
        case .prefix: return help.reply(group: words)
        case .nothing:
            let known =
                words.indices.last { !invocation.commands.beginning(with: Array(words[..<$0])).isEmpty } ?? 0
            throw invocation.commands.unknown(Word(words[known]), after: Array(words[..<known]))
        }
    }
}
