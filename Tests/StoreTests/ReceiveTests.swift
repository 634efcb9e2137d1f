import Catalog
import Files
import Git
import TestSupport
import Testing

@testable import Store

/// What other repositories have, brought into a store.
@Suite struct ReceiveTests {
    @Test func whatIsReceivedIsNotTakenIn() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            try theirs.add("one", "two")
            let before = try ours.store.version()
            let head = try theirs.store.version()
            let source = try Repository(at: theirs.path, borrows: false)
            let heads = RemoteHeads(main: head.id)
            #expect(try ours.store.receive(heads, from: source).commits == 1)
            #expect(try ours.store.version() == before)
            #expect(try ours.store.lastSeen(of: "origin") == RemoteHeads())
            try ours.store.remember(heads, of: "origin")
            #expect(try ours.store.lastSeen(of: "origin") == heads)
            #expect(try ours.store.receive(heads, from: source).objects == 0)
            try ours.store.takeIn(head, because: "Sync")
            #expect(try titles(in: ours.store.snapshot()) == ["one", "two"])
            let git = try run(
                command: "git", arguments: ["-C", ours.path.string, "fsck", "--full", "--strict"],
                environment: hermeticEnvironment(home: folder))
            #expect(git.status == 0 && !git.stderr.contains("error"), "\(git.stderr)")
        }
    }

    @Test func manyVersionsComeAsOnePackAndLeaveNoLitter() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            for number in 0..<20 { try theirs.add("song \(number)") }
            try ours.add("ours")
            let head = try theirs.store.version()
            let packs = try ours.store.repository.packCount()
            try ours.store.receive(RemoteHeads(main: head.id), from: Repository(at: theirs.path))
            #expect(try ours.store.repository.packCount() == packs + 1)
            #expect(try FileSystem.list(ours.path.appending("lfs/tmp")).isEmpty)
            #expect(try ours.store.takeIn(head, because: "Sync").isMerge)
            #expect(try ours.store.snapshot().trackCount() == 21)
        }
    }

    @Test func whatTheOtherLacksIsToldAndNothingIsRemembered() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            let before = Set(try looseFiles(of: theirs))
            try theirs.add("one")
            let head = try theirs.store.version()
            let commit = theirs.path.appending("objects/\(head.id.hex.prefix(2))/\(head.id.hex.dropFirst(2))")
            for file in try looseFiles(of: theirs) where !before.contains(file) && file != commit {
                try FileSystem.remove(file)
            }
            let error = try storeError(.damaged) {
                try ours.store.receive(
                    RemoteHeads(main: head.id), from: Repository(at: theirs.path, borrows: false))
            }
            #expect(error.message.contains(theirs.path.string))
            #expect(try ours.store.lastSeen(of: "origin").main == nil)
        }
    }

    private func looseFiles(of world: World) throws -> [FilePath] {
        try FileSystem.list(world.path.appending("objects")).filter { $0.name.bytes.count == 2 }.flatMap { folder in
            let path = world.path.appending("objects").appending(folder.name)
            return try FileSystem.list(path).map { path.appending($0.name) }
        }
    }

    /// A repository of others names a folder of this computer as one that lends it objects.
    @Test func aForeignRepositoryBorrowsNothingHere() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            try ours.add("secret")
            let secret = try ours.store.version()
            try FileSystem.write(
                "\(ours.path)/objects\n", to: theirs.path.appending("objects/info/alternates"))
            #expect(try Repository(at: theirs.path).contains(secret.id))
            #expect(try !Repository(at: theirs.path, borrows: false).contains(secret.id))
        }
    }
}
