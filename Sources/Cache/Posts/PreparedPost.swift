import Blobs
import Catalog
import Digest
import Git
import SQLite
import Store

/// A post as what its row holds.
struct PreparedPost {
    /// The values of the columns.
    let columns: [Value]
    let conflicts: Int

    /// The columns, in the order of their values.
    static let names = [
        "workspace", "id", "folder", "state", "created", "author", "title", "track", "image", "size", "conflicts",
    ]

    init(_ folder: PostFolder, at tree: ObjectID, state: PostState) {
        let post = folder.post
        conflicts = post.disputes.count
        columns = [
            .blob(folder.workspace.bytes), .blob(post.id.bytes), .blob(tree.bytes), .text(state.rawValue),
            .text(post.created.description), post.author.map { .blob($0.bytes) } ?? .null,
            post.title.map { .text(Folding.fold($0)) } ?? .null, post.track.map { .blob($0.bytes) } ?? .null,
            folder.image.map { .blob($0.pointer.oid.bytes) } ?? .null,
            folder.image.map { .integer($0.pointer.size) } ?? .null, .integer(Int64(conflicts)),
        ]
    }
}
