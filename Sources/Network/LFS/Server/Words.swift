import Catalog
import HTTP

/// Words of others, made fit to be shown.
enum Words {
    /// On one line, without what would move the cursor, of so many characters at most.
    static func line(_ text: String, atMost limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit * 8) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        let words = String(scalars).split(separator: " ").map(withoutSecrets).joined(separator: " ")
        return words.count > limit ? words.prefix(limit - 1) + "…" : words
    }

    /// A word that is a URL, without what may be secret in it.
    private static func withoutSecrets(_ word: Substring) -> Substring {
        guard let colons = word.firstRange(of: "://") else { return word }
        let rest = word[colons.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = rest[authority.endIndex...].prefix { $0 != "?" }
        return word[..<colons.upperBound] + host + path
    }

    /// What a server says in the body of an answer: its `message` in JSON, nothing else.
    static func said(_ body: [UInt8]) -> String? {
        guard let values = try? JSON.parse(firstDocument(body), limit: 1 << 20) else { return nil }
        let words = (values["message"] ?? values["error"] ?? values["Message"])?.asString.map {
            line($0, atMost: 200)
        }
        return words.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The same, and where that is nothing, the first line of a text that a server refuses with.
    static func said(_ body: [UInt8], _ head: HTTPResponse) -> String? {
        if let words = said(body) { return words }
        guard head.status >= 400, head.headers["Content-Type"]?.lowercased().hasPrefix("text/plain") == true else {
            return nil
        }
        let lines = String(decoding: body.prefix(1_000), as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.lazy.map { line(String($0), atMost: 200) }.first { !$0.isEmpty }
    }

    /// An object as far as it goes: Forgejo writes a second one behind that of its refusal.
    private static func firstDocument(_ body: [UInt8]) -> [UInt8] {
        var (depth, isText, isEscaped) = (0, false, false)
        for (index, byte) in body.enumerated() {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return Array(body[...index]) }
            default: break
            }
        }
        return body
    }

    /// Whether words mean that a limit for storage or traffic is used up: hosts say so by many statuses.
    static func tellLimit(_ words: String, status: Int) -> Bool {
        if status == 507 || status == 509 { return true }
        guard [402, 403, 406, 413, 422].contains(status) else { return false }
        let small = words.lowercased()
        return ["quota", "lfs budget", "exceeded its size limit", "exceed the size limit", "over the size limit"]
            .contains { small.contains($0) }
    }
}
