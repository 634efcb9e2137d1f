import Digest
import Files

/// What a program that was cut off may leave in a place.
extension Studio {
    /// Whether it is called as only Offbeat calls what it is about to write.
    static func isTemporary(_ name: FilePath) -> Bool {
        name.string.wholeMatch(of: /offbeat-[0-9a-f]{16}|\.offbeat-export/) != nil
    }

    /// Files that are locked by the system, and stay.
    private static let lockFiles = ["offbeat.lock", "journal.lock", "sync.lock"]

    /// Half-written files, and locks of nobody.
    func leftovers() throws -> [String] {
        var left: [String] = []
        for item in DirectoryWalk(work, entering: { $0 != store.appending("objects") }) {
            let path = item.path.string.dropFirst(work.string.utf8.count + 1)
            let isLock =
                path.hasSuffix(".lock") && !Studio.lockFiles.contains { path.hasSuffix($0) }
            if isLock || path.hasSuffix("offbeat.unfinished") { left.append(String(path)) }
        }
        for place in try exports() + [work, store, store.appending("lfs/tmp"), store.appending("lfs/incomplete")] {
            guard FileSystem.exists(place) else { continue }
            left += try FileSystem.list(place).filter { Studio.isTemporary($0.name) }.map(\.name.string)
        }
        return left
    }

    /// The folders beside the store, which may have been exported to.
    private func exports() throws -> [FilePath] {
        try FileSystem.list(work).filter { $0.kind == .directory }.map { work.appending($0.name) }
    }

    /// The pointers whose files are not here with the bytes that their names say.
    func lostFiles(of picture: Picture) throws -> [String] {
        try picture.pointers.sorted { $0.key < $1.key }.filter { _, oid in
            let (first, second) = (oid.hex.prefix(2), oid.hex.dropFirst(2).prefix(2))
            let bytes = try FileSystem.readIfExists(store.appending("lfs/objects/\(first)/\(second)/\(oid)"))
            return bytes.map { ContentHash(of: $0) } != oid
        }.map(\.key)
    }

    /// The same where git and git-lfs would look at the same: names and sizes of objects and files, and what the
    /// references say.
    func fingerprint(of place: FilePath? = nil) throws -> ContentHash {
        let place = place ?? store
        var text = ""
        for folder in ["objects", "lfs/objects"] where FileSystem.exists(place.appending(folder)) {
            for case .file(let path) in DirectoryWalk(place.appending(folder)) {
                text += "\(path) \(try FileSystem.status(of: path).size)\n"
            }
        }
        for case .file(let path) in DirectoryWalk(place.appending("refs")) {
            text += "\(path) \(String(decoding: try FileSystem.read(path), as: UTF8.self))\n"
        }
        return ContentHash(of: Array(text.utf8))
    }
}
