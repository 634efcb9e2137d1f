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
        "due",
    ]

    init(_ folder: PostFolder, at tree: ObjectID, _ review: PostReview) {
        let post = folder.post
        let due = review.isToGoOut ? post.schedule?.local.description ?? "" : nil
        conflicts = post.disputes.count
        columns = [
            .blob(folder.workspace.bytes), .blob(post.id.bytes), .blob(tree.bytes), .text(review.state.rawValue),
            .text(post.created.description), post.author.map { .blob($0.bytes) } ?? .null,
            post.title.map { .text(Folding.fold($0)) } ?? .null, post.track.map { .blob($0.bytes) } ?? .null,
            folder.image.map { .blob($0.pointer.oid.bytes) } ?? .null,
            folder.image.map { .integer($0.pointer.size) } ?? .null, .integer(Int64(conflicts)),
            due.map { .text($0) } ?? .null,
        ]
    }
}
