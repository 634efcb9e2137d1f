import CGit2
import Files

/// The packs in one folder, and which of them holds an object.
///
/// libgit2 can read any number of packs, but on the way to an object it opens one index after the other, which takes
/// 60 ms when a thousand small packs came by pushes. Here the large packs, where most objects are, are asked first, and a
/// small index is read with one call and searched in memory. Reading from a pack, once it is found, is libgit2's. Not
/// for two threads at once.
final class PackShelf {
    private let folder: FilePath
    /// The one that had the last object first, then those with the largest indexes.
    private var packs: [ShelvedPack]?

    /// Prepares to look into a folder of packs.
    init(folder: FilePath) {
        self.folder = folder
    }

    /// Asks the packs that may hold an object, one after the other, until one does not answer that it has none.
    func ask(_ id: ObjectID, _ question: (BackendOwner.Backend) -> Int32) throws(GitError) -> Int32 {
        let packs = try shelved()
        for (place, pack) in packs.enumerated() where pack.mayHold(id) {
            guard let backend = pack.backend() else { continue }
            let status = question(backend)
            if status == GIT_ENOTFOUND.rawValue { continue }
            if place > 0 { moveToFront(place) }
            return status
        }
        return GIT_ENOTFOUND.rawValue
    }

    private func moveToFront(_ place: Int) {
        if let pack = packs?.remove(at: place) { packs?.insert(pack, at: 0) }
    }

    /// Asks every pack, until one answers with an error.
    func askAll(_ question: (BackendOwner.Backend) -> Int32) throws(GitError) -> Int32 {
        for pack in try shelved() {
            guard let backend = pack.backend() else { continue }
            let status = question(backend)
            if status < 0, status != GIT_ENOTFOUND.rawValue { return status }
        }
        return 0
    }

    /// Looks again at which packs there are; those that are known stay open.
    func refresh() throws(GitError) {
        let known = Dictionary(uniqueKeysWithValues: (packs ?? []).map { ($0.index, $0) })
        let found = try GitError.translating("list packs", about: folder.string) {
            () throws(FileError) -> [(index: FilePath, size: Int64)] in
            var found: [(index: FilePath, size: Int64)] = []
            for name in try names() {
                let index = folder.appending(name)
                if let pack = known[index] {
                    found.append((index, pack.size))
                } else if let status = try FileSystem.statusIfExists(of: index) {
                    found.append((index, status.size))
                }
            }
            return found
        }
        packs = found.map { known[$0.index] ?? ShelvedPack(index: $0.index, size: $0.size) }
            .sorted { $0.size > $1.size }
    }

    private func shelved() throws(GitError) -> [ShelvedPack] {
        if packs == nil { try refresh() }
        return packs ?? []
    }

    private func names() throws(FileError) -> [FilePath] {
        do throws(FileError) {
            return try FileSystem.list(folder).map(\.name).filter { $0.fileExtension == "idx" }
        } catch {
            if error.isAbsent { return [] }
            throw error
        }
    }
}

/// One pack: its index if that is small, and libgit2's way into it once it is needed.
final class ShelvedPack {
    /// A larger index is left to libgit2, which maps it into memory.
    private static let smallIndex = 1 << 16

    let index: FilePath
    /// Of the index, which tells how many objects there are.
    let size: Int64
    private var searched: [UInt8]?
    private var opened: BackendOwner.Backend?
    /// It vanished, or was no pack when it was opened.
    private var isGone = false

    init(index: FilePath, size: Int64) {
        self.index = index
        self.size = size
    }

    deinit {
        if let opened { opened.pointee.free(opened) }
    }

    /// Whether the pack's index names the object, as far as that can be told at once.
    func mayHold(_ id: ObjectID) -> Bool {
        guard !isGone, size <= Self.smallIndex else { return !isGone }
        if searched == nil { searched = (try? FileSystem.read(index, limit: Self.smallIndex)) ?? [] }
        // What does not look like an index is libgit2's to refuse.
        return searched.map { PackIndex.names(id, in: $0) ?? true } ?? true
    }

    /// Opens the pack; nil where there is none any more, or its index cannot be right.
    func backend() -> BackendOwner.Backend? {
        if opened == nil, !isGone {
            isGone = !isPlausible || index.withCString { git_odb_backend_one_pack(&opened, $0) } < 0
            if isGone { git_error_clear() }
        }
        return opened
    }

    private var isPlausible: Bool {
        guard let start = searched ?? (try? readStart()) else { return false }
        return PackIndex.isPlausible(start, size: size)
    }

    private func readStart() throws(FileError) -> [UInt8] {
        let file = try FileDescriptor.open(index, .read)
        var start = [UInt8](repeating: 0, count: PackIndex.preambleSize)
        let got = try start.withUnsafeMutableBufferPointer { (room) throws(FileError) in
            try file.read(into: UnsafeMutableRawBufferPointer(room))
        }
        return Array(start[..<got])
    }
}
