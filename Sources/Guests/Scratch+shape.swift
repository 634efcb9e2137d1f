import Files

extension Scratch {
    /// What is written to in a scratch store, and how many levels of folders there are.
    private static let parts: [(folder: FilePath, levels: Int)] = [
        ("", 1), ("objects", 1), ("objects/info", 1), ("refs", 3), ("logs", 3), ("lfs", 1), ("lfs/objects", 2),
        ("lfs/quarantine", 1), ("cache", 2), ("publishing", 1),
    ]

    /// Refuses a scratch store of which a folder or a file that is written to is a link, or that reads objects from
    /// elsewhere than the store below: what the guest changes and removes would be changed and removed in another store.
    ///
    /// A program could lay such a link. Nobody who looks first can hold off one that lays it in this moment. The cost
    /// follows what the guest wrote.
    func requireShape() throws {
        for (folder, levels) in Self.parts {
            if let link = try Self.link(in: folder.bytes.isEmpty ? path : path.appending(folder), levels: levels) {
                throw damaged("\(link) is a link")
            }
        }
        let alternates = path.appending(Self.alternates.file)
        guard try FileSystem.readIfExists(alternates, limit: 4096) == Array(Self.alternates.text.utf8) else {
            throw damaged("\(alternates) does not name the library's objects")
        }
    }

    /// Where git finds the objects of the store below. The path is seen from the folder of objects, as git reads it; so
    /// the store below may be moved, and this one with it.
    static let alternates: (file: FilePath, text: String) = ("objects/info/alternates", "../../../objects\n")

    private static func link(in folder: FilePath, levels: Int) throws(FileError) -> FilePath? {
        guard FileSystem.exists(folder) else { return nil }
        for entry in try FileSystem.list(folder) {
            let path = folder.appending(entry.name)
            if entry.kind == .link { return path }
            guard entry.kind == .directory, levels > 1 else { continue }
            if let found = try link(in: path, levels: levels - 1) { return found }
        }
        return nil
    }

    private func damaged(_ what: String) -> GuestError {
        GuestError(
            .damaged, "the store of guest \(id) is not as it was made: \(what)",
            hint: "`offbeat guest end \(id.hex.prefix(8))` in the library itself takes it away")
    }
}
