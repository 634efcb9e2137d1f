/// What may be said to whoever asks from outside: nothing of where things lie on this computer.
enum PublicText {
    /// A message with each path of this computer cut down to its last part.
    static func plain(_ message: String) -> String {
        guard message.utf8.contains(UInt8(ascii: "/")) else { return message }
        var plain = ""
        var rest = message[...]
        while let start = pathStart(in: rest) {
            plain += rest[..<start]
            let path = rest[start...].prefix { !$0.isWhitespace && !"'\",;()`".contains($0) }
            let parts = path.split(separator: "/")
            plain += parts.count < 2 ? String(path) : "…/\(parts[parts.count - 1])"
            rest = rest[path.endIndex...]
        }
        return plain + rest
    }

    /// Where an absolute path begins: a slash at the beginning of a word.
    private static func pathStart(in text: Substring) -> Substring.Index? {
        var before: Character = " "
        for index in text.indices {
            if text[index] == "/", before.isWhitespace || "'\"(`".contains(before) { return index }
            before = text[index]
        }
        return nil
    }
}
