import Blobs
import Catalog
import Digest
import Files
import Git
import Synchronization
import TestSupport
import Testing

@testable import Store

/// Laptops of one band, each with a store of its own, copied from one.
struct Band {
    let folder: FilePath
    let laptops: [World]

    init(in folder: FilePath, laptops count: Int) throws {
        self.folder = folder
        let first = try World(in: folder.appending("laptop 0"))
        laptops =
            [first]
            + (try (1..<count).map { number in
                let place = folder.appending("laptop \(number)")
                try FileSystem.makeDirectory(place)
                let copied = try run(
                    command: "cp", arguments: ["-r", first.path.string, place.appending("store").string])
                try #require(copied.status == 0, "\(copied.stderr)")
                return try World(at: place, like: first)
            })
    }

    /// One laptop fetches what another has, and takes it in.
    @discardableResult
    func meet(_ one: Int, _ other: Int) throws -> TakenIn {
        let version = try laptops[other].store.version()
        try fetch(one, other)
        return try laptops[one].store.takeIn(version, because: "Sync")
    }

    func fetch(_ one: Int, _ other: Int) throws {
        let result = try run(
            command: "git",
            arguments: [
                "-C", laptops[one].path.string, "fetch", "-q", laptops[other].path.string,
                "+refs/heads/main:refs/remotes/\(other)/main",
            ],
            environment: hermeticEnvironment(home: folder))
        try #require(result.status == 0, "\(result.stderr)")
        try laptops[one].store.repository.refresh()
    }

    func heads() throws -> [Version] { try laptops.map { try $0.store.version() } }

    /// Everybody meets everybody, and again, until nothing moves any more.
    func settle(rounds limit: Int = 4) throws -> Bool {
        for _ in 0..<limit {
            for other in laptops.indices.dropFirst() { try meet(0, other) }
            for other in laptops.indices.dropFirst() { try meet(other, 0) }
            let heads = try heads()
            if heads.allSatisfy({ $0 == heads[0] }) { return true }
        }
        return false
    }
}

extension World {
    /// A copy of another's store, on another machine.
    init(at folder: FilePath, like other: World) throws {
        self.folder = folder
        surroundings = Surroundings(seed: other.surroundings.random.withLock { $0.next() })
        path = folder.appending("store")
        store = try Store(at: path, context: surroundings.context(machine: folder.string))
        ana = other.ana
    }
}
