import Blobs
import Catalog
import Digest
import Files
import Git
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// A library in a directory of its own, with a clock that tests set, and beside it a folder of sounds.
struct Place {
    let folder: FilePath
    let sounds: FilePath
    let path: FilePath
    let library: Library
    let clock: Clock

    /// Milliseconds since 1970, and chance.
    final class Clock: Sendable {
        let now = Mutex<UInt64>(1_800_000_000_000)
        let random = Mutex(SeededRandom())

        func pass(seconds: UInt64) { now.withLock { $0 += seconds * 1000 } }

        var context: StoreContext {
            StoreContext(
                now: { self.now.withLock { $0 } }, utcOffset: { _ in 60 }, machine: [1, 2, 3], patience: 1,
                random: RandomSource { self.random.withLock { $0.next() } })
        }
    }

    /// Makes a library with these people; the first is the one that sessions act for.
    init(in folder: FilePath, sharing: Sharing = .everyone, people: [String] = ["ana"]) throws {
        self.folder = folder
        sounds = folder.appending("sounds")
        path = folder.appending("store")
        clock = Clock()
        try FileSystem.makeDirectories(sounds)
        let seed = StoreSeed(name: "Band", sharing: sharing, handle: people.first.flatMap { Handle($0) })
        library = try Library.create(at: path, seed: seed, context: clock.context, insisting: true)
        for name in people.dropFirst() { try addPerson(name) }
    }

    /// Who acts where nobody is named.
    var session: Session { get throws { try library.session() } }

    func session(_ handle: String) throws -> Session { try library.session(as: handle) }

    @discardableResult
    func addPerson(_ name: String) throws -> Person {
        try session.addPerson(try #require(Handle(name)), name: nil, email: nil).0
    }

    /// Writes a sound whose frequency tells it from others.
    @discardableResult
    func sound(_ name: String, frequency: Double = 440, seconds: Double = 0.05) throws -> FilePath {
        let path = sounds.appending(name)
        try FileSystem.makeDirectories(path.parent)
        try FileSystem.write(wav(seconds: seconds, frequency: frequency, sampleRate: 8000), to: path)
        return path
    }

    /// Adds one sound and gives its track.
    @discardableResult
    func add(
        _ name: String, frequency: Double = 440, as handle: String? = nil,
        _ fill: (inout AddRequest) -> Void = { _ in }
    ) throws -> TrackSummary {
        var request = AddRequest(paths: [try sound(name, frequency: frequency)])
        fill(&request)
        let outcome = try library.session(as: handle).add(request)
        return try #require(outcome.added.first, "\(outcome.failed)")
    }

    /// Changes the one track that a word names.
    @discardableResult
    func edit(_ name: String, _ changes: String..., as handle: String? = nil) throws -> EditOutcome {
        let changes = try changes.map { try TrackChange(parsing: $0) }
        return try library.session(as: handle).edit(EditRequest(.one(name), changes: changes))
    }

    /// Makes a workspace with these members, by way of the store.
    func workspace(_ slug: String, _ members: [String]) throws -> WorkspaceID {
        let store = try Store(at: path, context: clock.context)
        var made: WorkspaceID?
        try store.write(by: nil) { draft in
            let people = try draft.base.people()
            let ids = try members.map { name in try #require(people.first { $0.handle?.text == name }).id }
            let id: WorkspaceID = draft.newID()
            let slug = try #require(Slug(slug))
            var workspace = Workspace(id: id, slug: slug, owner: ids[0], created: draft.stamp())
            for member in ids.dropFirst() {
                try workspace.add(member.hex, to: "members", at: draft.stamp(), with: ["role": "editor"])
            }
            try draft.put(workspace)
            made = id
            return "Make a workspace"
        }
        return try #require(made)
    }

    /// Shares a track with a workspace, by way of the store.
    func share(_ id: TrackID, with workspace: WorkspaceID) throws {
        try Store(at: path, context: clock.context).write(by: nil) { draft in
            let folder = try draft.base.track(id)
            var track = try #require(folder).track
            try track.add(workspace.hex, to: "shares", at: draft.stamp())
            try draft.put(track)
            return "Share"
        }
    }

    /// The store, for what no session does.
    var store: Store { get throws { try Store(at: path, context: clock.context) } }

    /// Makes a version as plain git would, without asking the library.
    @discardableResult
    func commitPlainly(_ files: [String: [UInt8]], removing removed: [String] = []) throws -> Version {
        let repository = try Repository(at: path)
        let temporary = try TemporaryDirectory(in: folder.appending("by-hand"))
        let writer = ObjectWriter(repository: repository, temporary: temporary)
        let head = try #require(try repository.resolve("refs/heads/main"))
        var edit = TreeEdit()
        for (name, bytes) in files {
            let blob = try writer.write(blob: bytes)
            edit.set(try #require(TreePath(name)), blob: blob)
        }
        for name in removed { edit.remove(try #require(TreePath(name))) }
        let base = try repository.readCommit(head).tree
        let tree = try edit.apply(to: base, reading: repository, writing: writer)
        let somebody = Signature(name: "Somebody", email: "somebody@example.org", seconds: 1_800_000_000)
        let commit = try writer.write(
            Commit(
                tree: try #require(tree), parents: [head], author: somebody, committer: somebody,
                message: "By hand\n"))
        let batch = WriteBatch(temporary: temporary, durable: false)
        try writer.finish(into: batch)
        try batch.commit()
        try repository.refresh()
        try repository.moveReference("refs/heads/main", from: head, to: commit, message: "by hand", by: somebody)
        return Version(commit)
    }
}

/// Lends a new library, and removes it.
@discardableResult
func withPlace<R>(
    sharing: Sharing = .everyone, people: [String] = ["ana"], _ body: (Place) throws -> R
) throws -> R {
    try withTemporaryDirectory { try body(try Place(in: $0, sharing: sharing, people: people)) }
}

/// The failure that `body` ends in; fails the test where it ends well, or otherwise.
@discardableResult
func failure(
    _ code: Failure.Code, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> Failure {
    let thrown = #expect(throws: Failure.self, sourceLocation: location) { _ = try body() }
    let failure = try #require(thrown, sourceLocation: location)
    #expect(failure.code == code, "\(failure)", sourceLocation: location)
    #expect(!failure.message.utf8.contains(UInt8(ascii: "\n")), sourceLocation: location)
    return failure
}

/// The titles of the tracks that a session lists.
func titles(_ session: Session, _ query: String = "") throws -> [String] {
    try session.list(ListRequest(query: query)).tracks.map { $0.track.title ?? "" }.sorted()
}

/// The pointer to a file's bytes.
func pointer(to path: FilePath) throws -> Pointer {
    let bytes = try FileSystem.read(path)
    return Pointer(oid: ContentHash(of: bytes), size: Int64(bytes.count))
}
