/// A piece of a query as written: `-field:value`, with quotes taken off.
struct QueryToken {
    var isNegated = false
    var field: String?
    var value = ""
    /// Whether the value was quoted, so that its last word is a whole one.
    var isQuoted = false

    /// Splits a query at blanks outside quotes.
    static func tokens(of text: String) throws(CatalogError) -> [QueryToken] {
        var tokens: [QueryToken] = []
        var rest = Substring(text)
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard !rest.isEmpty else { return tokens }
            tokens.append(try token(&rest))
        }
    }

    /// Takes one token off the front.
    private static func token(_ rest: inout Substring) throws(CatalogError) -> QueryToken {
        var token = QueryToken()
        if rest.first == "-", rest.dropFirst().first.map({ !$0.isWhitespace }) == true {
            token.isNegated = true
            rest.removeFirst()
        }
        while let character = rest.first, !character.isWhitespace {
            rest.removeFirst()
            switch character {
            case "\"":
                token.isQuoted = true
                token.value += try quoted(&rest)
            case ":" where token.field == nil && !token.isQuoted && !token.value.isEmpty:
                token.field = token.value
                token.value = ""
            default: token.value.append(character)
            }
        }
        return token
    }

    private static func quoted(_ rest: inout Substring) throws(CatalogError) -> String {
        guard let end = rest.firstIndex(of: "\"") else {
            throw CatalogError(.invalidSyntax, "a quote is opened and not closed: \"\(rest)")
        }
        let value = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        return value
    }
}
