import Catalog
import Digest
import Publishing
import Testing

@Suite struct PublicationTests {
    @Test func aKeyStandsForPostContentAndTarget() throws {
        let post = try #require(PostID("0123456789abcdef0123456789abcdef"))
        let other = try #require(PostID("1123456789abcdef0123456789abcdef"))
        let (one, two) = (ContentHash(of: [1]), ContentHash(of: [2]))
        let key = PublicationKey(of: post, content: one, for: "feed")
        #expect(key == PublicationKey(of: post, content: one, for: "feed"))
        #expect(key != PublicationKey(of: other, content: one, for: "feed"))
        #expect(key != PublicationKey(of: post, content: two, for: "feed"))
        #expect(key != PublicationKey(of: post, content: one, for: "http"))
        #expect(PublicationKey(key.description) == key && PublicationKey("feed") == nil)
        // As other programs compute it, from records.md's canonical JSON.
        let text = "{\n  \"content\": \"\(one.hex)\",\n  \"post\": \"\(post.hex)\",\n  \"target\": \"feed\"\n}\n"
        #expect(key.description == ContentHash(of: Array(text.utf8)).hex)
    }

    @Test func aDeadlinePasses() {
        #expect(Deadline(in: .zero).hasPassed && !Deadline(in: .seconds(60)).hasPassed)
        #expect(Deadline(in: .seconds(60)).remaining > .seconds(50))
    }
}
