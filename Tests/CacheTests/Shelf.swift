import Blobs
import Cache
import Catalog
import Digest
import Files
import Store
import Synchronization
import TestSupport
import Testing
import Trace

/// A new store, and tracks whose audio is their title's bytes.
struct Shelf {
    let path: FilePath
    let store: Store

    /// Where the index lies.
    var directory: FilePath { path.appending("cache") }
    var file: FilePath { directory.appending("index.db") }

    init(path: FilePath, store: Store) { (self.path, self.store) = (path, store) }

    init(in folder: FilePath, trace: Trace = .off) throws {
        path = folder.appending("store")
        let time = Mutex<UInt64>(1_800_000_000_000)
        let random = Mutex(SeededRandom(seed: Seed.current))
        let context = StoreContext(
            now: {
                time.withLock {
                    $0 += 1; return $0
                }
            }, utcOffset: { _ in 0 }, machine: [1], patience: 1,
            random: RandomSource { random.withLock { $0.next() } }, trace: trace)
        store = try Store.create(at: path, seed: StoreSeed(name: "Band", handle: Handle("ana")), context: context)
            .store
    }

    @discardableResult
    func add(_ titles: [String]) throws -> [TrackID] {
        var ids: [TrackID] = []
        try store.write(by: nil) { draft in
            for title in titles { ids.append(try Self.add(title, to: draft)) }
            return "Add"
        }
        return ids
    }

    private static func add(_ title: String, to draft: Draft) throws -> TrackID {
        let oid = ContentHash(of: Array(title.utf8))
        let pointer = Pointer(oid: oid, size: Int64(title.utf8.count))
        let stamp = draft.stamp()
        var track = Track(
            id: TrackID.of(audio: oid),
            audio: AudioReference(oid: oid, size: pointer.size, name: "\(title).wav"), created: stamp)
        try track.set("title", to: .string(title), at: stamp)
        let fileExtension = try #require(FileExtension("wav"))
        try draft.put(track, audio: .init(pointer: pointer, fileExtension: fileExtension), mayBeAbsent: true)
        return track.id
    }

    func rename(_ id: TrackID, to title: String) throws {
        try store.write(by: nil) { draft in
            let folder = try draft.base.track(id)
            var track = try #require(folder).track
            try track.set("title", to: .string(title), at: draft.stamp(after: track.stamp(of: "title")))
            try draft.put(track)
            return "Rename"
        }
    }

    func remove(_ id: TrackID) throws {
        try store.write(by: nil) { draft in
            draft.remove(id)
            return "Remove"
        }
    }

    /// The titles that the store holds, read without an index.
    func titles() throws -> [String] {
        var titles: [String] = []
        try store.snapshot().forEachTrack { reading in
            if case .track(let folder) = reading { titles.append(folder.track.title ?? "") }
        }
        return titles.sorted()
    }
}

extension Shelf {
    static let everything = TrackRequest(Query(), in: .everything, now: 0) { _ in true }
}

/// Lends a new store, and removes it.
func withShelf<R>(trace: Trace = .off, _ body: (Shelf) throws -> R) throws -> R {
    try withTemporaryDirectory { try body(Shelf(in: $0, trace: trace)) }
}
