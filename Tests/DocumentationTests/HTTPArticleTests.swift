import Files
import Glibc
import Offbeat
import TestSupport
import Testing

@testable import Web

/// Whether `HTTP.md` says what the routes of the page's server say.
struct HTTPArticleTests {
    private static let path = "Sources/Web/Web.docc/HTTP.md"
    private static let begin = "<!-- From here on made from the routes: OFFBEAT_RECORD=1 writes it anew. -->"

    /// `OFFBEAT_RECORD=1` in the environment writes the table anew, and then the test fails, so that nobody records without
    /// looking.
    @Test func theTableIsThatOfTheRoutes() throws {
        let page = try Page(Self.path)
        let start = try #require(page.lines.firstIndex(of: Self.begin))
        let shown = Array(page.lines[(start + 1)...])
        if getenv("OFFBEAT_RECORD") != nil {
            let text = (page.lines[...start] + Self.table).joined(separator: "\n")
            try FileSystem.write(text, to: page.file)
            Issue.record("\(Self.path) was written anew")
        }
        let difference = zip(Self.table, shown).first { $0 != $1 }
        #expect(
            shown == Self.table,
            "first difference: \(difference.map { "'\($1)', wanted '\($0)'" } ?? "the length")")
    }

    private static var table: [String] {
        let rows = API.routes.map { route in
            let call = "\(route.method.rawValue.uppercased()) /\(route.path.joined(separator: "/"))"
            let query = route.parameters.map { "`\($0.name)`" }.joined(separator: ", ")
            let answers = route.answers.map { "\($0.status)" }.joined(separator: ", ")
            return "| `\(call)` | \(route.summary) | \(query) | \(answers) |"
        }
        return ["", "| call | what it does | query | answers |", "| --- | --- | --- | --- |"] + rows + [""]
    }

    @Test func everyCodeStandsThereWithItsStatus() throws {
        let rows = try Page(Self.path).lines.filter { $0.hasPrefix("| `") }
        for code in Failure.Code.allCases {
            let row = rows.first { $0.contains("`\(code.rawValue)`") && !$0.contains("/api") }
            #expect(row?.contains(" \(ProblemAnswer.status(of: code))") == true, "\(code.rawValue)")
        }
    }
}
