/// Puts the head of an answer together from its lines.
struct HeadReader {
    /// More than any server sends that means well.
    static let limit = 1 << 18

    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    /// Whether the head is over; what comes after it are trailers, which are left out.
    private(set) var isComplete = false
    private var size = 0

    /// Takes one line with its end; false where it is one too many.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
        if isComplete { return true }
        size += line.count
        guard size <= Self.limit else { return false }
        let text = String(decoding: line, as: UTF8.self)
        let words = text.unicodeScalars.prefix { $0 != "\r" && $0 != "\n" }
        if words.starts(with: "HTTP/".unicodeScalars) {
            let parts = Substring(words).split(separator: " ", maxSplits: 2)
            status = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            headers = HTTPHeaders()
        } else if words.isEmpty {
            // Those below 200 are said in passing: the answer is still to come.
            isComplete = status >= 200
        } else if let colon = words.firstIndex(of: ":") {
            let value = Substring(words[words.index(after: colon)...])
            headers.append(String(words[..<colon]), Self.trimmed(value))
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
        let front = text.drop(while: isSpace)
        guard let last = front.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(front[...last])
    }
}
