import Catalog
import Files
import Publishing
import Testing

/// Whether any text comes out of other programs' parsers as it went in.
@Suite(.enabled(if: Reader.isThere, "python3 reads the documents"))
struct FeedTextTests {
    /// Each with what XML can have of it.
    private static let texts: [(whole: String, inXML: String)] = [
        ("<b>&amp;</b> ]]> \"'", "<b>&amp;</b> ]]> \"'"),
        ("👩‍👩‍👧 𝄞 é e\u{301}", "👩‍👩‍👧 𝄞 é e\u{301}"),
        ("\u{202E}שלום\u{202C} مرحبا\u{200F}", "\u{202E}שלום\u{202C} مرحبا\u{200F}"),
        ("a\u{0}b\u{1}\u{8}\u{B}\u{C}\u{E}\u{1F}c\u{7F}\u{85}", "abc\u{7F}\u{85}"),
        ("\u{FFFE}x\u{FFFF}\u{FFFD}\u{FEFF}\u{EFFF}\u{10FFFF}", "x\u{FFFD}\u{FEFF}\u{EFFF}\u{10FFFF}"),
        ("tab\tand\u{2028}line", "tab\tand\u{2028}line"),
        ("\r\nreturn\r", "\r\nreturn\r"),
        ("<![CDATA[ &#0; %s {}", "<![CDATA[ &#0; %s {}"),
    ]

    private func document(_ texts: [String], _ settings: FeedSettings = FeedSamples.settings) throws -> FeedDocument
    {
        let posts = try texts.enumerated().map { number, text in
            var post = try FeedSamples.track(number)
            (post.title, post.text) = (text, text)
            post.track?.artist = text
            return post
        }
        return try FeedDocument(settings, posts.reversed(), in: "/srv/radio")
    }

    @Test func `Titles and names`() throws {
        let document = try document(Self.texts.map(\.whole))
        let expected = Array(Self.texts.map(\.inXML).reversed())
        let rss = document.rss()
        // The first two are the feed's and its picture's.
        try expectSame(Array(Reader.elements("title", of: rss).dropFirst(2)), expected)
        let author = "{http://www.itunes.com/dtds/podcast-1.0.dtd}author"
        try expectSame(Array(Reader.elements(author, of: rss).dropFirst()), expected)
    }

    /// Readers take a description for HTML.
    @Test func `What is said`() throws {
        let program = """
            import sys, json, html.parser, xml.etree.ElementTree as tree
            class Text(html.parser.HTMLParser):
                def __init__(self):
                    super().__init__(convert_charrefs=True)
                    self.text = ""
                def handle_data(self, data):
                    self.text += data
                def handle_starttag(self, tag, attributes):
                    self.text += "" if tag == "br" else "TAG"
            def shown(text):
                parser = Text()
                parser.feed(text or "")
                parser.close()
                return parser.text
            root = tree.fromstring(sys.stdin.buffer.read())
            print(json.dumps([shown(element.text) for element in root.iter("description")]))
            """
        let rss = try document(Self.texts.map(\.whole)).rss()
        let answer = try JSON.parse(Array(Reader.ask(program, about: rss).utf8))
        let shown = (answer.asArray ?? []).compactMap(\.asString).dropFirst()
        let lines = Self.texts.map { $0.inXML == "\r\nreturn\r" ? "\nreturn\n" : $0.inXML }
        expectSame(Array(shown), lines.reversed())
    }

    @Test func `What JSON says`() throws {
        let program = """
            import sys, json
            items = json.loads(sys.stdin.buffer.read())["items"]
            print(json.dumps([item["title"] for item in items if item["title"] == item["content_text"]]))
            """
        let json = try document(Self.texts.map(\.whole)).json()
        let answer = try JSON.parse(Array(Reader.ask(program, about: json).utf8))
        expectSame((answer.asArray ?? []).compactMap(\.asString), Self.texts.map(\.whole).reversed())
    }

    @Test func `What stands in attributes`() throws {
        let hostile = "\"><x>&'\t\n\r]]> é\u{0}"
        var settings = FeedSamples.settings
        settings.category = hostile
        settings.image = hostile
        let program = """
            import sys, json, xml.etree.ElementTree as tree
            root = tree.fromstring(sys.stdin.buffer.read())
            name = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
            found = [element.get("text") for element in root.iter(name + "category")]
            print(json.dumps(found + [root.find("channel").find(name + "image").get("href")]))
            """
        let answer = try Reader.ask(program, about: document(["x"], settings).rss())
        let found = try JSON.parse(Array(answer.utf8)).asArray?.compactMap(\.asString) ?? []
        // What follows a `>` is a part of a category.
        expectSame(
            found,
            [
                "\"", "<x", "&'\t\n\r]]", "é",
                "https://radio.example/offbeat/%22%3E%3Cx%3E%26%27%09%0A%0D%5D%5D%3E%20%C3%A9%00",
            ])
    }

    @Test func `A megabyte of text`() throws {
        let line = "Ünïcode & <tags>, again and again. "
        let text = String(repeating: line, count: (1 << 20) / line.utf8.count)
        let document = try document([text])
        try expectSame(Array(Reader.elements("title", of: document.rss()).dropFirst(2)), [text])
        let told = try JSON.parse(document.json())["items"]?.asArray?.first?["content_text"]
        #expect(told == .string(text))
    }

    /// Compares by scalars: Swift takes texts for equal that differ in them.
    private func expectSame(_ texts: [String], _ expected: [String], _ place: SourceLocation = #_sourceLocation) {
        let same = texts.map { Array($0.utf8) } == expected.map { Array($0.utf8) }
        #expect(
            same, "\(texts.map(\.debugDescription)) are not \(expected.map(\.debugDescription))",
            sourceLocation: place)
    }
}
