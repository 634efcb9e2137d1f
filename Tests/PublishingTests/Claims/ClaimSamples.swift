import Catalog
import Digest
import Publishing
import Testing

/// Claims to write down and to compare.
enum ClaimSamples {
    static func claim(
        attempt: Int = 2, at target: String = "command", of post: String = "1", content: String = "text",
        nonce: String = "a", time: String = "2026-11-20T09:00:00.250Z"
    ) throws -> Claim {
        Claim(
            on: HandOffs.Attempt(attempt, at: target), of: try #require(PostID(id(post))),
            in: try #require(WorkspaceID(id("2"))), content: ContentHash(of: Array(content.utf8)),
            stamps: ContentHash(of: Array("stamps".utf8)), by: try #require(PersonID(id("3"))),
            nonce: try #require(Identifier<NonceKind>(id(nonce))), at: try #require(Timestamp(time)))
    }

    private static func id(_ digit: String) -> String { String(repeating: digit, count: 32) }
}
