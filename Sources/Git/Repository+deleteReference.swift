import CGit2
import Files

extension Repository {
    /// Removes a reference and its reflog, durably. Returns whether it was there.
    ///
    /// - Throws: `locked` while another program changes it, `invalid` for what is no reference's name.
    @discardableResult
    public func deleteReference(_ name: String) throws(GitError) -> Bool {
        try Self.check(name)
        let wasThere = try withHandles { (handles) throws(GitError) -> Bool in
            var raw: OpaquePointer?
            let status = git_reference_lookup(&raw, handles.repository.raw, name)
            if status == GIT_ENOTFOUND.rawValue {
                git_error_clear()
                return false
            }
            defer { git_reference_free(raw) }
            try Libgit2.check("git_reference_lookup", about: name, status)
            try Libgit2.check("git_reference_delete", about: name, git_reference_delete(raw))
            return true
        }
        // libgit2 takes away folders that are empty now, so the first that is left is where the name was.
        try GitError.translating("deleteReference", about: name) { () throws(FileError) in
            var folder = path.appending(name).parent
            while folder.bytes.count > path.bytes.count, !FileSystem.exists(folder) { folder = folder.parent }
            try FileSystem.syncDirectory(folder)
        }
        return wasThere
    }

    /// Whether git takes a text for the name of a reference.
    public static func isReferenceName(_ name: String) -> Bool { (try? isValid(name)) == true }
}
