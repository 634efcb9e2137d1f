import Catalog
import Digest
import Files
import Testing

@testable import Publishing

@Suite struct FeedAddressTests {
    @Test(arguments: [
        ("https://example.org", "https://example.org/"), ("http://example.org/", "http://example.org/"),
        ("https://example.org:8443/a/b//", "https://example.org:8443/a/b/"),
        ("http://127.0.0.1:80/~me/a%20b", "http://127.0.0.1:80/~me/a%20b/"),
        ("https://[2001:db8::1]:8080", "https://[2001:db8::1]:8080/"), ("http://[::1]", "http://[::1]/"),
    ])
    func `Addresses of folders`(text: String, expected: String) throws {
        try #expect(WebAddress(base: text).text == expected)
    }

    @Test(arguments: [
        ("", "does not begin"), ("example.org", "does not begin"), ("ftp://example.org", "does not begin"),
        ("file:///srv", "does not begin"), ("https://example.org/?a", "query"), ("https://example.org?", "query"),
        ("https://example.org/#top", "fragment"), ("https://", "no host"), ("https:///a", "no host"),
        ("https://me:word@example.org", "without a password"), ("https://me@example.org", "without a password"),
        ("https://ex ample.org", "no host"), ("https://bücher.example", "no host"), ("https://[]", "no host"),
        ("https://[::1", "no host"), ("https://[::1]x", "no host"), ("https://example.org:", "no host"),
        ("https://example.org:65536", "no host"), ("https://example.org:+1", "no host"),
        ("https://example.org/a b", "with %"), ("https://example.org/ü", "with %"),
        ("https://example.org/%zz", "with %"), ("https://example.org/%2", "with %"),
        ("https://example.org/\n", "with %"), ("https://example.org/\"", "with %"),
    ])
    func `Addresses that are refused`(text: String, reason: String) throws {
        let error = try #require(throws: FeedError.self) { try WebAddress(base: text) }
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `Files have addresses without the web`() throws {
        let addresses = try FeedAddresses(FeedSettings(title: "Ours"), in: "/srv/a#b/50%/Größe")
        #expect(addresses.rss == "file:///srv/a%23b/50%25/Gr%C3%B6%C3%9Fe/feed.xml")
        #expect(addresses.podcastID == nil)
        try #expect(FeedAddresses(FeedSettings(title: "Ours"), in: "/").json == "file:///feed.json")
        try #expect(FeedAddresses(FeedSettings(title: "Ours"), in: "radio").json.hasPrefix("file:///"))
        let odd = Medium(oid: .ofNothing, size: 0, fileExtension: "a b", file: nil)
        #expect(addresses.medium(odd).hasSuffix("/media/\(ContentHash.ofNothing.hex).a%20b"))
    }

    /// The identifier that `uuid.uuid5` of Python computes; the podcast namespace has one for another feed as example.
    @Test(arguments: ["https://radio.example/offbeat", "http://radio.example/offbeat//"])
    func `A podcast is known by where it is`(base: String) throws {
        let addresses = try FeedAddresses(FeedSettings(title: "Ours", baseURL: base), in: "/srv")
        #expect(addresses.podcastID == "6bf95c78-55b1-5d1e-8f97-c337d5a12686")
    }

    @Test(arguments: [
        ("flac", "audio/flac"), ("WAV", "audio/wav"), ("aiff", "audio/aiff"), ("aif", "audio/aiff"),
        ("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("opus", "audio/ogg"), ("m4a", "audio/mp4"),
        ("png", "image/png"), ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("gif", "image/gif"),
        ("webp", "image/webp"), ("", "application/octet-stream"), ("exe", "application/octet-stream"),
    ])
    func `Media types`(ending: String, type: String) {
        #expect(MediaType.named(ending) == type)
    }

    @Test(arguments: [
        ("2026-11-20T09:00:00Z", "Fri, 20 Nov 2026 09:00:00 GMT"),
        ("2026-03-29T02:30:00+01:00", "Sun, 29 Mar 2026 01:30:00 GMT"),
        ("1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
        ("2000-02-29T12:00:00Z", "Tue, 29 Feb 2000 12:00:00 GMT"),
        ("0001-01-01T00:00:00Z", "Mon, 01 Jan 0001 00:00:00 GMT"),
        ("9999-12-31T23:59:59Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `Times as RSS has them`(time: String, expected: String) throws {
        try #expect(FeedTime.rfc822(#require(Timestamp(time))) == expected)
    }

    @Test func `Times that no calendar has`() {
        #expect(FeedTime.rfc822(Timestamp(milliseconds: .max)) == "Fri, 31 Dec 9999 23:59:59 GMT")
        #expect(FeedTime.rfc822(Timestamp(milliseconds: .min)) == "Sat, 01 Jan 0000 00:00:00 GMT")
    }

    @Test(
        arguments: [
            (nil, nil), (0, nil), (-1, nil), (1, 1), (499, 1), (1_499, 1), (1_500, 2), (183_250, 183),
            (3_599_500, 3_600), (Int64.max, 9_223_372_036_854_776),
        ] as [(Int64?, Int64?)])
    func `Lengths in seconds`(milliseconds: Int64?, seconds: Int64?) {
        #expect(FeedTime.seconds(milliseconds) == seconds)
    }
}
