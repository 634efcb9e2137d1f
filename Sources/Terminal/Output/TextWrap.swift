/// Breaks running text into lines.
enum TextWrap {
    /// Returns the text in lines of at most so many columns, broken at blanks; an empty line parts paragraphs.
    ///
    /// A word that is wider than a line stands alone on one. A line that begins with four blanks stays as it is.
    static func lines(_ text: String, width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
            isVerbatim(paragraph) ? [String(paragraph)] : fill(paragraph.split(separator: " "), width: width)
        }
    }

    /// Whether it is no running text but, for example, a line for a file.
    static func isVerbatim(_ line: Substring) -> Bool { line.hasPrefix("    ") }

    private static func fill(_ words: [Substring], width: Int) -> [String] {
        var lines = [""]
        for word in words {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if DisplayWidth.of(last) + 1 + DisplayWidth.of(String(word)) <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
