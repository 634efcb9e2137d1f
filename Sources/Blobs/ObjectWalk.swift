import Digest
import Files

/// The files under `objects`, in the order of their hashes.
enum ObjectWalk {
    enum Item {
        /// A plain file where its name says.
        case file(Pointer)
        /// Anything else that lies there.
        case foreign(FilePath)
    }

    /// Calls `body` with everything that lies in `objects` of the directory; what vanishes meanwhile is passed over.
    static func visit(_ directory: FilePath, _ body: (Item) throws -> Void) throws {
        let objects = directory.appending("objects")
        for first in try entries(of: objects) { try visit(first, of: objects, body) }
    }

    /// The same things at once, as a list. Several threads look: each has some of the 256 folders.
    static func items(in directory: FilePath) throws -> [Item] {
        let objects = directory.appending("objects")
        let portions = try Parallel.map(
            entries(of: objects), inPortionsOf: 1, workers: min(8, Parallel.processors)
        ) { folder in
            var items: [Item] = []
            for first in folder { try visit(first, of: objects) { items.append($0) } }
            return items
        }
        return Array(portions.joined())
    }

    /// The files alone.
    static func files(in directory: FilePath) throws -> [Pointer] {
        try items(in: directory).compactMap { if case .file(let file) = $0 { file } else { nil } }
    }

    private static func visit(
        _ first: DirectoryEntry, of objects: FilePath, _ body: (Item) throws -> Void
    ) throws {
        guard isFolder(first) else { return try body(.foreign(objects.appending(first.name))) }
        try visitFolder(first.name, of: objects, body)
    }

    /// Visits one of the 256 folders.
    private static func visitFolder(
        _ name: FilePath, of objects: FilePath, _ body: (Item) throws -> Void
    ) throws {
        let upper = objects.appending(name)
        for second in try entries(of: upper) {
            guard isFolder(second) else {
                try body(.foreign(upper.appending(second.name)))
                continue
            }
            try visitLeaf(upper.appending(second.name), prefix: name.bytes + second.name.bytes, body)
        }
    }

    private static func visitLeaf(_ leaf: FilePath, prefix: [UInt8], _ body: (Item) throws -> Void) throws {
        for entry in try entries(of: leaf) {
            let path = leaf.appending(entry.name)
            let name = entry.name.bytes
            guard entry.kind == .regular, name.starts(with: prefix), let oid = ContentHash(hex: name) else {
                try body(.foreign(path))
                continue
            }
            guard let status = try FileSystem.statusIfExists(of: path, followingLinks: false) else { continue }
            try body(.file(Pointer(oid: oid, size: status.size)))
        }
    }

    /// Sorted by the bytes of the names, which is the order of the hashes.
    private static func entries(of path: FilePath) throws(FileError) -> [DirectoryEntry] {
        do throws(FileError) {
            return try FileSystem.list(path)
        } catch {
            if error.isAbsent { return [] }
            throw error
        }
    }

    private static func isFolder(_ entry: DirectoryEntry) -> Bool {
        let name = entry.name.bytes
        return entry.kind == .directory && name.count == 2 && Hex.decode(name) != nil
    }
}
