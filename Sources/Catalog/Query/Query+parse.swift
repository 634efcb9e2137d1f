extension Query {
    /// The names that may stand before a colon.
    public static let fields: [String] =
        TextField.allCases.filter { $0 != .tags }.map(\.rawValue) + ["tag", "format", "key", "owner", "here"]
        + NumberField.allCases.map(\.rawValue) + TimeField.allCases.map(\.rawValue)

    /// Reads a query as a person writes it.
    public init(parsing text: String) throws(CatalogError) {
        terms = []
        for token in try QueryToken.tokens(of: text) {
            if let term = try Self.term(token) { terms.append(term) }
        }
    }

    /// A token's term; `nil` when it holds neither letter nor digit, as a lone `&` does.
    private static func term(_ token: QueryToken) throws(CatalogError) -> Term? {
        guard let field = token.field else {
            return Phrase(token.value, isPrefix: !token.isQuoted).map {
                Term(.anywhere($0), isNegated: token.isNegated)
            }
        }
        guard fields.contains(where: { UTF8Order.equal($0, field) }) else {
            throw CatalogError(
                .unknownField,
                "a query knows no field \"\(field)\"" + Suggestion.hint(for: field, in: fields)
                    + " (quote words that contain a colon)")
        }
        guard !token.value.isEmpty else {
            throw CatalogError(
                .invalidSyntax, "\(field): needs a value, for example \(field):\(example(of: field))")
        }
        guard let test = test(field, token) else {
            throw CatalogError(
                .invalidValue,
                "\(field): cannot read \"\(token.value)\"; write it like \(field):\(example(of: field))")
        }
        return Term(test, isNegated: token.isNegated)
    }

    private static func test(_ field: String, _ token: QueryToken) -> Test? {
        let value = token.value
        if let text = TextField(rawValue: field) {
            return Phrase(value, isPrefix: !token.isQuoted).map { .text(text, $0) }
        }
        if let number = NumberField(rawValue: field) { return span(number, value).map { .number(number, $0) } }
        if let time = TimeField(rawValue: field) { return QueryTime.span(value).map { .time(time, $0) } }
        switch field {
        case "tag": return .tag(Folding.fold(value))
        case "format": return .format(Folding.fold(value))
        case "key": return MusicalKey(value).map { .key($0) }
        case "owner": return .owner(Folding.fold(value))
        default: return truth(value).map { .here($0) }
        }
    }

    private static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "yes", "true", "1": true
        case "no", "false", "0": false
        default: nil
        }
    }

    private static func example(of field: String) -> String {
        switch field {
        case "bpm": "120..128"
        case "year": "1998..2004"
        case "rating", "trackNumber": "3.."
        case "duration": "2:30..5:00"
        case "added", "modified": "-7d or \(field):2026-01-01..2026-02-01"
        case "key": "Am"
        case "here": "yes"
        case "format": "flac"
        case "owner": "ana"
        default: "\"two words\""
        }
    }
}

/// Reading spans of numbers.
extension Query {
    /// Reads `4`, `1..2`, `1..` or `..2`.
    private static func span(_ field: NumberField, _ text: String) -> Span? {
        guard let (low, high) = QueryTime.ends(of: text) else {
            guard let value = number(field, text) else { return nil }
            return single(field, value)
        }
        let from = low.isEmpty ? nil : number(field, low)
        let to = high.isEmpty ? nil : number(field, high)
        guard low.isEmpty || from != nil, high.isEmpty || to != nil, from != nil || to != nil else { return nil }
        return Span(from: from, to: to)
    }

    /// A single number means what it would be shown as: a tempo rounded, a length cut off to seconds.
    private static func single(_ field: NumberField, _ value: Double) -> Span {
        let isWhole = value == value.rounded()
        return switch field {
        case .bpm where isWhole: Span(from: value - 0.5, to: value + 0.5, includesEnd: false)
        case .duration where isWhole: Span(from: value, to: value + 1, includesEnd: false)
        default: Span(from: value, to: value)
        }
    }

    private static func number(_ field: NumberField, _ text: String) -> Double? {
        guard field == .duration, text.utf8.contains(UInt8(ascii: ":")) else { return decimal(text) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 3 else { return nil }
        var seconds = 0.0
        for part in parts {
            guard let value = decimal(String(part)), value >= 0 else { return nil }
            seconds = seconds * 60 + value
        }
        return seconds
    }

    /// Plain decimals only: no `inf`, `nan` or hexadecimal, which `Double` would read as well.
    private static func decimal(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ ASCII.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else {
            return nil
        }
        return Double(text)
    }
}
