import CGit2

extension Repository {
    /// The best common ancestors of two commits; empty when their histories never met.
    public func mergeBases(_ left: ObjectID, _ right: ObjectID) throws(GitError) -> [ObjectID] {
        try withHandles { (handles) throws(GitError) in
            var bases = git_oidarray()
            defer { git_oidarray_dispose(&bases) }
            var (one, two) = (left.oid, right.oid)
            let status = git_merge_bases(&bases, handles.repository.raw, &one, &two)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                // The same answer may mean that a commit is missing, which is something else.
                for id in [left, right] { try Self.requireCommit(id, in: handles) }
                return []
            }
            try Libgit2.check("git_merge_bases", about: "\(left) \(right)", status)
            return UnsafeBufferPointer(start: bases.ids, count: bases.count).map { ObjectID($0) }
        }
    }

    /// Whether a commit is the other or leads to it.
    public func isAncestor(_ ancestor: ObjectID, of id: ObjectID) throws(GitError) -> Bool {
        if ancestor == id { return true }
        return try withHandles { (handles) throws(GitError) in
            var (below, above) = (id.oid, ancestor.oid)
            let status = git_graph_descendant_of(handles.repository.raw, &below, &above)
            return try Libgit2.check("git_graph_descendant_of", about: "\(ancestor) \(id)", status) == 1
        }
    }

    private static func requireCommit(_ id: ObjectID, in handles: borrowing Handles) throws(GitError) {
        var size = 0
        var type = GIT_OBJECT_INVALID
        var oid = id.oid
        try Libgit2.check(
            "git_odb_read_header", about: id.hex, git_odb_read_header(&size, &type, handles.database.raw, &oid))
    }
}
