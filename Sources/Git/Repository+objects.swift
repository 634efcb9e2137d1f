import CGit2
import Trace

extension Repository {
    /// The largest tree or commit that is read: larger ones are taken for an attack on memory.
    static let structureLimit = 64 << 20

    /// Reads an object.
    ///
    /// Its bytes are checked against its id. When it is not found, or what held it has just been replaced by a
    /// consolidation, the database is looked at again, once.
    ///
    /// - Throws: `notFound`, `corrupt`, or `tooLarge` when it has more than `limit` bytes.
    public func readObject(
        _ id: ObjectID, limit: Int = .max
    ) throws(GitError) -> (kind: ObjectKind, bytes: [UInt8]) {
        try withObject(id, limit: limit) { kind, bytes in (kind, Array(bytes)) }
    }

    /// Reads a folder.
    ///
    /// - Throws: `notFound`, `corrupt`, `wrongKind` when the object is something else.
    public func readTree(_ id: ObjectID) throws(GitError) -> Tree {
        try withObject(id, expecting: .tree, limit: Self.structureLimit) { (bytes) throws(GitError) in
            try Tree(parsing: bytes)
        }
    }

    /// Reads a commit.
    ///
    /// - Throws: `notFound`, `corrupt`, `wrongKind` when the object is something else.
    public func readCommit(_ id: ObjectID) throws(GitError) -> Commit {
        try withObject(id, expecting: .commit, limit: Self.structureLimit) { (bytes) throws(GitError) in
            try Commit(parsing: Array(bytes), id: id)
        }
    }

    /// Reads a file.
    ///
    /// - Throws: `notFound`, `corrupt`, `wrongKind` when the object is something else, `tooLarge` when it has more
    ///   than `limit` bytes, which is found out without reading it.
    public func readBlob(_ id: ObjectID, limit: Int = .max) throws(GitError) -> [UInt8] {
        try withObject(id, expecting: .blob, limit: limit) { bytes in Array(bytes) }
    }

    /// Tells an object's kind and size without reading all of it.
    public func header(_ id: ObjectID) throws(GitError) -> (kind: ObjectKind, size: Int) {
        try retrying(id) { (handles) throws(GitError) in
            var size = 0
            var type = GIT_OBJECT_INVALID
            var oid = id.oid
            try Libgit2.check(
                "git_odb_read_header", about: id.hex,
                git_odb_read_header(&size, &type, handles.database.raw, &oid))
            return (try Self.kind(type, of: id), size)
        }
    }

    /// Whether the object is there, as far as the database was looked at: packs that others have published since
    /// are seen only after `refresh()`.
    public func contains(_ id: ObjectID) -> Bool {
        let found = try? withHandles { (handles) throws(GitError) in
            var oid = id.oid
            return git_odb_exists_ext(handles.database.raw, &oid, GIT_ODB_LOOKUP_NO_REFRESH.rawValue) == 1
        }
        return found ?? false
    }

    /// The objects of this kind whose ids begin with these digits: none, one, or the candidates.
    ///
    /// Several candidates cost a look at every object of the repository; one or none does not.
    ///
    /// - Throws: `invalid` for fewer than four digits or anything but lower-case hexadecimal.
    public func find(prefix: String, kind: ObjectKind) throws(GitError) -> [ObjectID] {
        let digits = Array(prefix.utf8)
        guard 4...40 ~= digits.count, digits.allSatisfy({ ObjectID.value(ofDigit: $0) != nil }),
            let start = ObjectID(hexBytes: digits + Array(repeating: UInt8(ascii: "0"), count: 40 - digits.count))
        else {
            throw GitError(
                .invalid, "a shortened id has 4 to 40 lower-case hexadecimal digits", call: "find", subject: prefix)
        }
        var found: [ObjectID] = []
        for id in try candidates(from: start, digits: digits.count) where try header(id).kind == kind {
            found.append(id)
        }
        return found.sorted()
    }

    private func candidates(from start: ObjectID, digits: Int) throws(GitError) -> [ObjectID] {
        try withHandles { (handles) throws(GitError) in
            var found = git_oid()
            var oid = start.oid
            let status = git_odb_exists_prefix(&found, handles.database.raw, &oid, digits)
            if status == GIT_OK.rawValue { return [ObjectID(found)] }
            if status == GIT_ENOTFOUND.rawValue { return [] }
            guard status == GIT_EAMBIGUOUS.rawValue else {
                try Libgit2.check("git_odb_exists_prefix", about: start.hex, status)
                return []
            }
            return try Self.every(in: handles, beginningAs: String(start.hex.prefix(digits)))
        }
    }

