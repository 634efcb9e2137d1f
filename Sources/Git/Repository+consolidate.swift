public import Files

/// What a consolidation did.
public struct Consolidation: Hashable, Sendable {
    /// The pack that holds everything now, without extension.
    public let pack: String
    /// How many objects it has.
    public let objects: Int
    /// How many packs it took the place of.
    public let packsReplaced: Int
    /// How many loose objects it took the place of.
    public let looseReplaced: Int
    /// Packs and loose objects that could not be read, and were left where they are.
    public let damaged: [String]
}

extension Repository {
    /// Puts loose objects and small packs together into one pack, when there are too many of either.
    ///
    /// Every pack costs each later reading and writing a little, so their number must stay small; yet rewriting all
    /// of them each time would cost more. So the packs form a geometric progression: each that stays is at least
    /// twice as large as all smaller ones together, which leaves about as many as the size has binary digits, and
    /// rewrites each object about as many times.
    ///
    /// What is replaced is removed only after the new pack and its index are on the disk, indexes before packs.
    /// Readers in other processes go on: they look at the database again when they miss an object. Packs that are
    /// kept on purpose, fetched in part, or covered by git's bitmaps and multi-pack indexes, are left alone.
    /// Unreachable objects are carried along. The caller keeps two consolidations apart.
    ///
    /// - Parameters:
    ///   - packLimit: with more packs than this, something is done.
    ///   - looseLimit: with more loose objects than this, something is done.
    ///   - seconds: packs that are younger than this stay.
    ///   - modes: who else may use what is written.
    /// - Returns: what was done; nil when there was no need.
    public func consolidate(
        temporary: TemporaryDirectory, packLimit: Int = 50, looseLimit: Int = 2000,
        keepPacksYoungerThan seconds: Int64 = 0, modes: SharedModes = .unshared
    ) throws(GitError) -> Consolidation? {
        // Packs that must stay are no reason: else what is loose would become a small pack each time.
        var hasManyPacks = try packCount() > packLimit
        if hasManyPacks, seconds != 0 { hasManyPacks = try replaceablePacks(olderThan: seconds).count > packLimit }
        if !hasManyPacks, try looseCount() <= looseLimit { return nil }
        let (loose, packs) = try consolidationCandidates(keepPacksYoungerThan: seconds)
        guard loose.count + packs.count > 1 || packs.isEmpty && !loose.isEmpty else { return nil }
        try refresh()
        let work = ConsolidationWork(repository: self, writer: try PackWriter(temporary: temporary))
        for pack in packs { try work.add(pack) }
        for object in loose { try work.add(object) }
        guard work.count > 0 else { return nil }
        let batch = WriteBatch(temporary: temporary, modes: modes)
        let name = try work.writer.finish(into: batch, in: packsPath).name
        return try GitError.translating("consolidate", about: name) { () throws(FileError) in
            try batch.commit()
            return try work.removeReplaced(by: name)
        }
    }

    private func consolidationCandidates(
        keepPacksYoungerThan seconds: Int64
    ) throws(GitError) -> (loose: [LooseObject], packs: [StoredPack]) {
        try GitError.translating("consolidate") {
            () throws(FileError) -> (loose: [LooseObject], packs: [StoredPack]) in
            let loose = try looseObjects()
            let packs = try packs(olderThan: seconds)
            let looseSize = loose.reduce(0) { $0 + $1.size }
            return (loose, Array(packs.prefix(Self.mergeCount(of: packs.map(\.size), with: looseSize))))
        }
    }

    private func replaceablePacks(olderThan seconds: Int64) throws(GitError) -> [StoredPack] {
        try GitError.translating("consolidate") { () throws(FileError) in try packs(olderThan: seconds) }
    }

    private func packs(olderThan seconds: Int64) throws(FileError) -> [StoredPack] {
        let latest = seconds == 0 ? Int64.max : try FileSystem.clock(of: packsPath).seconds - seconds
        return try StoredPack.replaceable(in: packsPath).filter { $0.modified <= latest }
    }

    /// How many of the packs, given smallest first, must be merged so that each of the others is at least twice as
    /// large as all smaller ones together.
    static func mergeCount(of sizes: [Int64], with loose: Int64) -> Int {
        var sum = loose
        var count = 0
        for (index, size) in sizes.enumerated() {
            if size < 2 * sum { count = index + 1 }
            sum += size
        }
        return count
    }

    private func looseObjects() throws(FileError) -> [LooseObject] {
        var objects: [LooseObject] = []
        for folder in try Self.looseFolders(in: objectsPath) {
            for id in try Self.looseObjects(in: folder) {
                let path = LooseWriter.path(of: id, in: objectsPath)
                guard let status = try FileSystem.statusIfExists(of: path) else { continue }
                objects.append(LooseObject(id: id, path: path, size: status.size))
            }
        }
        return objects
    }
}

/// An object in a file of its own.
struct LooseObject: Sendable {
    let id: ObjectID
    let path: FilePath
    let size: Int64
}

/// A consolidation under way: what was put into the new pack, and what may go for it.
private final class ConsolidationWork {
    let repository: Repository
    let writer: PackWriter
    private var seen: Set<ObjectID> = []
    private var packs: [StoredPack] = []
    private var loose: [LooseObject] = []
    private var damaged: [String] = []

    init(repository: Repository, writer: PackWriter) {
        self.repository = repository
        self.writer = writer
    }

    var count: Int { writer.count }

    /// Copies a pack's objects; a pack that turns out to be damaged stays, beside what could be copied.
    func add(_ pack: StoredPack) throws(GitError) {
        do throws(GitError) {
            var reader = try PackReader(pack)
            seen.reserveCapacity(seen.count + reader.count)
            while try reader.withNext({ (stored, bytes) throws(GitError) in
                try copy(stored, bytes)
            }) {}
            packs.append(pack)
        } catch  where error.code == .corrupt || error.code == .notFound {
            damaged.append(pack.name)
        }
    }

    private func copy(_ stored: PackReader.Stored, _ bytes: UnsafeRawBufferPointer) throws(GitError) {
        guard !seen.contains(stored.id) else { return }
        if stored.kind != nil {
            try writer.add(stored.id, packed: bytes, checksum: stored.checksum)
        } else {
            let (kind, bytes) = try repository.readObject(stored.id)
            try writer.add(PendingObject(id: stored.id, kind: kind, bytes: bytes))
        }
        seen.insert(stored.id)
    }

    func add(_ object: LooseObject) throws(GitError) {
        do throws(GitError) {
            if !seen.contains(object.id) {
                let (kind, bytes) = try repository.readObject(object.id)
                try writer.add(PendingObject(id: object.id, kind: kind, bytes: bytes))
                seen.insert(object.id)
            }
            loose.append(object)
        } catch  where error.code == .corrupt || error.code == .notFound {
            damaged.append(object.id.hex)
        }
    }

    /// Removes what the new pack holds. A pack that came out exactly as one of the old ones is that one, and stays.
    func removeReplaced(by name: String) throws(FileError) -> Consolidation {
        let old = packs.filter { !$0.name.utf8.elementsEqual(name.utf8) }
        for pack in old { try pack.remove() }
        for object in loose { _ = try FileSystem.remove(object.path) }
        return Consolidation(
            pack: name, objects: writer.count, packsReplaced: old.count, looseReplaced: loose.count,
            damaged: damaged)
    }
}
