import Cache
import Catalog
import Digest
import Store

extension Session {
    /// What a list of posts is known by: as long as it stays the same, so does the list. Nil where only the list itself can
    /// tell.
    ///
    /// No post is read for it.
    public func mark(of request: PostListRequest) throws(Failure) -> String? {
        do {
            let person = try requirePerson()
            let view = try view()
            let workspaces = try view.workspaces(of: request)
            let stamp = try library.indexed { index in
                try index.refresh { reader -> String? in
                    // The head may have moved since the view was opened.
                    guard reader.version == view.snapshot.version else { return nil }
                    return try reader.stamp(ofHistoriesOf: workspaces.map(\.id))
                }
            }
            guard let stamp = stamp?.value else { return nil }
            let parts =
                [stamp, person.id.hex, request.state?.rawValue ?? "", "\(request.onlyAwaited)"]
                + ["\(request.limit ?? -1)", request.cursor ?? ""] + workspaces.map(\.id.hex)
                + view.onTheirWay.ids.map(\.hex).sorted()
            return Self.digest(of: parts.joined(separator: " "))
        } catch { throw Failure(error) }
    }

    fileprivate static func digest(of text: String) -> String {
        String(ContentHash(of: Array(text.utf8)).description.prefix(24))
    }
}

extension PostSummary {
    /// What this state of the post is known by: any other has another.
    public var mark: String { String(ContentHash(of: json.compact()).description.prefix(24)) }
}
