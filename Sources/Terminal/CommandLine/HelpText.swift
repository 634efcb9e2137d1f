import Catalog

/// The help for people, made from the declarations.
struct HelpText {
    private let list: CommandList
    private let width: Int

    init(_ list: CommandList, style: PageStyle) {
        self.list = list
        width = min(100, max(40, style.columns ?? 80))
    }

    /// The commands that somebody needs first, of which help without words tells.
    private static let first = ["init", "clone", "add", "ls", "show", "edit", "post new", "sync", "status"]

    // MARK: Replies

    /// What a call without any words gets.
    var shortReply: Reply {
        reply(with: ["text": .string(plain(short))], short)
    }

    /// Help for a command, or for all of Offbeat.
    func reply(_ command: Command?) -> Reply {
        guard let command else { return reply(with: ["text": .string(plain(overview))], overview) }
        return reply(with: document(command)) { explain(command, to: &$0) }
    }

    /// Help for the commands that begin with the same words.
    func reply(group words: [String]) -> Reply {
        let commands = list.beginning(with: words)
        let write: (inout Page) -> Void = { page in
            page.line("Usage: \(Program.name) \(words.joined(separator: " ")) COMMAND …")
            page.line()
            summaries(commands, to: &page)
        }
        return reply(with: ["text": .string(plain(write))], write)
    }

    private func reply(with json: JSON, _ write: @escaping (inout Page) -> Void) -> Reply {
        Reply(json: json, text: write)
    }

    private func plain(_ write: (inout Page) -> Void) -> String {
        var page = Page(PageStyle())
        write(&page)
        return page.text
    }

    private func document(_ command: Command) -> JSON {
        let options = command.options.map { option -> JSON in
            var entry: JSONObject = ["name": .string(option.name), "help": .string(option.help)]
            entry["value"] = option.placeholder.map(JSON.string)
            return .object(entry)
        }
        return [
            "command": .string(command.name), "summary": .string(command.summary), "usage": .string(command.usage),
            "options": .array(options), "json": .string(command.json),
            "text": .string(plain { explain(command, to: &$0) }),
        ]
    }

    // MARK: All of Offbeat

    private func short(_ page: inout Page) {
        page.line("Offbeat keeps an audio team's tracks and posts in one versioned store that works offline.")
        page.line()
        page.line("Usage: offbeat [OPTIONS] COMMAND …")
        page.line()
        let first = Self.first.compactMap { name in list.commands.first { $0.name == name } }
        if !first.isEmpty {
            summaries(first, to: &page)
            page.line()
        }
        page.line("'offbeat help' lists all commands, 'offbeat help COMMAND' explains one.")
    }

    private func overview(_ page: inout Page) {
        page.line("Offbeat keeps an audio team's tracks and posts in one versioned store that works offline.")
        page.line()
        page.line("Usage: offbeat [OPTIONS] COMMAND …")
        for group in Command.Group.allCases {
            let commands = list.commands.filter { $0.group == group }
            if commands.isEmpty { continue }
            heading(group.rawValue, to: &page)
            summaries(commands, to: &page)
        }
        heading("Options of every command", to: &page)
        definitions(GlobalOptions.all.map(definition), to: &page)
        heading("Exit status", to: &page)
        definitions(ExitStatus.table.map { ("\($0.status.rawValue)", $0.meaning) }, to: &page)
        page.line()
        page.line("'offbeat help COMMAND' explains one command.")
    }

    // MARK: One command

    private func explain(_ command: Command, to page: inout Page) {
        page.line("\(command.summary).")
        page.line()
        page.line("Usage: \(command.usage)")
        if !command.discussion.isEmpty {
            page.line()
            let discussion = Program.replacingPlace(in: command.discussion)
            for line in TextWrap.lines(discussion, width: width) { page.line("\(line)") }
        }
        section("Arguments", command.arguments.map { ($0.name, $0.help) }, to: &page)
        section("Options", command.options.map(definition), to: &page)
        if !command.examples.isEmpty {
            heading("Examples", to: &page)
            for example in command.examples {
                page.line("  \(example.call)")
                for line in TextWrap.lines(example.meaning, width: width - 6) { page.line("      \(line)") }
            }
        }
        heading("With --json", to: &page)
        for line in TextWrap.lines(command.json, width: width - 2) { page.line("  \(line)") }
        if !command.exits.isEmpty {
            section(
                "Exit status beside 0, 1 and 2", command.exits.map { ("\($0.rawValue)", $0.meaning) }, to: &page)
        }
        page.line()
        page.line("'offbeat help' lists the options that every command has.")
    }

    private func definition(_ option: OptionDeclaration) -> (term: String, text: String) {
        var term = option.short.map { "-\($0), " } ?? ""
        term += "--\(option.name)"
        if let placeholder = option.placeholder { term += " \(placeholder)" }
        var text = option.help
        if option.isRepeatable { text += " May be given several times." }
        if let fallback = option.defaultText { text += " Default: \(fallback)." }
        return (term, text)
    }

    // MARK: Layout

    private func heading(_ title: String, to page: inout Page) {
        page.line()
        page.line("\(title, .bold):")
    }

    private func section(_ title: String, _ entries: [(term: String, text: String)], to page: inout Page) {
        if entries.isEmpty { return }
        heading(title, to: &page)
        definitions(entries, to: &page)
    }

    private func summaries(_ commands: [Command], to page: inout Page) {
        definitions(commands.map { ($0.name, $0.summary) }, to: &page)
    }

    /// Terms at the left, texts beside them; a term that is too long stands on a line of its own.
    private func definitions(_ entries: [(term: String, text: String)], to page: inout Page) {
        let fitting = entries.map { DisplayWidth.of($0.term) }.filter { $0 <= 24 }
        let indent = (fitting.max() ?? 24) + 4
        for (term, text) in entries {
            let lines = TextWrap.lines(text, width: width - indent)
            let blanks = String(repeating: " ", count: indent)
            var rest = lines[...]
            if DisplayWidth.of(term) + 4 > indent {
                page.line("  \(term)")
            } else {
                let padding = String(repeating: " ", count: indent - 2 - DisplayWidth.of(term))
                page.line("  \(term)\(rest.isEmpty ? "" : padding)\(rest.popFirst() ?? "")")
            }
            for line in rest { page.line("\(blanks)\(line)") }
        }
    }
}
