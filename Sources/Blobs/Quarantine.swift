public import Digest
public import Files

/// Files that collections have set aside: out of the way, and taken back where they turn out to be needed.
///
/// Each collection makes a shelf of its own, `quarantine/<milliseconds since 1970>`, and puts the files there under the
/// names that they had. Whoever moves files between here and `objects` holds the store's writer lock: then a file that a
/// version is about to name is not moved away between the look at it and the naming. A file that lies in both places,
/// because somebody has put it again, is the one in `objects`.
public struct Quarantine: Sendable {
    /// What one collection has set aside.
    public struct Shelf: Sendable, Hashable {
        /// When, in milliseconds since 1970, by the clock of who did it.
        public let made: UInt64
        /// The directory.
        public let path: FilePath
    }

    /// A file that was set aside.
    public struct Item: Sendable, Hashable {
        /// What it is by its name, and its size.
        public let pointer: Pointer
        /// Where it lies.
        public let path: FilePath
    }

    private let store: BlobStore
    private var directory: FilePath { store.directory.appending("quarantine") }

    init(store: BlobStore) { self.store = store }

    // MARK: Looking

    /// The shelves, the oldest first. Directories with other names are nobody's.
    public func shelves() throws(BlobError) -> [Shelf] {
        let shelves = try entries(of: directory).compactMap { entry -> Shelf? in
            guard entry.kind == .directory, let made = UInt64(entry.name.string),
                String(made).utf8.elementsEqual(entry.name.bytes)
            else { return nil }
            return Shelf(made: made, path: directory.appending(entry.name))
        }
        return shelves.sorted { $0.made < $1.made }
    }

    /// The files on a shelf, in the order of their hashes; what else lies there is passed over.
    public func items(on shelf: Shelf) throws(BlobError) -> [Item] {
        var items: [Item] = []
        for entry in try entries(of: shelf.path) where entry.kind == .regular {
            guard let oid = ContentHash(hex: entry.name.bytes) else { continue }
            if let item = try item(oid, on: shelf) { items.append(item) }
        }
        return items
    }

    /// Finds a file of this name; the one that was set aside last where several shelves have it.
    public func find(_ oid: ContentHash) throws(BlobError) -> Item? {
        for shelf in try shelves().reversed() {
            if let item = try item(oid, on: shelf) { return item }
        }
        return nil
    }

    private func item(_ oid: ContentHash, on shelf: Shelf) throws(BlobError) -> Item? {
        let path = shelf.path.appending(oid.hex)
        let status = try translated { try FileSystem.statusIfExists(of: path, followingLinks: false) }
        guard let status, status.kind == .regular else { return nil }
        return Item(pointer: Pointer(oid: oid, size: status.size), path: path)
    }

    private func entries(of path: FilePath) throws(BlobError) -> [DirectoryEntry] {
        do throws(FileError) { return try FileSystem.list(path) } catch {
            if error.isAbsent { return [] }
            throw BlobError(error)
        }
    }
}

extension Quarantine {
    // MARK: Moving

    /// Sets files aside, durably; one that is gone already is passed over.
    ///
    /// `owner` lives at least as long as the call.
    @discardableResult
    public func setAside(
        _ files: [Pointer], at now: UInt64, owner: TemporaryDirectory
    ) throws(BlobError) -> Shelf {
        let shelf = try makeShelf(at: now)
        try store.journal.removing(files.map(\.oid), owner: owner) {
            for file in files {
                let path = store.path(of: file.oid)
                guard try FileSystem.statusIfExists(of: path, followingLinks: false) != nil else { continue }
                try FileSystem.rename(path, to: shelf.path.appending(file.oid.hex))
            }
            // The new names before the old ones are gone.
            let leaves = Set(files.map { store.path(of: $0.oid).parent }).filter(FileSystem.exists)
            try FileSystem.syncDirectories([shelf.path] + leaves.sorted())
        }
        return shelf
    }

    /// A directory of that moment, or of the next one that is free: none is used twice.
    private func makeShelf(at now: UInt64) throws(BlobError) -> Shelf {
        try translated {
            let made = try FileSystem.makeDirectories(directory)
            var moment = now
            while !(try FileSystem.makeDirectory(directory.appending(String(moment)))) { moment += 1 }
            // What is moved into a directory whose own name is not on the disk could go with it.
            try FileSystem.syncDirectories(made.map(\.parent) + [directory])
            return Shelf(made: moment, path: directory.appending(String(moment)))
        }
    }

    /// Takes files back that have the right bytes, durably, and answers which of those asked for are here now.
    ///
    /// Each is read and hashed before it is believed. One that is here already stays as it is.
    @discardableResult
    public func takeBack(_ files: [Pointer], owner: TemporaryDirectory) throws(BlobError) -> Set<Pointer> {
        var here = Set(files.filter(store.contains))
        var found: [Item] = []
        let shelves = here.count < files.count ? try shelves() : []
        if shelves.isEmpty { return here }
        let verifier = BlobVerifier(of: store)
        for file in Set(files).subtracting(here) {
            if let item = try soundItem(file, among: shelves, verifier) { found.append(item) }
        }
        guard !found.isEmpty else { return here }
        try store.journal.moving(found.map(\.pointer), owner: owner) { try moveBack(found) }
        here.formUnion(found.map(\.pointer))
        return here
    }

    /// A file with exactly these bytes; the one that was set aside last where several shelves have it.
    private func soundItem(
        _ file: Pointer, among shelves: [Shelf], _ verifier: BlobVerifier
    ) throws(BlobError) -> Item? {
        for shelf in shelves.reversed() {
            guard let item = try item(file.oid, on: shelf), item.pointer == file else { continue }
            if try verifier.verify(file, at: item.path) == .sound { return item }
        }
        return nil
    }

    private func moveBack(_ items: [Item]) throws {
        var touched: Set<FilePath> = []
        for item in items {
            let path = store.path(of: item.pointer.oid)
            touched.formUnion(try FileSystem.makeDirectories(path.parent).map(\.parent))
            touched.insert(path.parent)
            try FileSystem.rename(item.path, to: path)
        }
        let shelves = Set(items.map(\.path.parent))
        try FileSystem.syncDirectories(touched.sorted() + shelves.sorted())
        removeEmpty(shelves)
    }

    /// Deletes files that were set aside, for good.
    public func delete(_ items: [Item]) throws(BlobError) {
        try translated {
            for item in items { try FileSystem.remove(item.path) }
            removeEmpty(Set(items.map(\.path.parent)))
        }
    }

    /// Removes shelves on which nothing is left.
    public func removeEmptyShelves() throws(BlobError) {
        removeEmpty(try shelves().map(\.path))
    }

    private func removeEmpty(_ shelves: some Sequence<FilePath>) {
        // One that has something on it stays, and says so by an error.
        for shelf in shelves { _ = try? FileSystem.removeDirectory(shelf) }
    }
}
