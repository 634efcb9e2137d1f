import Files

/// A pack in the repository's folder.
struct StoredPack {
    let folder: FilePath
    /// The name of its files without extension.
    let name: String
    let size: Int64
    /// When it was written, in seconds since 1970.
    let modified: Int64

    /// One of its files.
    func file(_ suffix: String) -> FilePath { folder.appending("\(name).\(suffix)") }

    /// Files beside a pack that mean that somebody else looks after it: kept on purpose, fetched in part, or made for
    /// serving.
    private static let reserved = ["keep", "promisor", "bitmap", "mtimes"]

    /// The packs that may be replaced, smallest first. None where an index over several packs names them.
    static func replaceable(in folder: FilePath) throws(FileError) -> [StoredPack] {
        let names = Set(try FileSystem.list(folder).map(\.name))
        guard !names.contains("multi-pack-index") else { return [] }
        var packs: [StoredPack] = []
        for name in names {
            guard name.fileExtension == "pack", name.string.hasPrefix("pack-"),
                names.contains(FilePath(name.stem + ".idx")),
                !reserved.contains(where: { names.contains(FilePath("\(name.stem).\($0)")) })
            else { continue }
            guard let status = try FileSystem.statusIfExists(of: folder.appending(name)) else { continue }
            packs.append(
                StoredPack(
                    folder: folder, name: name.stem, size: status.size, modified: status.modified.seconds))
        }
        return packs.sorted { $0.size != $1.size ? $0.size < $1.size : $0.name < $1.name }
    }

    /// Removes its files, the index first: whoever sees the index finds the pack.
    func remove() throws(FileError) {
        for suffix in ["idx", "rev", "pack"] { _ = try FileSystem.remove(file(suffix)) }
    }
}
