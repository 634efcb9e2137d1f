import Catalog
import Digest
import Files
import Publishing
import Testing

/// Whether `Feeds.md` names the fields that feeds have, all of them and no others.
struct FeedsTests {
    private static let page = "Sources/Publishing/Publishing.docc/Feeds.md"

    /// A feed in which everything is known.
    private func document() throws -> FeedDocument {
        let id = try #require(PostID(String(repeating: "a", count: 32)))
        let time = try #require(Timestamp("2026-11-20T09:00:00Z"))
        var post = Publication(of: id, key: PublicationKey(of: id, content: .ofNothing, for: "feed"), at: time)
        let file = Medium(oid: .ofNothing, size: 0, fileExtension: "png", file: nil)
        (post.title, post.text, post.author, post.image) = ("Title", "Text", "Author", file)
        post.track = PublishedTrack(audio: file, title: "Title", artist: "Artist", milliseconds: 1_000)
        let settings = FeedSettings(
            title: "Title", description: "About", baseURL: "https://radio.example", image: "cover.png",
            language: "en",
            category: "Music > Music Commentary", author: "Author")
        return try FeedDocument(settings, [post], in: "/")
    }

    /// What the page names in a column, with what it is of: the feed, a post, its track.
    private func names(inColumn column: Int) throws -> [String] {
        let rows = try Page(Self.page).section("## Fields").filter { $0.hasPrefix("| ") }.dropFirst(2)
        var subject = ""
        return rows.flatMap { row in
            let cells = row.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
                .map { $0.trimmingBlanks }
            if !cells[0].isEmpty { subject = cells[0] }
            let place = subject == "the feed" ? "" : column == 1 ? "items/" : "item/"
            // What follows a colon or a semicolon explains.
            let named = cells[column].prefix { $0 != ";" }.replacing(/`: .*/, with: "`")
            return named.matches(of: /`([^`]+)`/).map { place + String($0.1) }
        }
    }

    @Test func theFieldsOfTheJSONFeedAreAll() throws {
        func fields(_ value: JSON, below path: String) -> [String] {
            switch value {
            case .object(let object):
                object.entries.flatMap { entry in
                    [path + entry.key] + fields(entry.value, below: path + entry.key + "/")
                }
            case .array(let elements): elements.flatMap { fields($0, below: path) }
            default: []
            }
        }
        let told = try fields(JSON.parse(document().json()), below: "")
        try #expect(Set(told) == Set(names(inColumn: 1)))
    }

    @Test func theElementsOfTheRSSFeedAreAll() throws {
        var told: Set<String> = []
        var open: [String] = []
        // Each element begins on a line of its own.
        for line in String(decoding: try document().rss(), as: UTF8.self).split(separator: "\n") {
            if line.firstMatch(of: /^ *<\//) != nil { open.removeLast() }
            guard let name = line.firstMatch(of: /^ *<([a-z:A-Z]+)/) else { continue }
            open.append(String(name.1))
            // Above are `rss` and `channel`.
            if open.count > 2 { told.insert(open.dropFirst(2).joined(separator: "/")) }
            if line.hasSuffix("/>") || line.contains("</") { open.removeLast() }
        }
        try #expect(told == Set(names(inColumn: 2)))
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
