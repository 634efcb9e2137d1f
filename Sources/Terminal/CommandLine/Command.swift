/// One command, declared once: its parsing, help, completions, manual page and JSON shape all follow from this.
struct Command: Sendable {
    /// The words that call it, for example `["user", "add"]`.
    let words: [String]
    let group: Group
    /// What it does, in one line that begins with a verb.
    let summary: String
    /// What else there is to know; paragraphs are parted by an empty line.
    let discussion: String
    let arguments: [ArgumentDeclaration]
    let options: [OptionDeclaration]
    let examples: [Example]
    /// The document that `--json` prints, in the notation of the manual.
    let json: String
    /// The ends that it can have beside 0, 1, 2 and 130.
    let exits: [ExitStatus]
    /// Whether a word such as `-live` that is no declared option is an argument rather than a mistake.
    let acceptsDashWords: Bool
    /// What an interrupt does: nothing at once if the command looks at `Interruption` itself, else it ends the program.
    let looksForInterruption: Bool
    let run: @Sendable (Invocation) throws -> Reply

    /// One call with what it is good for.
    struct Example: Sendable {
        let call: String
        let meaning: String

        init(_ call: String, _ meaning: String) {
            self.call = call
            self.meaning = meaning
        }
    }

    /// The headings under which help lists the commands, in their order.
    enum Group: String, CaseIterable, Sendable {
        case start = "Start"
        case library = "Library"
        case analysis = "Analysis"
        case posts = "Posts"
        case sync = "Sync"
        case versions = "Versions"
        case cache = "Cache"
        case guests = "Guests"
        case care = "Care"
        case serve = "Serve"
        case help = "Help"
    }

    /// Declares a command.
    ///
    /// - Parameter name: the words that call it, parted by one space: `user add`.
    init(
        _ name: String, in group: Group, summary: String, discussion: String = "",
        arguments: [any ArgumentDeclaring] = [], options: [any OptionDeclaring] = [], examples: [Example] = [],
        json: String, exits: [ExitStatus] = [], acceptsDashWords: Bool = false, looksForInterruption: Bool = false,
        run: @escaping @Sendable (Invocation) throws -> Reply
    ) {
        words = name.split(separator: " ").map(String.init)
        self.group = group
        self.summary = summary
        self.discussion = discussion
        self.arguments = arguments.map(\.declaration)
        self.options = options.map(\.declaration)
        self.examples = examples
        self.json = json
        self.exits = exits
        self.acceptsDashWords = acceptsDashWords
        self.looksForInterruption = looksForInterruption
        self.run = run
    }

    var name: String { words.joined(separator: " ") }

    /// The call in one line: `offbeat add [OPTIONS] PATH…`.
    var usage: String {
        var parts = [Program.name, name]
        if !options.isEmpty { parts.append("[OPTIONS]") }
        for option in options where option.isRequired {
            parts.append("--\(option.name) \(option.placeholder ?? "")")
        }
        parts += arguments.map(\.usage)
        return parts.joined(separator: " ")
    }
}
