/// A command line that a person has configured, with places for file names.
///
/// It is split into words once, as a shell would split it at blanks and quotes, and nothing else of a shell is in it: a
/// file's name takes the place of `{in}` inside a word that is there already, so no name can become a word, an option's
/// end, or a command.
public struct CommandTemplate: Sendable, Hashable {
    /// The words, with their places.
    public let words: [[UInt8]]

    /// Splits a command line.
    ///
    /// Blanks part words. Between single quotes all is taken as it stands; between double quotes a backslash stands before
    /// a double quote or a backslash; elsewhere before anything.
    public init(parsing text: String) throws(ProcessError) {
        var words: [[UInt8]] = []
        var word: [UInt8]?
        var quote: UInt8?
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch (byte, quote) {
            case (0, _): throw ProcessError(.badCommand, "the command has a zero byte")
            case (_, byte?): quote = nil
            case (Self.backslash, UInt8(ascii: "\"")?), (Self.backslash, nil):
                guard let next = bytes.next() else {
                    throw ProcessError(.badCommand, "the command ends with a backslash: \(text)")
                }
                let isPlain = quote != nil && next != Self.backslash && next != quote
                word = (word ?? []) + (isPlain ? [byte, next] : [next])
            case (UInt8(ascii: "'"), nil), (UInt8(ascii: "\""), nil):
                quote = byte
                word = word ?? []
            case (UInt8(ascii: " "), nil), (UInt8(ascii: "\t"), nil), (UInt8(ascii: "\n"), nil):
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? []) + [byte]
            }
        }
        if quote != nil { throw ProcessError(.badCommand, "a quote is not closed in: \(text)") }
        if let word { words.append(word) }
        guard words.first?.isEmpty == false else { throw ProcessError(.badCommand, "the command names no program") }
        self.words = words
    }

    /// Whether a place of this name is somewhere in it.
    public func mentions(_ place: String) -> Bool {
        let mark = Array("{\(place)}".utf8)
        return words.contains { word in word.indices.contains { word[$0...].starts(with: mark) } }
    }

    /// The words with their places filled. What is filled in is not looked at again, and places of other names stay.
    public func filled(with values: [String: [UInt8]]) -> [[UInt8]] {
        let marks = values.map { (mark: Array("{\($0.key)}".utf8), value: $0.value) }
        return words.map { word in
            var result: [UInt8] = []
            var rest = word[...]
            while let byte = rest.first {
                if let found = marks.first(where: { rest.starts(with: $0.mark) }) {
                    result += found.value
                    rest = rest.dropFirst(found.mark.count)
                } else {
                    result.append(byte)
                    rest = rest.dropFirst()
                }
            }
            return result
        }
    }

    private static let backslash = UInt8(ascii: "\\")
}
