import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

@testable import Sync

/// A band's laptops and the remote that they share, all real and in one folder.
struct Rehearsal {
    let folder: FilePath
    let remote: FilePath
    let laptops: [Laptop]

    init(in folder: FilePath, laptops count: Int = 2) throws {
        self.folder = folder
        remote = folder.appending("band.git")
        try FolderRemote(at: remote).make()
        let first = try Laptop(in: folder, number: 0, remote: remote)
        try first.sync()
        var laptops = [first]
        for number in 1..<count { laptops.append(try Laptop(in: folder, number: number, remote: remote)) }
        self.laptops = laptops
    }

    var shared: SharedRepository { get throws { try SharedRepository(at: remote) } }

    /// What the remote stands at.
    func head() throws -> Version { Version(try #require(try shared.head("refs/heads/main"))) }

    /// Runs git at the remote, or in another folder.
    @discardableResult
    func git(_ arguments: String..., in place: FilePath? = nil) throws -> String {
        let result = try run(
            command: "git",
            arguments: ["-C", (place ?? remote).string, "-c", "user.name=Git", "-c", "user.email=git@invalid"]
                + arguments,
            environment: hermeticEnvironment(home: folder))
        try #require(result.status == 0, "git \(arguments): \(result.stderr)")
        return result.stdout.trimmingLines()
    }

    /// Nothing half done is left at the remote, git finds no fault, and every file that a version names is there.
    func expectSound(location: SourceLocation = #_sourceLocation) throws {
        let check = try git("fsck", "--full", "--strict", "--no-dangling")
        #expect(!check.contains("error") && !check.contains("missing"), "\(check)", sourceLocation: location)
        let files = BlobStore(directory: remote.appending("lfs"))
        for laptop in laptops {
            guard let seen = try laptop.store.lastSeen("refs/heads/main", of: "origin") else { continue }
            for file in try laptop.store.files(namedBy: seen, andNotBy: nil) {
                #expect(files.contains(file), "\(file.oid)", sourceLocation: location)
            }
        }
        for name in ["lfs/tmp", "lfs/leases"] {
            let left = (try? FileSystem.list(remote.appending(name))) ?? []
            #expect(left.isEmpty, "\(name): \(left.map(\.name))", sourceLocation: location)
        }
    }
}

/// One laptop of the band.
struct Laptop {
    let path: FilePath
    let remote: FilePath
    let store: Store

    init(in folder: FilePath, number: Int, remote: FilePath) throws {
        path = folder.appending("laptop \(number)")
        self.remote = remote
        let clock = Mutex<UInt64>(1_800_000_000_000 + UInt64(number))
        let random = Mutex(SeededRandom(seed: Seed.current &+ UInt64(number)))
        let context = StoreContext(
            now: {
                clock.withLock { time in
                    time += 1000; return time
                }
            }, utcOffset: { _ in 0 },
            machine: Array("machine \(number)".utf8), patience: 5,
            random: RandomSource { random.withLock { $0.next() } })
        if number == 0 {
            store = try Store.create(
                at: path, seed: StoreSeed(name: "Band", handle: Handle("ana")), context: context
            )
            .store
            try store.put(Remote(name: "origin", url: remote.string))
        } else {
            let versions = try FolderVersions(cloning: FolderRemote(at: remote))
            let heads = try versions.heads()
            store = try versions.lend(heads, whole: true, in: folder) { [path] objects in
                try Store.clone(
                    heads, of: objects, as: Remote(name: "origin", url: remote.string), to: path,
                    seed: CloneSeed(), context: context)
            }
        }
    }

    var head: Version { get throws { try store.version() } }

    func round(
        _ terms: Round.Terms = Round.Terms(), relays: [any FileTransport] = [],
        through wrap: (FolderVersions) -> any VersionTransport = { $0 }
    ) throws -> Round {
        let versions = try FolderVersions(at: FolderRemote(at: remote), called: "origin", of: store)
        return try Round(
            of: store, with: "origin", versions: wrap(versions),
            files: FolderFiles(at: remote, modes: versions.modes), relays: relays, terms: terms, transfers: .none)
    }

    @discardableResult
    func sync(_ terms: Round.Terms = Round.Terms()) throws -> RoundReport { try round(terms).run() }

    /// Adds a track whose audio is the title's bytes; without `file` only its record.
    @discardableResult
    func add(_ title: String, file: Bool = true) throws -> TrackID {
        let pointer = Pointer(oid: ContentHash(of: Array(title.utf8)), size: Int64(title.utf8.count))
        if file {
            let batch = try store.blobs.beginBatch(durable: false)
            _ = try batch.put(bytes: Array(title.utf8))
            try batch.commit()
        }
        let id = TrackID.of(audio: pointer.oid)
        try store.write(by: nil) { draft in
            let stamp = draft.stamp()
            let facts = Facts(of: pointer.oid, format: "wav", frames: 44_100, sampleRate: 44_100, channels: 1)
            var track = Track(
                id: id, audio: AudioReference(oid: pointer.oid, size: pointer.size, name: "\(title).wav"),
                facts: facts, created: stamp)
            try track.set("title", to: .string(title), at: stamp)
            let wav = try #require(FileExtension("wav"))
            try draft.put(track, audio: .init(pointer: pointer, fileExtension: wav), mayBeAbsent: !file)
            return "Add \(title)"
        }
        return id
    }

    func set(_ field: String, of id: TrackID, to value: String) throws {
        try store.write(by: nil) { draft in
            var track = try #require(try draft.base.track(id)).track
            try track.set(field, to: .string(value), at: draft.stamp(after: track.stamp(of: field)))
            try draft.put(track)
            return "Set \(field)"
        }
    }

    func remove(_ id: TrackID) throws {
        try store.write(by: nil) { draft in
            draft.remove(id)
            return "Remove"
        }
    }

    /// The titles of all tracks, sorted.
    func titles() throws -> [String] {
        var found: [String] = []
        try store.snapshot().forEachTrack {
            if case .track(let folder) = $0 { found.append(folder.track.title ?? "") }
        }
        return found.sorted()
    }

    func value(_ field: String, of id: TrackID) throws -> String? {
        try store.snapshot().track(id)?.track.text(field)
    }
}

extension String {
    fileprivate func trimmingLines() -> String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}

func withRehearsal(laptops: Int = 2, _ body: (Rehearsal) throws -> Void) throws {
    try withTemporaryDirectory { folder in try body(Rehearsal(in: folder, laptops: laptops)) }
}

/// The error of a round that `body` throws; fails the test where it throws none, or another.
@discardableResult
func syncError(
    _ code: SyncError.Code, location: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) throws -> SyncError {
    let thrown = #expect(throws: SyncError.self, sourceLocation: location) { _ = try body() }
    let error = try #require(thrown, sourceLocation: location)
    #expect(error.code == code, "\(error)", sourceLocation: location)
    return error
}
