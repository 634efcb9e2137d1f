import Catalog

/// Reads the words of a call.
///
/// Global options may stand anywhere, options of a command anywhere after it; `--` ends the options; `--name=value`
/// and `--name value` are the same. A parser reads one call; after a failure `command` still tells how far it got.
struct Parser {
    private let list: CommandList
    private let words: [Word]
    private var index = 0
    private var optionsHaveEnded = false
    private var prefix: [String] = []
    private(set) var command: Command?
    private var given: [String: [Word]] = [:]
    private var plain: [Word] = []

    init(_ list: CommandList, words: [Word]) {
        self.list = list
        self.words = words
    }

    /// What the call asks for.
    struct Request {
        /// Nil if the call names none, which is a call for help.
        let command: Command?
        /// The words of a group of commands that the call stopped at, such as `user`.
        let prefix: [String]
        let values: ParsedValues
        let help: Bool
        let version: Bool
    }

    /// Reads all words.
    ///
    /// With `--help` or `--version` among the options, arguments and options need not be complete.
    mutating func request() throws(Failure) -> Request {
        while let word = next() {
            if !optionsHaveEnded, word == "--" {
                optionsHaveEnded = true
            } else if !optionsHaveEnded, word.hasPrefix("--") {
                try takeLong(word.dropping(2))
            } else if !optionsHaveEnded, word.hasPrefix("-"), word != "-" {
                try takeShort(word)
            } else {
                try takePlain(word)
            }
        }
        var values = ParsedValues()
        let (help, version) = (given["help"] != nil, given["version"] != nil)
        for option in GlobalOptions.all { try values.set(option, from: given[option.name] ?? []) }
        if !help, !version {
            if command == nil, !prefix.isEmpty { throw list.incomplete(prefix) }
            try fill(&values)
        }
        return Request(command: command, prefix: prefix, values: values, help: help, version: version)
    }

    /// Whether a flag stands among the words, for calls that cannot be read any further.
    static func mentions(_ flags: Set<Word>, in words: [Word]) -> Bool {
        words.prefix { $0 != "--" }.contains { flags.contains($0) }
    }

    private mutating func next() -> Word? {
        guard index < words.count else { return nil }
        defer { index += 1 }
        return words[index]
    }

    // MARK: Options

    private func find(_ matches: (OptionDeclaration) -> Bool) -> OptionDeclaration? {
        command?.options.first(where: matches) ?? GlobalOptions.all.first(where: matches)
    }

    private mutating func takeLong(_ word: Word) throws(Failure) {
        let (name, value) = word.splitAtEquals()
        guard let option = find({ Word($0.name) == name }) else { throw unknownOption(name) }
        if option.isFlag {
            if let value { throw .usage("--\(option.name) takes no value, but got '\(value)'") }
            give(option, "")
        } else {
            let word = if let value { value } else { try valueAfter(option, written: "--\(option.name)") }
            give(option, word)
        }
    }

    /// Takes `-x`, `-xy` (flags together), `-xVALUE` and `-x VALUE`.
    ///
    /// Where words with a dash are arguments, only exactly `-x` is an option.
    private mutating func takeShort(_ word: Word) throws(Failure) {
        var letters = word.dropping(1).bytes[...]
        if command?.acceptsDashWords == true, letters.count > 1 || findShort(letters.first) == nil {
            return try takePlain(word)
        }
        while let letter = letters.popFirst() {
            guard let option = findShort(letter) else {
                let hint = command == nil ? nil : "put -- before words that begin with a dash"
                throw .usage("unknown option '\(word)'", hint: hint)
            }
            if option.isFlag {
                give(option, "")
            } else if letters.isEmpty {
                give(option, try valueAfter(option, written: "-\(Unicode.Scalar(letter))"))
            } else {
                give(option, Word(bytes: letters))
                return
            }
        }
    }

    private func findShort(_ letter: UInt8?) -> OptionDeclaration? {
        find { $0.short?.asciiValue != nil && $0.short?.asciiValue == letter }
    }

    private mutating func give(_ option: OptionDeclaration, _ value: Word) {
        given[option.name, default: []].append(value)
    }

    /// Takes the next word as an option's value, unless it is an option itself, which means a forgotten value.
    private mutating func valueAfter(_ option: OptionDeclaration, written: String) throws(Failure) -> Word {
        let missing = Failure.usage(
            "\(written) needs a value", hint: "write \(written) \(option.placeholder ?? "VALUE")")
        guard let value = next() else { throw missing }
        let isOption = value == "--" || value.hasPrefix("--") && isLongOption(value.dropping(2))
        guard isOption else { return value }
        throw .usage(missing.message, hint: "write --\(option.name)=\(value) if that is the value")
    }

    private func isLongOption(_ word: Word) -> Bool {
        let name = word.splitAtEquals().name
        return find { Word($0.name) == name } != nil
    }

    private func unknownOption(_ name: Word) -> Failure {
        let known = (command?.options ?? []) + GlobalOptions.all
        if let nearest = Suggestion.nearest(to: name.description, in: known.map(\.name)) {
            return .usage("unknown option '--\(name)'", hint: "did you mean --\(nearest)?")
        }
        guard let command else {
            return .usage("unknown option '--\(name)'", hint: "a command's own options stand after it")
        }
        return .usage("unknown option '--\(name)'", hint: "see '\(Program.name) \(command.name) --help'")
    }

    // MARK: Words

    private mutating func takePlain(_ word: Word) throws(Failure) {
        if let command {
            if plain.isEmpty, command.words == prefix, let text = word.text,
                case .command(let longer, _) = list.match(prefix + [text])
            {
                self.command = longer
                prefix.append(text)
            } else {
                plain.append(word)
            }
            return
        }
        guard let text = word.text else { throw list.unknown(word, after: prefix) }
        switch list.match(prefix + [text]) {
        case .command(let found, _): command = found
        case .prefix: break
        case .nothing: throw list.unknown(word, after: prefix)
        }
        prefix.append(text)
    }

    // MARK: Values

    private func fill(_ values: inout ParsedValues) throws(Failure) {
        guard let command else { return }
        for option in command.options {
            let words = given[option.name] ?? []
            if option.isRequired, words.isEmpty {
                throw .usage("--\(option.name) \(option.placeholder ?? "") is missing", hint: usageHint(command))
            }
            try values.set(option, from: words)
        }
        var rest = plain[...]
        var needed = command.arguments.reduce(0) { $0 + $1.minimum }
        for argument in command.arguments {
            guard rest.count >= needed else {
                throw .usage("\(firstMissing(command).name) is missing", hint: usageHint(command))
            }
            needed -= argument.minimum
            let taken = rest.prefix(min(rest.count - needed, argument.maximum ?? .max))
            rest = rest.dropFirst(taken.count)
            try values.set(argument, from: Array(taken))
        }
        if let extra = rest.first {
            throw .usage("unexpected argument '\(extra)'", hint: usageHint(command))
        }
    }

    /// The first argument that too few words leave empty, if the earlier ones take their minimum.
    private func firstMissing(_ command: Command) -> ArgumentDeclaration {
        var left = plain.count
        for argument in command.arguments {
            left -= argument.minimum
            if left < 0 { return argument }
        }
        preconditionFailure("asked for a missing argument, but none of '\(command.name)' is")
    }

    private func usageHint(_ command: Command) -> String { "usage: \(command.usage)" }
}
