import Testing

@testable import Catalog

/// What somebody who mistyped a name may have meant.
struct SuggestionTests {
    private func distance(_ left: String, _ right: String) -> Int {
        Suggestion.distance(Array(left.unicodeScalars), Array(right.unicodeScalars))
    }

    @Test func slipsAreCounted() {
        #expect(distance("add", "add") == 0)
        #expect(distance("", "add") == 3)
        #expect(distance("sotre", "store") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance(String(repeating: "a", count: 100), "a") == .max)
    }

    @Test func onlyWhatIsNearIsSuggested() {
        let names = ["status", "sync", "show", "search"]
        #expect(Suggestion.nearest(to: "serach", in: names) == "search")
        #expect(Suggestion.nearest(to: "STAT", in: names) == "status")
        #expect(Suggestion.nearest(to: "sh", in: names) == nil)
        #expect(Suggestion.nearest(to: "publish", in: names) == nil)
        #expect(Suggestion.nearest(to: String(repeating: "s", count: 10_000), in: names) == nil)
    }
}
