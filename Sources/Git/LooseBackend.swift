import CGit2
import Files

/// Lets libgit2 read loose objects through `LooseReader`.
enum LooseBackend {
    /// Makes a backend for a folder of objects.
    static func make(objects: FilePath) throws(GitError) -> UnsafeMutablePointer<git_odb_backend> {
        var backend = try BackendOwner.empty()
        backend.read = { data, size, type, backend, oid in
            LooseBackend.read(data, size, type, backend, oid)
        }
        backend.read_header = { size, type, backend, oid in
            LooseBackend.answering(backend, oid) { (reader, id) throws(GitError) in
                guard let header = try reader.readHeader(id) else { return GIT_ENOTFOUND.rawValue }
                size?.pointee = header.size
                type?.pointee = git_object_t(rawValue: header.kind.rawValue)
                return 0
            }
        }
        backend.exists = { backend, oid in
            guard let backend, let oid else { return 0 }
            return LooseBackend.reader(of: backend).contains(ObjectID(oid.pointee)) ? 1 : 0
        }
        backend.exists_prefix = { found, backend, oid, digits in
            LooseBackend.answering(backend, oid) { (reader, start) throws(GitError) in
                let ids = try reader.all(beginningAs: start, digits: digits)
                guard let first = ids.first else { return GIT_ENOTFOUND.rawValue }
                found?.pointee = first.oid
                return ids.count == 1 ? 0 : GIT_EAMBIGUOUS.rawValue
            }
        }
        backend.refresh = { backend in
            if let backend { LooseBackend.reader(of: backend).refresh() }
            return 0
        }
        backend.foreach = { backend, callback, payload in
            LooseBackend.every(backend, callback, payload)
        }
        return BackendOwner.place(backend, for: LooseReader(objects: objects))
    }

    private static func reader(of backend: UnsafeMutablePointer<git_odb_backend>) -> LooseReader {
        BackendOwner.owner(of: backend, as: LooseReader.self)
    }

    private static func read(
        _ data: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ size: UnsafeMutablePointer<Int>?,
        _ type: UnsafeMutablePointer<git_object_t>?, _ backend: UnsafeMutablePointer<git_odb_backend>?,
        _ oid: UnsafePointer<git_oid>?
    ) -> Int32 {
        answering(backend, oid) { (reader, id) throws(GitError) in
            guard let object = try reader.read(id) else { return GIT_ENOTFOUND.rawValue }
            // One more for the NUL that libgit2's own backends close their text with.
            guard let room = git_odb_backend_data_alloc(backend, object.bytes.count + 1) else { return -1 }
            object.bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(start: room, count: bytes.count).copyMemory(from: bytes)
            }
            room.storeBytes(of: 0, toByteOffset: object.bytes.count, as: UInt8.self)
            data?.pointee = room
            size?.pointee = object.bytes.count
            type?.pointee = git_object_t(rawValue: object.kind.rawValue)
            return 0
        }
    }

    private static func every(
        _ backend: UnsafeMutablePointer<git_odb_backend>?, _ callback: git_odb_foreach_cb?,
        _ payload: UnsafeMutableRawPointer?
    ) -> Int32 {
        var nothing = git_oid()
        return answering(backend, &nothing) { (reader, _) throws(GitError) in
            for id in try reader.all() {
                var oid = id.oid
                let status = callback?(&oid, payload) ?? 0
                if status != 0 { return status }
            }
            return 0
        }
    }

    /// Answers one of libgit2's questions; an error becomes its message and a status.
    private static func answering(
        _ backend: UnsafeMutablePointer<git_odb_backend>?, _ oid: UnsafePointer<git_oid>?,
        _ body: (LooseReader, ObjectID) throws(GitError) -> Int32
    ) -> Int32 {
        guard let backend, let oid else { return GIT_EINVALID.rawValue }
        do throws(GitError) { return try body(reader(of: backend), ObjectID(oid.pointee)) } catch {
            return BackendOwner.report(error)
        }
    }
}
