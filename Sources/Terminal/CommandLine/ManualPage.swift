/// The manual page in roff, made from the declarations; written with the `man` macros, which every reader knows.
struct ManualPage {
    private let list: CommandList

    init(_ list: CommandList) {
        self.list = list
    }

    /// The whole page.
    var text: String {
        var lines: [String] = [
            #".TH OFFBEAT 1 "2026-11-20" "Offbeat \#(Program.version)" "User Commands""#,
            ".ad l",
            ".SH NAME",
            #"offbeat \- keep an audio team's tracks and posts in one versioned store"#,
            ".SH SYNOPSIS",
            #".B offbeat"#,
            #"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGUMENTS\fR]"#,
            ".SH COMMANDS",
        ]
        for group in Command.Group.allCases {
            let commands = list.commands.filter { $0.group == group }
            if commands.isEmpty { continue }
            lines.append(".SS \(escape(group.rawValue))")
            for command in commands { lines += describe(command) }
        }
        lines.append(".SH OPTIONS OF EVERY COMMAND")
        lines += GlobalOptions.all.flatMap(describe)
        lines.append(".SH EXIT STATUS")
        for entry in ExitStatus.table {
            let codes = entry.codes.isEmpty ? "" : " (" + entry.codes.joined(separator: ", ") + ")"
            lines += [".TP", "\(entry.status.rawValue)", escape("\(entry.meaning)\(codes)")]
        }
        lines.append(".SH ENVIRONMENT")
        for (name, meaning) in Self.variables {
            lines += [".TP", ".B \(name)", escape(meaning)]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let variables = [
        ("OFFBEAT_STORE", "The store to work on, if --store does not say."),
        ("OFFBEAT_NOW", "The time to take for now, in RFC 3339."),
        ("OFFBEAT_ADD_ROUND", "How many bytes of a large addition are made durable at a time."),
        ("OFFBEAT_TRACE", "What to print timings of, parted by commas: cache, files, git, store, sync, or all."),
        ("NO_COLOR", "If set, colours are off unless --color always is given."),
    ]

    private func describe(_ command: Command) -> [String] {
        var lines = [".TP", ".B \(escape(usage(command)))"] + filled(command.summary + ".")
        for paragraph in command.discussion.split(separator: "\n", omittingEmptySubsequences: true) {
            if TextWrap.isVerbatim(paragraph) {
                lines += [".IP", ".nf", escape(String(paragraph)), ".fi"]
            } else {
                lines += [".IP"] + filled(String(paragraph))
            }
        }
        let arguments = command.arguments.map { (escape($0.name), $0.help) }
        let options = command.options.map { (term($0), text($0)) }
        for (term, text) in arguments + options {
            lines += [".RS", ".TP", ".B \(term)"] + filled(text) + [".RE"]
        }
        for example in command.examples {
            lines += [".IP", escape("Example: \(example.meaning)."), ".IP", "\\fB\(escape(example.call))\\fR"]
        }
        return lines + [".IP"] + filled("With --json: \(command.json)")
    }

    private func usage(_ command: Command) -> String {
        command.usage.split(separator: " ").dropFirst().joined(separator: " ")
    }

    private func describe(_ option: OptionDeclaration) -> [String] {
        [".TP", ".B \(term(option))"] + filled(text(option))
    }

    private func term(_ option: OptionDeclaration) -> String {
        let short = option.short.map { "-\($0), " } ?? ""
        let value = option.placeholder.map { " \($0)" } ?? ""
        return escape("\(short)--\(option.name)\(value)")
    }

    private func text(_ option: OptionDeclaration) -> String {
        option.help + (option.isRepeatable ? " May be given several times." : "")
            + (option.defaultText.map { " Default: \($0)." } ?? "")
    }

    /// Running text in lines of a length that roff readers like.
    private func filled(_ text: String) -> [String] {
        TextWrap.lines(text, width: 60).map(escape)
    }

    /// Takes their meaning from characters that roff would obey, and writes all that is not ASCII as roff does.
    private func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "." where result.isEmpty: result += "\\&."
            case "\"": result += "\\(dq"
            case _ where !scalar.isASCII:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
