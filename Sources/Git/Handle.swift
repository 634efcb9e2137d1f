import CGit2

/// How one kind of libgit2's handles is given back.
protocol HandleKind {
    static func free(_ raw: OpaquePointer)
}

enum RepositoryHandle: HandleKind {
    static func free(_ raw: OpaquePointer) { git_repository_free(raw) }
}
enum DatabaseHandle: HandleKind {
    static func free(_ raw: OpaquePointer) { git_odb_free(raw) }
}
enum StoredObjectHandle: HandleKind {
    static func free(_ raw: OpaquePointer) { git_odb_object_free(raw) }
}
enum ReferenceHandle: HandleKind {
    static func free(_ raw: OpaquePointer) { git_reference_free(raw) }
}
enum ConfigurationHandle: HandleKind {
    static func free(_ raw: OpaquePointer) { git_config_free(raw) }
}

/// The one owner of one of libgit2's handles, freed when the owner goes.
///
/// The kind gives back the type that `OpaquePointer` has lost: a tree cannot be freed as a commit.
struct Handle<Kind: HandleKind>: ~Copyable {
    let raw: OpaquePointer

    /// Makes a handle by the call of that name, which fills in the pointer.
    init(
        _ call: StaticString, about subject: @autoclosure () -> String? = nil,
        _ make: (inout OpaquePointer?) -> Int32
    ) throws(GitError) {
        var pointer: OpaquePointer?
        try Libgit2.check(call, about: subject(), make(&pointer))
        guard let pointer else {
            throw GitError(.other, "no handle was returned", call: "\(call)", subject: subject())
        }
        raw = pointer
    }

    deinit {
        Kind.free(raw)
    }
}

extension ObjectID {
    init(_ oid: git_oid) {
        self = withUnsafeBytes(of: oid) { ObjectID(loading: $0, at: 0) }
    }

    var oid: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { store(into: $0, at: 0) }
        return oid
    }
}
