import Catalog
import Digest
import Files
import Publishing
import Testing

@Suite struct FeedDocumentTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func document(
        _ items: [Publication], _ settings: FeedSettings = FeedSamples.settings, without absent: Set<String> = []
    ) throws -> FeedDocument {
        try FeedDocument(settings, items, in: "/srv/my radio", without: absent)
    }

    @Test func `A post with a track as JSON`() throws {
        let post = try FeedSamples.track(1)
        let oid = try #require(post.track).audio.oid.hex
        let expected = """
            {
              "authors": [
                {
                  "name": "The Editors"
                }
              ],
              "description": "New every Friday",
              "feed_url": "https://radio.example/offbeat/feed.json",
              "home_page_url": "https://radio.example/offbeat/",
              "icon": "https://radio.example/offbeat/cover.png",
              "items": [
                {
                  "attachments": [
                    {
                      "duration_in_seconds": 183,
                      "mime_type": "audio/flac",
                      "size_in_bytes": 13,
                      "title": "Nought – Lines & Dots",
                      "url": "https://radio.example/offbeat/media/\(oid).flac"
                    }
                  ],
                  "authors": [
                    {
                      "name": "Ada"
                    }
                  ],
                  "content_text": "Number 1",
                  "date_published": "2026-11-20T10:00:00.000Z",
                  "id": "00000000000000000000000000000001",
                  "title": "Track of the week",
                  "url": "https://radio.example/offbeat/feed.json#00000000000000000000000000000001"
                }
              ],
              "language": "en",
              "title": "Radio Offbeat",
              "version": "https://jsonfeed.org/version/1.1"
            }

            """
        try #expect(text(document([post]).json()) == expected)
    }

    @Test func `A post with a track as RSS`() throws {
        let post = try FeedSamples.track(1)
        let oid = try #require(post.track).audio.oid.hex
        let expected = """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" \
            xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" \
            xmlns:podcast="https://podcastindex.org/namespace/1.0">
              <channel>
                <title>Radio Offbeat</title>
                <link>https://radio.example/offbeat/</link>
                <atom:link href="https://radio.example/offbeat/feed.xml" rel="self" type="application/rss+xml"/>
                <description>New every Friday</description>
                <language>en</language>
                <lastBuildDate>Fri, 20 Nov 2026 10:00:00 GMT</lastBuildDate>
                <generator>Offbeat</generator>
                <image>
                  <url>https://radio.example/offbeat/cover.png</url>
                  <title>Radio Offbeat</title>
                  <link>https://radio.example/offbeat/</link>
                </image>
                <itunes:image href="https://radio.example/offbeat/cover.png"/>
                <itunes:author>The Editors</itunes:author>
                <itunes:category text="Music">
                  <itunes:category text="Music Commentary"/>
                </itunes:category>
                <itunes:explicit>false</itunes:explicit>
                <podcast:guid>6bf95c78-55b1-5d1e-8f97-c337d5a12686</podcast:guid>
                <podcast:locked>yes</podcast:locked>
                <podcast:medium>music</podcast:medium>
                <item>
                  <title>Track of the week</title>
                  <link>https://radio.example/offbeat/feed.json#00000000000000000000000000000001</link>
                  <description>Number 1</description>
                  <enclosure url="https://radio.example/offbeat/media/\(oid).flac" length="13" type="audio/flac"/>
                  <guid isPermaLink="false">00000000000000000000000000000001</guid>
                  <pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>
                  <itunes:author>Nought</itunes:author>
                  <itunes:duration>183</itunes:duration>
                  <itunes:explicit>false</itunes:explicit>
                </item>
              </channel>
            </rss>

            """
        try #expect(text(document([post]).rss()) == expected)
    }

    @Test func `A bare post of a bare feed that is not on the web`() throws {
        let bare = try document([FeedSamples.post(0, text: "Hello")], FeedSettings(title: "Ours"))
        let json = try JSON.parse(bare.json())
        let folder = "file:///srv/my%20radio/"
        let id = "00000000000000000000000000000000"
        #expect(
            json == [
                "version": "https://jsonfeed.org/version/1.1", "title": "Ours", "home_page_url": .string(folder),
                "feed_url": .string(folder + "feed.json"),
                "items": [
                    [
                        "id": .string(id), "url": .string("\(folder)feed.json#\(id)"), "content_text": "Hello",
                        "date_published": "2026-11-20T09:00:00.000Z",
                    ]
                ],
            ])
        let rss = text(bare.rss())
        // RSS asks for a description of the whole.
        #expect(rss.contains("<description>Ours</description>") && rss.contains("podcast:medium>podcast<"))
        for name in ["language", "image", "itunes:author", "itunes:category", "podcast:guid", "enclosure"] {
            #expect(!rss.contains("<\(name)"), "\(name)")
        }
    }

    @Test func `A feed without posts`() throws {
        let empty = try document([])
        try #expect(JSON.parse(empty.json())["items"] == [])
        #expect(!text(empty.rss()).contains("<lastBuildDate>") && !text(empty.rss()).contains("<item>"))
    }

    @Test func `Posts are told newest first, each as it went out last`() throws {
        let (old, new) = try (FeedSamples.post(1, text: "old"), FeedSamples.post(2, text: "new"))
        var later = Publication(of: old.post, key: old.key, at: try FeedSamples.post(3).time)
        later.text = "again"
        for items in [[old, new, later], [later, new, old]] {
            let told = try JSON.parse(document(items).json())["items"]?.asArray?.map { $0["content_text"] }
            #expect(told == ["again", "new"])
        }
        let one = try document([old, new, later])
        let other = try document([later, old, new])
        #expect(one.json() == other.json() && one.rss() == other.rss())
        #expect(text(one.rss()).contains("<lastBuildDate>Fri, 20 Nov 2026 12:00:00 GMT</lastBuildDate>"))
    }

    @Test func `A post keeps its identifier wherever the feed is`() throws {
        let post = try FeedSamples.track(1)
        var moved = FeedSamples.settings
        moved.baseURL = "http://elsewhere.example:8080/"
        for settings in [FeedSamples.settings, moved, FeedSettings(title: "Ours")] {
            let item = try JSON.parse(document([post], settings).json())["items"]?.asArray?.first
            #expect(item?["id"] == .string(post.post.hex))
            #expect(
                try text(document([post], settings).rss()).contains("<guid isPermaLink=\"false\">\(post.post.hex)<")
            )
        }
    }

    /// An item of RSS needs a title or a description, and one with audio a title.
    @Test func `Posts without a title`() throws {
        func titles(_ post: Publication) throws -> [Substring] {
            try text(document([post]).rss()).split(separator: "<item>").dropFirst().first?
                .matches(of: /<title>(.*)<\/title>/).map(\.1) ?? []
        }
        var post = try FeedSamples.track(1)
        post.title = " "
        #expect(try titles(post) == ["Nought – Lines &amp; Dots"])
        post.track?.artist = nil
        #expect(try titles(post) == ["Lines &amp; Dots"])
        post.track?.title = nil
        #expect(try titles(post) == ["Radio Offbeat"])
        post.track = nil
        #expect(try titles(post) == [])
        post.text = "\n"
        #expect(try titles(post) == ["Radio Offbeat"])
        try #expect(JSON.parse(document([post]).json())["items"]?.asArray?.first?["title"] == nil)
    }

    @Test func `Files that are not there are not told of`() throws {
        var post = try FeedSamples.track(1)
        let picture = Medium(oid: ContentHash(of: [7]), size: 1, fileExtension: "jpg", file: nil)
        post.image = picture
        let whole = try document([post])
        #expect(text(whole.json()).contains("\"image\": \"https://radio.example/offbeat/media/\(picture.name)\""))
        #expect(
            text(whole.rss()).contains(
                "<itunes:image href=\"https://radio.example/offbeat/media/\(picture.name)\"/>"))
        let rest = try document([post], without: [picture.name, try #require(post.track).audio.name])
        for document in [rest.json(), rest.rss()] {
            #expect(!text(document).contains("/media/") && text(document).contains("Track of the week"))
        }
    }

    @Test func `The settings show`() throws {
        var settings = FeedSamples.settings
        settings.isExplicit = true
        settings.image = "https://cdn.example/cover.png"
        settings.category = "Arts"
        let rss = text(try document([FeedSamples.post(1)], settings).rss())
        #expect(rss.matches(of: /<itunes:explicit>true</).count == 2)
        #expect(rss.contains("<itunes:image href=\"https://cdn.example/cover.png\"/>"))
        #expect(rss.contains("<itunes:category text=\"Arts\"/>") && rss.contains(">podcast</podcast:medium>"))
        settings.image = "/pictures/das große.png"
        let json = try JSON.parse(document([], settings).json())
        #expect(json["icon"] == "https://radio.example/offbeat/pictures/das%20gro%C3%9Fe.png")
    }

    @Test(arguments: [
        FeedSettings(title: " \n"), FeedSettings(title: "Ours", language: "en_GB"),
        FeedSettings(title: "Ours", language: "e"), FeedSettings(title: "Ours", language: "en-"),
        FeedSettings(title: "Ours", language: ""), FeedSettings(title: "Ours", language: "languages"),
        FeedSettings(title: "Ours", baseURL: "ftp://example.org"),
    ])
    func `Settings that make no feed`(settings: FeedSettings) {
        #expect(throws: FeedError.self) { try document([], settings) }
    }
}
