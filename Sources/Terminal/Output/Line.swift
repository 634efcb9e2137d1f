import Files

/// A line for people, in which whatever is put in from outside cannot steer the terminal.
///
/// Written as a string literal: its own words stand as they are, values are made visible, and may be given an
/// emphasis: `"Added \(track.title, .bold)"`. Colours appear only where they are allowed.
struct Line: ExpressibleByStringInterpolation, Sendable, Hashable {
    /// A stretch of text with one emphasis.
    struct Span: Sendable, Hashable {
        let text: String
        let emphasis: Emphasis
    }

    private(set) var spans: [Span] = []

    /// Makes an empty line.
    init() {}

    /// Makes a line of one value that came from outside.
    init(_ text: String, _ emphasis: Emphasis = .plain) {
        spans = [Span(text: Visible.text(text), emphasis: emphasis)]
    }

    init(stringLiteral value: String) {
        spans = value.isEmpty ? [] : [Span(text: value, emphasis: .plain)]
    }

    init(stringInterpolation: StringInterpolation) {
        spans = stringInterpolation.spans
    }

    /// Collects the stretches of a literal.
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var spans: [Span] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            spans.reserveCapacity(interpolationCount * 2 + 1)
        }

        mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { spans.append(Span(text: literal, emphasis: .plain)) }
        }

        mutating func appendInterpolation(_ value: some CustomStringConvertible, _ emphasis: Emphasis = .plain) {
            spans.append(Span(text: Visible.text(value.description), emphasis: emphasis))
        }

        mutating func appendInterpolation(_ path: FilePath, _ emphasis: Emphasis = .plain) {
            spans.append(Span(text: Visible.text(path.bytes), emphasis: emphasis))
        }

        mutating func appendInterpolation(_ line: Line) {
            spans += line.spans
        }
    }

    /// The text alone.
    var text: String { spans.map(\.text).joined() }

    /// How many columns the text takes on a terminal.
    var width: Int { spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// The text with its emphases, where they are allowed.
    func rendered(colored: Bool) -> String {
        guard colored else { return text }
        return spans.map { $0.emphasis.wrap($0.text) }.joined()
    }

    /// Returns the line cut to so many columns; what was cut shows as `…`.
    func shortened(to limit: Int) -> Line {
        guard width > limit else { return self }
        var result: [Span] = []
        var left = max(0, limit - 1)
        for span in spans {
            let text = DisplayWidth.prefix(of: span.text, columns: left)
            result.append(Span(text: text, emphasis: span.emphasis))
            left -= DisplayWidth.of(text)
            if text.utf8.count < span.text.utf8.count { break }
        }
        var line = Line()
        line.spans = limit > 0 ? result + [Span(text: "…", emphasis: .plain)] : []
        return line
    }
}

/// How a stretch of text stands out, where colours are allowed.
enum Emphasis: Sendable, Hashable {
    case plain, bold, faint, good, warning, bad, accent

    fileprivate func wrap(_ text: String) -> String {
        let code =
            switch self {
            case .plain: ""
            case .bold: "1"
            case .faint: "2"
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .accent: "36"
            }
        return code.isEmpty || text.isEmpty ? text : "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}
