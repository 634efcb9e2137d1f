import Testing

@testable import Catalog

/// Whether `Merging.md` says what becomes of each field.
struct MergingTests {
    private static let page = "Sources/Store/Store.docc/Merging.md"

    @Test func theTableHasEveryRuleWithItsFields() throws {
        let rows = try Page(Self.page).section("## The rules").compactMap { row in
            row.firstMatch(of: /^\| `([A-Za-z]+)` \| ([^|]+) \|/).map { (String($0.1), String($0.2)) }
        }
        var said: [String: [String]] = [:]
        for (rule, fields) in rows where rule != "later" {
            said[rule] = fields.matches(of: /`([A-Za-z]+)`/).map { String($0.1) }
        }
        var known: [String: Set<String>] = [:]
        let schemas = [
            StoreKind.schema, PersonKind.schema, WorkspaceKind.schema, TrackKind.schema, StemKind.schema,
            PostKind.schema,
        ]
        for field in schemas.flatMap(\.fields) where field.merging != .later {
            known["\(field.merging)", default: []].insert(field.name)
        }
        #expect(said == known.mapValues { $0.sorted() })
        #expect(rows.contains { $0.0 == "later" })
    }
}
