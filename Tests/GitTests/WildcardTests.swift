import Testing

@testable import Git

/// Patterns as git matches paths with.
@Suite struct WildcardTests {
    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("*", "", true), ("*", "ab", true),
        ("*", "a/b", false), ("a*c", "abbc", true), ("a*c", "ab/c", false), ("?", "a", true), ("?", "/", false),
        ("?", "", false), ("**", "a/b/c", true), ("**/c", "c", true), ("**/c", "a/b/c", true),
        ("**/c", "a/bc", false),
        ("a/**/c", "a/c", true), ("a/**/c", "a/x/y/c", true), ("a/**", "a/b", true), ("a/**", "a", false),
        ("a**c", "axc", true), ("a**c", "a/c", false), ("[abc]", "b", true), ("[a-c]x", "bx", true),
        ("[!a-c]", "d", true), ("[^a-c]", "b", false), ("[]]", "]", true), ("[a", "a", false), ("[a-]", "-", true),
        ("[\\]]", "]", true), ("[!a]", "/", false), ("\\*", "*", true), ("\\*", "a", false), ("a\\", "a\\", true),
        ("A", "a", false),
    ])
    func aPatternFitsWhatGitSays(pattern: String, text: String, fits: Bool) {
        #expect(Wildcard(pattern).matches(text) == fits)
    }

    @Test func capitalsMayBePassedOver() { #expect(Wildcard("A/**/B", ignoringCase: true).matches("a/X/b")) }

    @Test func aPatternThatWouldTakeForEverFitsNothing() {
        let pattern = String(repeating: "*a", count: 40)
        #expect(!Wildcard(pattern).matches(String(repeating: "a", count: 60) + "b"))
    }
}
