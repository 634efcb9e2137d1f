import Files
import TestSupport
import Testing

/// Whether the articles for whoever works on Offbeat name what is there.
struct ArticleTests {
    private static let extending = "Sources/Offbeat/Offbeat.docc/Extending.md"
    private static let glossary = "Sources/Offbeat/Offbeat.docc/Glossary.md"

    @Test(arguments: [extending, glossary]) func everyPathIsThere(_ article: String) throws {
        let paths = try Page(article).quoted.filter { $0.hasPrefix("Sources/") || $0.hasPrefix("Tests/") }
        for path in paths { #expect(FileSystem.exists(Page.top.appending(path)), "\(path)") }
        #expect(article == Self.glossary || paths.count > 10)
    }

    @Test(arguments: [extending, glossary]) func everyTypeAndMemberIsDeclared(_ article: String) throws {
        let sources = try Self.sources()
        var names = 0
        for name in try Page(article).quoted {
            guard let match = name.wholeMatch(of: /([A-Z][A-Za-z]+)(?:\.([a-z][A-Za-z]+))?/) else { continue }
            let (type, member) = (match.1, match.2)
            if type == "Sources" || type == "Tests" { continue }
            names += 1
            let kinds = ["struct", "class", "enum", "protocol", "typealias"]
            #expect(sources.contains { text in kinds.contains { text.contains("\($0) \(type)") } }, "\(name)")
            guard let member else { continue }
            let forms = ["func \(member)(", "func \(member)<", "var \(member)", "let \(member)", "case \(member)"]
            #expect(sources.contains { text in forms.contains { text.contains($0) } }, "\(name)")
        }
        #expect(names > 5)
    }

    /// The example field is in every file of the table, and in no other.
    @Test func thePlacesOfAFieldAreAll() throws {
        let rows = try Page(Self.extending).section("## A field of a record")
        let listed = rows.compactMap { $0.firstMatch(of: /^\| `(Sources[^`]+)`/).map { String($0.1) } }
        let knowing = try Self.swiftFiles().filter { path in
            try !path.string.contains("/Audio/")
                && String(decoding: FileSystem.read(path), as: UTF8.self).contains("genre")
        }
        let top = Page.top.string.utf8.count + 1
        #expect(listed.sorted() == knowing.map { String($0.string.utf8.dropFirst(top)) ?? "" }.sorted())
    }

    private static func swiftFiles() throws -> [FilePath] {
        DirectoryWalk(Page.top.appending("Sources")).compactMap { item in
            if case .file(let path) = item, path.fileExtension == "swift" { path } else { nil }
        }
    }

    private static func sources() throws -> [String] {
        try swiftFiles().map { String(decoding: try FileSystem.read($0), as: UTF8.self) }
    }
}
