/// Keeps to itself what is nobody's business but this computer's.
enum Discretion {
    private static let beginnings: Set<Character> = [" ", "'", "\"", "`", "(", "=", "\n"]

    /// A message without the paths in it: who asks over the network need not know where anything lies.
    static func withoutPaths(_ text: String) -> String {
        guard text.contains("/") else { return text }
        var open = ""
        var before: Character = " "
        var rest = text[...]
        while let next = rest.first {
            if next == "/", beginnings.contains(before) {
                rest = rest.drop { !($0 == " " || $0 == "'" || $0 == "\"" || $0 == "`" || $0 == ")" || $0 == ":") }
                open += "…"
                before = "…"
            } else {
                open.append(next)
                before = next
                rest = rest.dropFirst()
            }
        }
        return open
    }

    /// An address, where it is one of the network and no folder's of this computer.
    static func address(_ place: String) -> String? {
        let isFolder = place.hasPrefix("/") || place.hasPrefix(".") || place.hasPrefix("file:")
        return isFolder || !place.contains(":") ? nil : place
    }
}
