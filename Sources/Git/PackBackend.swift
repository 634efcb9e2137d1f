import CGit2
import Files

/// Lets libgit2 find packed objects through a `PackShelf`.
///
/// libgit2 asks its backends in the order of their priorities, and the loose objects come between the large packs and
/// the small ones; so one shelf stands behind two backends.
enum PackBackend {
    /// One part of a shelf, as a backend answers for it.
    private final class Part {
        let shelf: PackShelf
        let part: PackShelf.Part

        init(_ part: PackShelf.Part, of shelf: PackShelf) {
            self.shelf = shelf
            self.part = part
        }
    }

    /// Makes a backend for a part of a shelf.
    static func make(_ part: PackShelf.Part, of shelf: PackShelf) throws(GitError) -> BackendOwner.Backend {
        var backend = try BackendOwner.empty()
        backend.read = { data, size, type, backend, oid in
            PackBackend.asking(backend, oid) { $0.pointee.read(data, size, type, $0, oid) }
        }
        backend.read_header = { size, type, backend, oid in
            PackBackend.asking(backend, oid) { $0.pointee.read_header(size, type, $0, oid) }
        }
        backend.exists = { backend, oid in
            let status = PackBackend.asking(backend, oid) { pack in
                pack.pointee.exists(pack, oid) == 1 ? 0 : GIT_ENOTFOUND.rawValue
            }
            return status == 0 ? 1 : 0
        }
        backend.exists_prefix = { found, backend, oid, digits in
            PackBackend.only(found, beginningAs: oid, digits, in: backend)
        }
        backend.refresh = { backend in
            PackBackend.answering(backend) { (part) throws(GitError) in
                // Both backends are refreshed together, and looking once is enough.
                if part.part == .large { try part.shelf.refresh() }
                return 0
            }
        }
        backend.foreach = { backend, callback, payload in
            PackBackend.answering(backend) { (part) throws(GitError) in
                try part.shelf.askAll(part.part) { $0.pointee.foreach($0, callback, payload) }
            }
        }
        return BackendOwner.place(backend, for: Part(part, of: shelf))
    }

    /// The one object whose id begins with these digits, if no pack has another.
    private static func only(
        _ found: UnsafeMutablePointer<git_oid>?, beginningAs start: UnsafePointer<git_oid>?, _ digits: Int,
        in backend: BackendOwner.Backend?
    ) -> Int32 {
        answering(backend) { (part) throws(GitError) in
            var first: git_oid?
            let status = try part.shelf.askAll(part.part) { pack in
                var oid = git_oid()
                let status = pack.pointee.exists_prefix(&oid, pack, start, digits)
                guard status == 0 else { return status }
                if let first, ObjectID(first) != ObjectID(oid) { return GIT_EAMBIGUOUS.rawValue }
                first = oid
                return 0
            }
            guard status == 0 else { return status }
            guard let first else { return GIT_ENOTFOUND.rawValue }
            found?.pointee = first
            return 0
        }
    }

    private static func asking(
        _ backend: BackendOwner.Backend?, _ oid: UnsafePointer<git_oid>?,
        _ question: (BackendOwner.Backend) -> Int32
    ) -> Int32 {
        guard let oid else { return GIT_EINVALID.rawValue }
        return answering(backend) { (part) throws(GitError) in
            try part.shelf.ask(part.part, for: ObjectID(oid.pointee), question)
        }
    }

    private static func answering(
        _ backend: BackendOwner.Backend?, _ body: (Part) throws(GitError) -> Int32
    ) -> Int32 {
        guard let backend else { return GIT_EINVALID.rawValue }
        do throws(GitError) { return try body(BackendOwner.owner(of: backend, as: Part.self)) } catch {
            return BackendOwner.report(error)
        }
    }
}
