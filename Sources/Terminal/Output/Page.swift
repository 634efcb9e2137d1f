/// What a command tells a person, line by line.
struct Page {
    private(set) var text = ""
    private let style: PageStyle

    init(_ style: PageStyle) {
        self.style = style
    }

    /// Adds a line that belongs to the result.
    mutating func line(_ line: Line = "") {
        text += line.rendered(colored: style.colored) + "\n"
    }

    /// Adds a line that only confirms what was done: left out with `--quiet`.
    mutating func remark(_ line: Line) {
        if !style.quiet { self.line(line) }
    }

    /// Adds a line for people who asked to hear more: printed with `--verbose` only.
    mutating func detail(_ line: Line) {
        if style.verbose { self.line(line) }
    }

    /// Adds a text of several lines that came from outside, indented.
    mutating func paragraph(_ text: String, indent: Int = 0) {
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line("\(String(repeating: " ", count: indent))\(String(part))")
        }
    }

    /// Adds a text that Offbeat itself has made, as it is.
    mutating func verbatim(_ text: String) {
        self.text += text
    }

    /// Adds rows in columns; nothing if there are no rows.
    mutating func table(_ table: Table) {
        guard !table.isEmpty else { return }
        for line in table.lines(width: style.columns, colored: style.colored) { text += line + "\n" }
    }

    /// Adds names with their values, the values aligned.
    mutating func fields(_ fields: [(name: String, value: Line)]) {
        let widest = fields.reduce(0) { max($0, DisplayWidth.of($1.name)) }
        for (name, value) in fields {
            let padding = String(repeating: " ", count: widest - DisplayWidth.of(name) + 2)
            line("\(name, .faint)\(padding)\(value)")
        }
    }
}

/// How a page looks: what the terminal can do and what the person asked for.
struct PageStyle: Sendable {
    /// The width of the terminal; nil where the output goes elsewhere and nothing is to be cut.
    var columns: Int?
    var colored = false
    var quiet = false
    var verbose = false
}
