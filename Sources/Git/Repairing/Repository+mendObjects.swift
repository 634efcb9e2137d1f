public import Files

extension Repository {
    /// Moves the damaged file of an object aside, to the folder `bad`. A sound object under the wrong name gets its own.
    ///
    /// - Returns: whether there was a damaged file.
    public func moveDamagedFile(
        of id: ObjectID, to bad: FilePath, writing writer: ObjectWriter, modes: SharedModes = .unshared
    ) throws(GitError) -> Bool {
        let file = looseFile(of: id)
        guard FileSystem.exists(file) else { return false }
        if let (kind, bytes) = try? LooseReader(objects: objectsPath).read(id) {
            let found = ObjectNaming().id(of: kind, Array(bytes))
            if found == id { return false }
            try writer.write(kind, Array(bytes))
        }
        try GitError.translating("move aside", about: id.hex) { () throws(FileError) in
            // Under the whole id, of which a folder's name is the beginning.
            _ = try FileSystem.moveAside(file, to: bad, as: FilePath(id.hex), inside: path, modes: modes)
        }
        return true
    }

    /// The ids that a reference's log says it was at, the latest first, each once. Lines that cannot be read are left
    /// out.
    public func logged(_ name: String) throws(GitError) -> [ObjectID] {
        let bytes = try GitError.translating("read reflog", about: name) { () throws(FileError) in
            try FileSystem.readIfExists(path.appending("logs").appending(name), limit: 256 << 20) ?? []
        }
        var seen: Set<ObjectID> = []
        return bytes.split(separator: UInt8(ascii: "\n")).reversed().compactMap { line in
            guard line.dropFirst(40).first == UInt8(ascii: " "),
                let id = ObjectID(hexBytes: line.dropFirst(41).prefix(40)), !id.isZero
            else { return nil }
            return seen.insert(id).inserted ? id : nil
        }
    }

    /// Every stored object of a kind, whether or not anything leads to it. This looks at each object there is.
    public func storedObjects(of kind: ObjectKind) throws(GitError) -> [ObjectID] {
        let all = try withHandles { (handles) throws(GitError) in try Self.every(in: handles, beginningAs: "") }
        return all.filter { (try? header($0))?.kind == kind }.sorted()
    }
}
