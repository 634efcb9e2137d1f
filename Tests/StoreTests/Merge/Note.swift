import Blobs
import Catalog
import Testing

@testable import Store

/// One post with its image, at fixed ids and stamps.
struct Note {
    static let place: String = {
        let (workspace, post) = (String(repeating: "3", count: 32), String(repeating: "4", count: 32))
        return "workspaces/\(workspace)/posts/44/\(post)"
    }()

    var post: Post
    var image: MadeFile?

    init(text: String) throws {
        post = Post(
            id: try #require(PostID(String(repeating: "4", count: 32))),
            author: try #require(PersonID(String(repeating: "2", count: 32))), text: text,
            created: Song.stamp(1_000))
    }

    init(post: Post) { self.post = post }

    func tree() throws -> MadeTree {
        var tree: MadeTree = ["\(Self.place)/post.json": try .record(post)]
        tree["\(Self.place)/image.png"] = image
        return tree
    }

    func with(_ change: (inout Post) throws -> Void) throws -> Note {
        var note = self
        try change(&note.post)
        return note
    }

    func with(image words: String?, at time: UInt64) throws -> Note {
        var note = try with { try $0.setImage(words.map { audio(of: $0).oid }, at: Song.stamp(time)) }
        note.image = words.map { .pointer($0) }
        return note
    }
}

extension Versions.Merged {
    /// The post, as it came out.
    func post() throws -> Post { try Post.read(#require(files["\(Note.place)/post.json"]?.bytes)) }
}
