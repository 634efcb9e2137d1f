import CGit2
import Files

/// The packs in one folder, and which of them holds an object.
///
/// libgit2 can read any number of packs, but on the way to an object it opens one index after the other, which takes
/// 60 ms when a thousand small packs came by pushes. Here the large packs, where most objects are, are asked first, then
/// the loose objects, where the latest are, and only then the small packs, whose indexes are read with one call each
/// and searched in memory. Reading from a pack, once it is found, is libgit2's. Not for two threads at once.
final class PackShelf {
    /// The packs that are asked before the loose objects, and those that are asked after.
    enum Part { case large, small }

    private let folder: FilePath
    private var listing: Listing?
    /// In both, the one that had the last object comes first, then those with the larger indexes.
    private var large: [ShelvedPack] = []
    private var small: [ShelvedPack] = []
    /// The packs that are open, the longest open first. Each takes a file descriptor, and a process has 1,024.
    private var open: [ShelvedPack] = []
    static let openLimit = 64
    var openCount: Int { open.count }

    /// Prepares to look into a folder of packs.
    init(folder: FilePath) {
        self.folder = folder
    }

    /// Asks the packs that may hold an object, one after the other, until one does not answer that it has none.
    func ask(_ part: Part, for id: ObjectID, _ question: (BackendOwner.Backend) -> Int32) throws(GitError) -> Int32
    {
        for (place, pack) in try packs(of: part).enumerated() where pack.mayHold(id) {
            guard let backend = backend(of: pack) else { continue }
            let status = question(backend)
            if status == GIT_ENOTFOUND.rawValue { continue }
            if place > 0 { moveToFront(place, of: part) }
            return status
        }
        return GIT_ENOTFOUND.rawValue
    }

    private func moveToFront(_ place: Int, of part: Part) {
        switch part {
        case .large: large.insert(large.remove(at: place), at: 0)
        case .small: small.insert(small.remove(at: place), at: 0)
        }
    }

    private func backend(of pack: ShelvedPack) -> BackendOwner.Backend? {
        let wasOpen = pack.isOpen
        guard let backend = pack.backend() else { return nil }
        if !wasOpen {
            open.append(pack)
            if open.count > Self.openLimit { open.removeFirst().close() }
        }
        return backend
    }

    /// Asks every pack, until one answers with an error.
    func askAll(_ part: Part, _ question: (BackendOwner.Backend) -> Int32) throws(GitError) -> Int32 {
        for pack in try packs(of: part) {
            guard let backend = backend(of: pack) else { continue }
            let status = question(backend)
            if status < 0, status != GIT_ENOTFOUND.rawValue { return status }
        }
        return 0
    }

    private func packs(of part: Part) throws(GitError) -> [ShelvedPack] {
        if listing == nil { try refresh() }
        return part == .large ? large : small
    }

    /// Looks again at which packs there are; those that are known stay open.
    func refresh() throws(GitError) {
        let found = try GitError.translating("list packs", about: folder.string) { () throws(FileError) in
            try Listing(of: folder, unless: listing)
        }
        guard let found else { return }
        let known = Dictionary(uniqueKeysWithValues: (large + small).map { ($0.index, $0) })
        let packs = found.indexes.map { known[$0.path] ?? ShelvedPack(index: $0.path, size: $0.size) }
            .sorted { $0.size > $1.size }
        if !open.isEmpty {
            let present = Set(packs.map(\.index))
            open.removeAll { !present.contains($0.index) }
        }
        large = packs.filter { !$0.isSmall }
        small = packs.filter(\.isSmall)
        listing = found
    }
}

/// What lay in a folder of packs at some moment.
private struct Listing {
    /// The indexes with their sizes.
    private(set) var indexes: [(path: FilePath, size: Int64)] = []
    /// When the folder was last changed; nil where it may be changed again without that telling.
    private let changed: FileTime?

    /// Lists a folder, which with a thousand packs is worth doing only once: nil where it is what it was.
    init?(of folder: FilePath, unless last: Listing?) throws(FileError) {
        guard let status = try FileSystem.statusIfExists(of: folder) else {
            changed = nil
            return
        }
        if let last, last.changed == status.changed { return nil }
        // The clock of a file system ticks some hundred times a second.
        let isSettled = status.changed.seconds < SystemClock.wallMilliseconds() / 1000 - 1
        changed = isSettled ? status.changed : nil
        let directory = try FileDescriptor.openDirectory(folder)
        for entry in try FileSystem.list(folder) where entry.name.hasSuffix(".idx") {
            if let status = try directory.status(ofEntry: entry.name) {
                indexes.append((folder.appending(entry.name), status.size))
            }
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

    deinit { close() }

    var isOpen: Bool { opened != nil }

    /// Lets go of the pack's file until it is needed again.
    func close() {
        if let opened { opened.pointee.free(opened) }
        opened = nil
    }

    /// Whether the index is small enough to be read as a whole.
    var isSmall: Bool { size <= Self.smallIndex }

    /// Whether the pack's index names the object, as far as that can be told at once.
    func mayHold(_ id: ObjectID) -> Bool {
        guard !isGone, isSmall else { return !isGone }
        if searched == nil { searched = (try? readStart(Int(size))) ?? [] }
        // What does not look like an index is refused when it is opened.
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
        guard let start = searched ?? (try? readStart(PackIndex.preambleSize)) else { return false }
        return PackIndex.isPlausible(start, size: size)
    }

    /// The first bytes of the index, with one call: a thousand of these stand between a person and an answer.
    private func readStart(_ count: Int) throws(FileError) -> [UInt8] {
        let file = try FileDescriptor.open(index, .read, nonBlocking: true)
        var start = [UInt8](repeating: 0, count: count)
        let got = try start.withUnsafeMutableBufferPointer { (room) throws(FileError) in
            try file.read(into: UnsafeMutableRawBufferPointer(room))
        }
        return Array(start[..<got])
    }
}