    static func every(
        in handles: borrowing Handles, beginningAs prefix: String
    ) throws(GitError) -> [ObjectID] {
        final class Box {
            var found: Set<ObjectID> = []
            let prefix: String
            init(prefix: String) { self.prefix = prefix }
        }
        let box = Box(prefix: prefix)
        let status = withExtendedLifetime(box) {
            git_odb_foreach(
                handles.database.raw,
                { oid, payload in
                    guard let oid, let payload else { return 0 }
                    let box = Unmanaged<Box>.fromOpaque(payload).takeUnretainedValue()
                    let id = ObjectID(oid.pointee)
                    if id.hasPrefix(hex: box.prefix) { box.found.insert(id) }
                    return 0
                }, Unmanaged.passUnretained(box).toOpaque())
        }
        try Libgit2.check("git_odb_foreach", about: prefix, status)
        return Array(box.found)
    }

    // MARK: Reading

    /// Lends an object's bytes for one call.
    func withObject<R: Sendable>(
        _ id: ObjectID, limit: Int = .max,
        _ body: (ObjectKind, UnsafeRawBufferPointer) throws(GitError) -> R
    ) throws(GitError) -> R {
        try trace.count(.git, "objects read") { () throws(GitError) in
            try unmeasuredObject(id, limit: limit, body)
        }
    }

    private func unmeasuredObject<R: Sendable>(
        _ id: ObjectID, limit: Int, _ body: (ObjectKind, UnsafeRawBufferPointer) throws(GitError) -> R
    ) throws(GitError) -> R {
        try retrying(id) { (handles) throws(GitError) in
            var oid = id.oid
            if limit != .max { try Self.check(size: limit, of: id, in: handles) }
            let object = try Handle<StoredObjectHandle>("git_odb_read", about: id.hex) {
                git_odb_read(&$0, handles.database.raw, &oid)
            }
            let kind = try Self.kind(git_odb_object_type(object.raw), of: id)
            let bytes = UnsafeRawBufferPointer(
                start: git_odb_object_data(object.raw), count: git_odb_object_size(object.raw))
            return try body(kind, bytes)
        }
    }

    /// Lends a file's bytes for one call.
    func withBlob<R: Sendable>(
        _ id: ObjectID, limit: Int, _ body: (UnsafeRawBufferPointer) throws(GitError) -> R
    ) throws(GitError) -> R {
        try withObject(id, expecting: .blob, limit: limit, body)
    }

    private func withObject<R: Sendable>(
        _ id: ObjectID, expecting expected: ObjectKind, limit: Int,
        _ body: (UnsafeRawBufferPointer) throws(GitError) -> R
    ) throws(GitError) -> R {
        try withObject(id, limit: limit) { (kind, bytes) throws(GitError) in
            guard kind == expected else {
                throw GitError(
                    .wrongKind, "a \(kind.word) where a \(expected.word) was expected", call: "git_odb_read",
                    subject: id.hex)
            }
            do throws(GitError) { return try body(bytes) } catch {
                throw GitError(error.code, error.message, call: error.call, subject: id.hex)
            }
        }
    }

    private static func check(size limit: Int, of id: ObjectID, in handles: borrowing Handles) throws(GitError) {
        var size = 0
        var type = GIT_OBJECT_INVALID
        var oid = id.oid
        try Libgit2.check(
            "git_odb_read_header", about: id.hex, git_odb_read_header(&size, &type, handles.database.raw, &oid))
        guard size <= limit else {
            throw GitError(
                .tooLarge, "\(size) bytes, where \(limit) are the most", call: "git_odb_read_header",
                subject: id.hex)
        }
    }

    /// Does a reading, and does it once more after looking at the database again when it failed: a consolidation
    /// may have moved the object from one file to another in between.
    private func retrying<R: Sendable>(
        _ id: ObjectID, _ body: (borrowing Handles) throws(GitError) -> R
    ) throws(GitError) -> R {
        try withHandles { (handles) throws(GitError) in
            do throws(GitError) { return try body(handles) } catch  where error.status < 0 {
                try Libgit2.check("git_odb_refresh", about: id.hex, git_odb_refresh(handles.database.raw))
                return try body(handles)
            }
        }
    }

    private static func kind(_ type: git_object_t, of id: ObjectID) throws(GitError) -> ObjectKind {
        guard let kind = ObjectKind(rawValue: type.rawValue) else {
            throw GitError(.corrupt, "unknown kind of object", call: "git_odb_read", subject: id.hex)
        }
        return kind
    }
}
