public import Files

/// All that can be seen of a folder's files: their names, kinds, times and bytes. Two are equal where nothing was written,
/// made or taken away between them, not even for a moment.
public struct FilesSeen: Equatable, Sendable {
    /// What was seen of each, by its path from the folder.
    public private(set) var entries: [String: String] = [:]

    /// Looks at a folder, but at nothing in those of its folders that are named.
    public init(in folder: FilePath, but passed: Set<FilePath> = []) throws {
        try look(at: folder, named: ".", passed)
    }

    private mutating func look(at path: FilePath, named name: String, _ passed: Set<FilePath>) throws {
        let status = try FileSystem.status(of: path, followingLinks: false)
        var seen = "\(status.kind) \(status.inode) \(status.mode) \(status.modified) \(status.changed)"
        if status.kind == .regular { seen += " \(try FileSystem.read(path).reduce(5381) { $0 &* 33 &+ Int($1) })" }
        entries[name] = seen
        guard status.kind == .directory else { return }
        for entry in try FileSystem.list(path) where name != "." || !passed.contains(entry.name) {
            try look(at: path.appending(entry.name), named: "\(name)/\(entry.name)", passed)
        }
    }

    /// The paths of which others were seen at another time.
    public func differences(from other: FilesSeen) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }.sorted()
    }
}
