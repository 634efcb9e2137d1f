import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

/// A clock that tests set, and a zone, a machine and chance of their own.
final class Surroundings: Sendable {
    /// Milliseconds since 1970.
    let now = Mutex<UInt64>(1_800_000_000_000)
    /// What ids are made of.
    let random: Mutex<SeededRandom>

    init(seed: UInt64 = Seed.current) { random = Mutex(SeededRandom(seed: seed)) }

    func pass(milliseconds: Int64) { now.withLock { $0 = UInt64(Int64($0) + milliseconds) } }

    func context(machine: String = "this machine", patience: Double = 1, bootTime: Int64? = nil) -> StoreContext {
        StoreContext(
            now: { self.now.withLock { $0 } }, utcOffset: { _ in 90 }, machine: Array(machine.utf8),
            bootTime: bootTime, patience: patience,
            random: RandomSource { self.random.withLock { $0.next() } })
    }
}

/// A new store in a directory of its own.
struct World {
    let folder: FilePath
    let surroundings: Surroundings
    let path: FilePath
    let store: Store
    let ana: Person

    init(in folder: FilePath, sharing: Sharing = .everyone) throws {
        self.folder = folder
        surroundings = Surroundings()
        path = folder.appending("store")
        let seed = StoreSeed(name: "Band", sharing: sharing, handle: Handle("ana"))
        let made = try Store.create(at: path, seed: seed, context: surroundings.context())
        store = made.store
        ana = try #require(made.person)
    }

    func reopen(machine: String = "this machine", patience: Double = 1, bootTime: Int64? = nil) throws -> Store {
        try Store(
            at: path,
            context: surroundings.context(machine: machine, patience: patience, bootTime: bootTime))
    }

    /// Adds tracks of these titles in one version.
    @discardableResult
    func add(_ titles: String..., to other: Store? = nil) throws -> [TrackID] {
        var ids: [TrackID] = []
        try (other ?? store).write(by: ana) { draft in
            ids = try titles.map { try draft.add($0) }
            return "Add \(titles.count) tracks"
        }
        return ids
    }

    /// Changes a track's title.
    @discardableResult
    func rename(_ id: TrackID, to title: String, in other: Store? = nil) throws -> Version {
        try (other ?? store).write(by: ana) { draft in
            var track = try #require(try draft.base.track(id)).track
            try track.set("title", to: .string(title), at: draft.stamp(after: track.stamp(of: "title")))
            try draft.put(track)
            return "Rename"
        }
    }

    /// Makes a version as plain git would, without asking the store.
    @discardableResult
    func commitPlainly(
        _ files: [String: [UInt8]], removing removed: [String] = [], at seconds: Int64 = 1_800_000_000,
        message: String = "By hand\n"
    ) throws -> Version {
        try commitByHand(in: path, files, removing: removed, at: seconds, message: message)
    }
}

/// Lends a new store, and removes it.
@discardableResult
func withWorld<R>(sharing: Sharing = .everyone, _ body: (World) throws -> R) throws -> R {
    try withTemporaryDirectory { try body(try World(in: $0, sharing: sharing)) }
}

/// Makes a version of a repository as plain git would.
@discardableResult
func commitByHand(
    in path: FilePath, _ files: [String: [UInt8]], removing removed: [String] = [],
    at seconds: Int64 = 1_800_000_000,
    message: String = "By hand\n", onto base: ObjectID? = nil
) throws -> Version {
    let repository = try Repository(at: path)
    let temporary = try TemporaryDirectory(in: path.appending("by-hand"))
    let writer = ObjectWriter(repository: repository, temporary: temporary)
    let head = try repository.resolve("refs/heads/main")
    let parent = base ?? head
    var edit = TreeEdit()
    for (name, bytes) in files { edit.set(try #require(TreePath(name)), blob: try writer.write(blob: bytes)) }
    for name in removed { edit.remove(try #require(TreePath(name))) }
    let tree = try edit.apply(
        to: parent.map { try repository.readCommit($0).tree }, reading: repository, writing: writer)
    let somebody = Signature(name: "Somebody", email: "somebody@example.org", seconds: seconds)
    let commit = try writer.write(
        Commit(
            tree: try tree ?? writer.write(Tree()), parents: parent.map { [$0] } ?? [], author: somebody,
            committer: somebody, message: message))
    let batch = WriteBatch(temporary: temporary, durable: false)
    try writer.finish(into: batch)
    try batch.commit()
    try repository.refresh()
    try repository.moveReference("refs/heads/main", from: head, to: commit, message: "by hand", by: somebody)
    return Version(commit)
}

extension Draft {
    /// Puts a new track of this title, whose audio is the title's bytes.
    @discardableResult
    func add(_ title: String, mayBeAbsent: Bool = true) throws -> TrackID {
        let pointer = audio(of: title)
        let id = TrackID.of(audio: pointer.oid)
        let stamp = stamp()
        let facts = Facts(of: pointer.oid, format: "wav", frames: 44_100, sampleRate: 44_100, channels: 1)
        var track = Track(
            id: id, audio: AudioReference(oid: pointer.oid, size: pointer.size, name: "\(title).wav"), facts: facts,
            created: stamp)
        try track.set("title", to: .string(title), at: stamp)
        try put(
            track, audio: .init(pointer: pointer, fileExtension: try fileExtension("wav")), mayBeAbsent: mayBeAbsent
        )
        return id
    }
}

/// The pointer to audio that consists of these words.
func audio(of text: String) -> Pointer {
    Pointer(oid: ContentHash(of: Array(text.utf8)), size: Int64(text.utf8.count))
}

func fileExtension(_ text: String) throws -> FileExtension { try #require(FileExtension(text)) }

/// The store's error that `body` throws; fails the test where it throws none, or another.
@discardableResult
func storeError(
    _ code: StoreError.Code, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> StoreError {
    let thrown = #expect(throws: StoreError.self, sourceLocation: location) { _ = try body() }
    let error = try #require(thrown, sourceLocation: location)
    #expect(error.code == code, "\(error)", sourceLocation: location)
    return error
}

/// The titles of all tracks that can be read, in the order of their ids.
func titles(in snapshot: Snapshot) throws -> [String] {
    var found: [String] = []
    try snapshot.forEachTrack { if case .track(let folder) = $0 { found.append(folder.track.title ?? "") } }
    return found.sorted()
}
