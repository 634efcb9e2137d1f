import Catalog
import Files
import Git
import SQLite
import Store
import TestSupport
import Testing

@testable import Cache

extension Index {
    /// The titles that the index holds, and how it came to them.
    func titles() throws -> (titles: [String], freshness: Freshness, rows: Int) {
        let answer = try read { reader in try #require(try reader.tracks(Shelf.everything)) }
        #expect(answer.value.total == answer.value.rows.count)
        return (answer.value.rows.map { $0.title ?? "" }.sorted(), answer.freshness, answer.rows)
    }
}

@Suite struct IndexTests {
    @Test func aReadIsOfThePresentVersion() throws {
        try withShelf { shelf in
            let (mine, others) = (Index(of: shelf.store), Index(of: shelf.store))
            let ids = try shelf.add(["one", "two", "three"])
            let first = try mine.titles()
            #expect(first.titles == ["one", "three", "two"] && first.freshness == .built)
            try #expect(mine.titles() == (["one", "three", "two"], .hit, 0))
            try #expect(others.titles().freshness == .hit)
            try shelf.rename(ids[0], to: "uno")
            try #expect(others.titles() == (["three", "two", "uno"], .refreshed, 1))
            try #expect(mine.titles() == (["three", "two", "uno"], .hit, 0))
            try shelf.remove(ids[1])
            try #expect(mine.titles() == (["three", "uno"], .refreshed, 1))
        }
    }

    @Test func theVersionOfAViewIsWhereItLastChanged() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            func picker() throws -> Version? {
                try index.read { try $0.version(ofPickerIn: .everything) }.value
            }
            let ids = try shelf.add(["one"])
            let first = try shelf.store.version()
            try #expect(picker() == first)
            try shelf.store.write(by: nil) { draft in
                let (slug, owner) = (Slug("band"), try draft.base.people().first?.id)
                let workspace = Workspace(
                    id: draft.newID(), slug: try #require(slug), owner: try #require(owner), created: draft.stamp())
                try draft.put(workspace)
                return "Something that no list of tracks shows"
            }
            try #expect(picker() == first, "nothing of the picker changed")
            try shelf.rename(ids[0], to: "uno")
            try #expect(picker() == shelf.store.version())
        }
    }
}

/// Whatever happens to its file, the index answers what the store holds.
@Suite struct IndexFileTests {
    private func afterwards(
        _ damage: (Shelf) throws -> Void, expecting freshness: Index.Freshness = .built,
        location: SourceLocation = #_sourceLocation
    ) throws {
        try withShelf { shelf in
            let ids = try shelf.add((0..<40).map { "track \($0)" })
            do { _ = try Index(of: shelf.store).titles() }
            try damage(shelf)
            let index = Index(of: shelf.store)
            let first = try index.titles()
            try #expect(first.titles == shelf.titles(), sourceLocation: location)
            #expect(first.freshness == freshness, sourceLocation: location)
            try shelf.rename(ids[3], to: "another")
            try #expect(index.titles().titles == shelf.titles(), sourceLocation: location)
            try #expect(Index(of: shelf.store).titles().freshness == .hit, sourceLocation: location)
        }
    }

    @Test func missing() throws { try afterwards { shelf in try FileSystem.removeTree(shelf.directory) } }

    @Test func empty() throws { try afterwards { shelf in try FileSystem.write([], to: shelf.file) } }

    @Test func garbage() throws {
        try afterwards { shelf in try FileSystem.write(Array("no database ".utf8) + noise(5000), to: shelf.file) }
    }

    @Test func truncated() throws {
        try afterwards { shelf in
            let bytes = try FileSystem.read(shelf.file)
            try FileSystem.write(Array(bytes.prefix(bytes.count / 2)), to: shelf.file)
        }
    }

    @Test func ofAnotherProgram() throws {
        try afterwards { shelf in
            try FileSystem.remove(shelf.file)
            let database = try Database(shelf.file.string, mode: .create)
            try database.execute("CREATE TABLE tracks(row)")
            try database.setUserVersion(99)
        }
    }

    @Test func withoutATable() throws {
        try afterwards { shelf in
            let database = try Database(shelf.file.string, mode: .readWrite)
            try database.execute("DROP TABLE counts")
        }
    }

    @Test func ofAVersionThatIsGone() throws {
        try afterwards { shelf in
            let database = try Database(shelf.file.string, mode: .readWrite)
            try database.execute("UPDATE stamp SET main = x'0102030405060708090a0b0c0d0e0f1011121314'")
        }
    }

    @Test func deletedWhileItIsOpen() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            let (mine, others) = (Index(of: shelf.store), Index(of: shelf.store))
            _ = try mine.titles()
            try FileSystem.removeTree(shelf.directory)
            try #expect(others.titles().freshness == .built)
            try shelf.rename(ids[0], to: "uno")
            try #expect(mine.titles() == (["two", "uno"], .refreshed, 1), "it found the new file")
            try #expect(others.titles() == (["two", "uno"], .hit, 0))
        }
    }

    @Test func whatWasDamagedWhenItWasMadeIsLookedAtAgain() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            let digits = ids[0].hex.prefix(3).map(String.init).joined(separator: "/")
            let repository = try Repository(at: shelf.path)
            var tree = try repository.readTree(repository.readCommit(shelf.store.version().id).tree)
            for name in "tracks/\(digits)/\(ids[0])".split(separator: "/") {
                let entry = try #require(EntryName(String(name)).flatMap { tree[$0] })
                tree = try repository.readTree(entry.id)
            }
            let record = try #require(EntryName("track.json").flatMap { tree[$0] }).id.hex
            let object = shelf.path.appending("objects/\(record.prefix(2))/\(record.dropFirst(2))")
            let aside = shelf.path.appending("aside")
            try FileSystem.rename(object, to: aside)
            do {
                let store = try Store(at: shelf.path, context: shelf.store.context)
                try #expect(Index(of: store).titles().titles == ["two"])
            }
            try FileSystem.rename(aside, to: object)
            let store = try Store(at: shelf.path, context: shelf.store.context)
            try #expect(Index(of: store).titles().titles == ["one", "two"])
        }
    }

    @Test func whereThereIsNothingNothingIsCleared() throws {
        try withShelf { shelf in
            let index = Index(of: shelf.store)
            #expect(!FileSystem.exists(shelf.directory))
            try index.clear()
            try #expect(index.titles().freshness == .built)
        }
    }

    @Test func whereNothingCanBeWritten() throws {
        try withShelf { shelf in
            try shelf.add(["one"])
            try FileSystem.write([], to: shelf.directory)
            #expect(throws: CacheError.self) { try Index(of: shelf.store).titles() }
        }
    }

    @Test func heldBySomebodyWhoDoesNotGoOn() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one"])
            let index = Index(of: shelf.store)
            _ = try index.titles()
            do {
                let database = try Database(shelf.file.string, mode: .readWrite)
                try database.execute("BEGIN IMMEDIATE")
                try #expect(index.titles().freshness == .hit, "who only reads waits for nobody")
                try shelf.rename(ids[0], to: "uno")
                #expect(throws: CacheError.self) { try index.titles() }
                try database.execute("ROLLBACK")
            }
            try #expect(index.titles() == (["uno"], .refreshed, 1))
        }
    }
}

private func noise(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: 7)
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
}
