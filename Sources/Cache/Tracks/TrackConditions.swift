import Catalog
import SQLite

/// What rows have to fulfil, as SQL with its values.
struct TrackConditions {
    private(set) var clauses: [String] = []
    private(set) var values: [Value] = []
    /// What is looked for in words; all of it has to stand in a row.
    private var phrases: [String] = []
    /// What must not stand in a row.
    private var unwanted: [String] = []

    var isEmpty: Bool { clauses.isEmpty && phrases.isEmpty && unwanted.isEmpty }

    /// The rows that fulfil them all.
    var selection: (sql: String, values: [Value]) {
        let found = "SELECT rowid FROM words WHERE words MATCH ?"
        let none = unwanted.joined(separator: " OR ")
        guard !phrases.isEmpty else {
            let others = unwanted.isEmpty ? [] : ["row NOT IN (\(found))"]
            return (
                "SELECT row, audio, size FROM tracks" + filter(clauses + others),
                values + (unwanted.isEmpty ? [] : [.text(none)])
            )
        }
        let all = phrases.joined(separator: " AND ")
        let phrase = Value.text(unwanted.isEmpty ? all : "(\(all)) NOT (\(none))")
        if clauses.isEmpty { return (found, [phrase]) }
        return ("SELECT row, audio, size FROM tracks" + filter(clauses + ["row IN (\(found))"]), values + [phrase])
    }

    private func filter(_ clauses: [String]) -> String {
        clauses.isEmpty ? "" : " WHERE " + clauses.joined(separator: " AND ")
    }

    mutating func require(_ clause: String, _ values: Value...) {
        clauses.append(clause)
        self.values += values
    }

    /// Requires that somebody may use them.
    mutating func require(_ scope: TrackRequest.Scope) {
        switch scope {
        case .everything: break
        case .nothing: require("0")
        case .usable(let person):
            require(
                """
                (owner = ? OR row IN (SELECT row FROM shares \
                WHERE workspace IN (SELECT workspace FROM members WHERE person = ?)))
                """, .blob(person.bytes), .blob(person.bytes))
        }
    }

    // MARK: Queries

    /// Requires what a query asks. Whether a file is here is no matter of rows, and left out.
    mutating func require(_ query: Query, now: Int64, _ vocabulary: Vocabulary) throws {
        for term in query.terms {
            if let phrase = try Self.phrase(term.test, vocabulary) {
                if term.isNegated { unwanted.append("(\(phrase))") } else { phrases.append("(\(phrase))") }
            } else if let (clause, values) = Self.clause(term.test, now: now) {
                // What is missing fulfils no test, and so its opposite.
                clauses.append(term.isNegated ? "(\(clause)) IS NOT 1" : clause)
                self.values += values
            }
        }
    }

    private static func phrase(_ test: Query.Test, _ vocabulary: Vocabulary) throws -> String? {
        switch test {
        case .anywhere(let phrase): try match(phrase, vocabulary)
        case .text(.genre, let phrase): try match(phrase, each: PreparedTrack.genreMark, vocabulary)
        case .text(let field, let phrase): try "\(column(field)) : (\(match(phrase, vocabulary)))"
        default: nil
        }
    }

    /// Folded words have neither quotes nor operators in them.
    private static func match(
        _ phrase: Query.Phrase, each mark: String = "", _ vocabulary: Vocabulary
    ) throws -> String {
        let words = phrase.words.map { mark + $0 }
        if phrase.isPrefix, words.count == 1, let known = try vocabulary.words(beginningWith: words[0]) {
            return (known.isEmpty ? words : known).map { "\"\($0)\"" }.joined(separator: " OR ")
        }
        return "\"\(words.joined(separator: " "))\"" + (phrase.isPrefix ? " *" : "")
    }

    private static func column(_ field: Query.TextField) -> String {
        switch field {
        case .title: "titleWords"
        case .artist: "artistWords"
        case .album: "albumWords"
        case .tags: "tagWords"
        case .comment: "commentWords"
        case .genre: "genreWords"
        }
    }

    private static func clause(_ test: Query.Test, now: Int64) -> (String, [Value])? {
        switch test {
        case .anywhere, .text, .here: nil
        case .tag(let tag): ("row IN (SELECT row FROM tags WHERE folded = ?)", [.text(tag)])
        case .format(let name): ("format = ?", [.text(name)])
        case .key(let key): ("key = ?", [.integer(Int64(key.tonic * 2 + (key.isMinor ? 1 : 0)))])
        case .owner(let name): owner(name)
        case .number(let field, let span): number(field, span)
        case .time(let field, let span): time(field, span, now)
        }
    }

    private static func owner(_ name: String) -> (String, [Value]) {
        let named = "owner IN (SELECT id FROM people WHERE handle = ?)"
        guard name.utf8.count >= 4 else { return (named, [.text(name)]) }
        let digits = "substr(lower(hex(owner)), 1, \(name.unicodeScalars.count)) = ?"
        return ("(\(named) OR IFNULL(\(digits), 0))", [.text(name), .text(name)])
    }

    private static func number(_ field: Query.NumberField, _ span: Query.Span) -> (String, [Value]) {
        let column = field == .duration ? "duration / 1000.0" : field.rawValue
        // A missing value lies above all numbers.
        let isThere = "\(field.rawValue) < x''"
        var clauses = [isThere]
        var values: [Value] = []
        if let from = span.from {
            clauses.append("\(column) >= ?")
            values.append(.real(from))
        }
        if let to = span.to {
            clauses.append("\(column) \(span.includesEnd ? "<=" : "<") ?")
            values.append(.real(to))
        }
        return ("(" + clauses.joined(separator: " AND ") + ")", values)
    }

    private static func time(_ field: Query.TimeField, _ span: Query.TimeSpan, _ now: Int64) -> (String, [Value]) {
        var clauses: [String] = []
        var values: [Value] = []
        if let from = span.from {
            clauses.append("\(field.rawValue) >= ?")
            values.append(.integer(from.milliseconds(now: now)))
        }
        if let to = span.to {
            clauses.append("\(field.rawValue) < ?")
            values.append(.integer(to.milliseconds(now: now)))
        }
        return ("(" + clauses.joined(separator: " AND ") + ")", values)
    }
}
