extension Repository {
    /// The object that an annotated tag stands for, which may be a tag itself.
    ///
    /// - Throws: `notFound`, `corrupt` when it names none.
    public func target(ofTag id: ObjectID) throws(GitError) -> ObjectID {
        try withObject(id, limit: Self.structureLimit) { (_, bytes) throws(GitError) in
            guard bytes.starts(with: "object ".utf8), let id = ObjectID(hexBytes: bytes.dropFirst(7).prefix(40))
            else { throw GitError(.corrupt, "malformed tag: no object", call: "target(ofTag:)", subject: id.hex) }
            return id
        }
    }
}
