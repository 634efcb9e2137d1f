import Catalog
import Files
import SQLite
import Store
import TestSupport
import Testing

@testable import Cache

/// A guest's index is that of the library, as long as it may be.
@Suite struct LentIndexTests {
    @Test func aGuestWhoOnlyReadsHasNone() throws {
        try withShelf { shelf in
            try shelf.add(["one", "two"])
            try shelf.makeIndex()
            let guest = try shelf.guest()
            let index = Index(of: guest.store)
            try shelf.expectUntouched { () throws in
                for _ in 0..<3 { try #expect(index.titles() == (["one", "two"], .hit, 0)) }
                #expect(index.exists && index.size == 0)
                #expect(try index.page(Shelf.everything).value?.rows.count == 2)
                #expect(try index.page(Shelf.everything).freshness == .hit)
            }
            #expect(!guest.hasIndex)
            #expect(index.statistics.counts().hits == 5, "counted in the guest's own")
        }
    }

    @Test func aGuestWhoWritesBeginsWithACopy() throws {
        try withShelf { shelf in
            let ids = try shelf.add((0..<20).map { "track \($0)" })
            try shelf.makeIndex()
            let guest = try shelf.guest()
            let index = Index(of: guest.store)
            try shelf.expectUntouched { () throws in
                _ = try index.titles()
                try guest.rename(ids[3], to: "changed")
                let answer = try index.titles()
                try #expect(answer.titles == guest.titles() && answer.freshness == .refreshed && answer.rows == 1)
                try #expect(Index(of: guest.store).titles().freshness == .hit)
            }
            #expect(guest.hasIndex && index.size > 0)
            #expect(try FileSystem.list(guest.directory).allSatisfy { $0.kind == .regular }, "nothing is left over")
            try #expect(Index(of: shelf.store).titles() == (shelf.titles(), .hit, 0))
        }
    }

    @Test func aLibraryThatMovedOnIsNoAnswer() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            try shelf.makeIndex()
            let guest = try shelf.guest()
            try shelf.rename(ids[0], to: "uno")
            try shelf.makeIndex()
            let index = Index(of: guest.store)
            try shelf.expectUntouched { () throws in
                let condition = try index.look(at: .everything)
                #expect(condition.records == [.track(ids[0])] && !condition.isValid && !guest.hasIndex)
                try #expect(index.titles() == (["one", "two"], .refreshed, 1))
            }
        }
    }

    /// Another process has the library open, and what it wrote is in its log alone.
    @Test func aLibraryInUseIsCopiedWithItsLog() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            let others = Index(of: shelf.store)
            _ = try others.titles()
            try shelf.rename(ids[0], to: "uno")
            _ = try others.titles()
            let log = FilePath(bytes: shelf.file.bytes + "-wal".utf8)
            try #expect(FileSystem.status(of: log).size > 0)
            let guest = try shelf.guest()
            try shelf.expectUntouched { () throws in
                #expect(try Index(of: guest.store).look(at: .everything).reason == "there is no index yet")
                try #expect(Index(of: guest.store).titles() == (["two", "uno"], .hit, 0))
            }
            #expect(guest.hasIndex)
            try #expect(others.titles() == (["two", "uno"], .hit, 0))
        }
    }

    @Test func whereThereIsNothingToBorrowItIsMade() throws {
        try withShelf { shelf in
            try shelf.add(["one"])
            let guest = try shelf.guest()
            try shelf.expectUntouched { () throws in
                #expect(!Index(of: guest.store).exists)
                try #expect(Index(of: guest.store).titles() == (["one"], .built, 1))
            }
        }
    }

    @Test(arguments: ["another program", "without a table", "garbage", "of another store", "truncated"])
    func whatIsDamagedIsNotBelieved(_ damage: String) throws {
        try withShelf { shelf in
            let ids = try shelf.add((0..<40).map { "track \($0)" })
            try shelf.makeIndex()
            switch damage {
            case "garbage": try FileSystem.write(Array(repeating: 7, count: 5000), to: shelf.file)
            case "truncated":
                let bytes = try FileSystem.read(shelf.file)
                try FileSystem.write(Array(bytes.prefix(bytes.count / 2)), to: shelf.file)
            default:
                let database = try Database(path: shelf.file.bytes, mode: .readWrite)
                switch damage {
                case "another program": try database.setUserVersion(99)
                case "without a table": try database.execute("DROP TABLE counts")
                default:
                    try database.execute("UPDATE stamp SET main = x'0102030405060708090a0b0c0d0e0f1011121314'")
                }
            }
            let guest = try shelf.guest()
            let index = Index(of: guest.store)
            try shelf.expectUntouched { () throws in
                _ = try index.look(at: .everything)
                try #expect(index.survey { try $0.trackCount(in: .everything) } == 40)
                try #expect(index.titles().titles == shelf.titles())
                try guest.rename(ids[0], to: "changed")
                try #expect(index.titles().titles == guest.titles())
            }
        }
    }

    @Test func whatSomebodyWantsMadeAgainIsMadeAgainForTheGuestToo() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            try shelf.makeIndex()
            #expect(try Index(of: shelf.store).invalidate(.records([.track(ids[0])]), by: "ana") == 1)
            let guest = try shelf.guest()
            try shelf.expectUntouched { () throws in
                try #expect(Index(of: guest.store).titles() == (["one", "two"], .refreshed, 1))
            }
        }
    }

    @Test func itIsClearedAndInvalidatedInTheGuestAlone() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            try shelf.makeIndex()
            let guest = try shelf.guest()
            let index = Index(of: guest.store)
            try shelf.expectUntouched { () throws in
                try index.clear()
                _ = try index.clean()
                try #expect(index.titles() == (["one", "two"], .hit, 0))
                #expect(!guest.hasIndex)
                #expect(try index.invalidate(.all, by: "ana") == 2)
                #expect(try !index.look(at: .everything).isValid)
                #expect(guest.hasIndex)
                try #expect(index.titles() == (["one", "two"], .built, 2))
                #expect(try index.invalidate(.records([.track(ids[1])]), by: "ana") == 1)
                try #expect(index.titles().rows == 1)
                try index.clear()
                #expect(!guest.hasIndex)
                try #expect(index.titles() == (["one", "two"], .hit, 0), "lent again")
                #expect(!guest.hasIndex)
            }
        }
    }

    @Test func pagesAreThoseOfTheFileThatIsRead() throws {
        try withShelf { shelf in
            let ids = try shelf.add(["one", "two"])
            try shelf.makeIndex()
            let guest = try shelf.guest()
            let index = Index(of: guest.store)
            func page() throws -> [String?]? {
                try index.page(Shelf.everything).value?.rows.map(\.title).sorted { ($0 ?? "") < ($1 ?? "") }
            }
            #expect(try page() == ["one", "two"])
            try shelf.rename(ids[0], to: "uno")
            try shelf.makeIndex()
            #expect(try page() == ["one", "two"])
            try guest.rename(ids[1], to: "due")
            #expect(try page() == ["due", "one"])
            try FileSystem.removeTree(guest.directory)
            #expect(try page() == ["due", "one"])
        }
    }
}
