import CGit2

/// Puts a Swift object behind one of libgit2's backends, and finds it again when libgit2 calls.
///
/// libgit2 owns what `place` returns and frees it with its database. Its calls come one at a time, as the repository
/// is behind a lock.
enum BackendOwner {
    typealias Backend = UnsafeMutablePointer<git_odb_backend>

    /// Where the object's address stands: behind the structure that libgit2 knows.
    private static let offset = MemoryLayout<git_odb_backend>.stride

    /// A backend without any calls yet.
    static func empty() throws(GitError) -> git_odb_backend {
        var backend = git_odb_backend()
        try Libgit2.check(
            "git_odb_init_backend", git_odb_init_backend(&backend, UInt32(GIT_ODB_BACKEND_VERSION)))
        return backend
    }

    /// Hands a backend over to libgit2 together with the object that answers for it.
    static func place(_ backend: git_odb_backend, for owner: AnyObject) -> Backend {
        let room = UnsafeMutableRawPointer.allocate(
            byteCount: offset + MemoryLayout<UnsafeMutableRawPointer>.size,
            alignment: MemoryLayout<git_odb_backend>.alignment)
        var backend = backend
        backend.free = { BackendOwner.free($0) }
        let pointer = room.initializeMemory(as: git_odb_backend.self, to: backend)
        // Released by `free`.
        room.storeBytes(
            of: Unmanaged.passRetained(owner).toOpaque(), toByteOffset: offset, as: UnsafeMutableRawPointer.self)
        return pointer
    }

    /// The object behind a backend that `place` made for one of this type.
    static func owner<Owner: AnyObject>(of backend: Backend, as type: Owner.Type) -> Owner {
        Unmanaged<Owner>.fromOpaque(address(in: backend)).takeUnretainedValue()
    }

    private static func free(_ backend: Backend?) {
        guard let backend else { return }
        Unmanaged<AnyObject>.fromOpaque(address(in: backend)).release()
        UnsafeMutableRawPointer(backend).deallocate()
    }

    private static func address(in backend: Backend) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(backend).load(fromByteOffset: offset, as: UnsafeMutableRawPointer.self)
    }

    /// Tells libgit2 of an error in its own way: a message and a status.
    static func report(_ error: GitError) -> Int32 {
        let category = error.code == .corrupt ? GIT_ERROR_ODB : GIT_ERROR_OS
        git_error_set_str(Int32(category.rawValue), error.message)
        return GIT_ERROR.rawValue
    }
}
