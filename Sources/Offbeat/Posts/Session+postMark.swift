import Cache
import Catalog
import Digest
import Store

extension Session {
    /// What a list of posts is known by; nil where the head has moved on, so that only the list itself can tell.
    func mark(of request: PostListRequest, in view: View, by index: Index) throws -> String? {
        let workspaces = try view.workspaces(of: request)
        let stamp = try index.survey { reader -> String? in
            guard reader.version == view.snapshot.version else { return nil }
            return try reader.stamp(ofHistoriesOf: workspaces.map(\.id))
        }
        guard let stamp else { return nil }
        let parts =
            [stamp, person?.id.hex ?? "", request.state?.rawValue ?? "", "\(request.onlyAwaited)"]
            + ["\(request.limit ?? -1)", request.cursor ?? ""] + workspaces.map(\.id.hex)
            // No version says which posts are being brought out.
            + view.onTheirWay.ids.map(\.hex).sorted()
        return String(ContentHash(of: Array(parts.joined(separator: " ").utf8)).description.prefix(24))
    }
}

extension PostSummary {
    /// What this state of the post is known by: any other has another.
    public var mark: String { String(ContentHash(of: json.compact()).description.prefix(24)) }
}
