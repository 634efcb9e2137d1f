import Catalog
import Files
import TestSupport
import Testing

/// A scratch store that a program has bent is refused, and nothing is changed or removed through it.
@Suite struct ScratchShapeTests {
    /// What is laid as a link, and where in the library it leads.
    private static let links: [(name: FilePath, target: FilePath)] = [
        ("lfs/objects", "lfs/objects"), ("lfs", "lfs"), ("lfs/tmp", "lfs/tmp"), ("lfs/journal", "lfs/journal"),
        ("lfs/quarantine", "lfs/objects"), ("objects", "objects"), ("objects/pack", "objects/pack"),
        ("objects/info", "objects/info"), ("refs", "refs"), ("refs/heads/main", "refs/heads/main"),
        ("config", "config"), ("cache", "cache"), ("cache/index", "cache/index"), ("logs", "logs"),
        ("offbeat.lock", "offbeat.lock"), ("replica", "replica"), ("publishing", "publishing"),
        ("in-use", "config"), ("guest.json", "scratch/guest.json"),
    ]

    /// Commands that write, sweep and remove.
    private static let commands: [[Word]] = [
        ["edit", "ana-0", "title=x"], ["rm", "ana-1"], ["gc"], ["cache", "clean"], ["cache", "clear", "--all"],
        ["config", "set", "cache.memory", "8"], ["add", "--no-analyze", "ben-3.wav"], ["drop", "ana-0"],
    ]

    @Test func nothingIsChangedThroughLinks() throws {
        try GuestHouse.with { house in
            for (name, target) in Self.links {
                let guest = try house.guest()
                if name == "guest.json" {
                    try FileSystem.rename(
                        guest.store.appending(name), to: house.base.appending("scratch").appending(name))
                }
                try Self.lay(name, to: house.base.appending(target), in: guest)
                try Self.expectRefused(guest)
            }
        }
    }

    /// Of the 256 folders that files are spread over, one leads to the library's.
    @Test func nothingIsRemovedThroughAFolderOfFiles() throws {
        try GuestHouse.with { house in
            let folder = try house.storedFile().parent
            for place in [folder, folder.parent] {
                let guest = try house.guest()
                let name = FilePath(bytes: place.bytes.dropFirst(house.base.bytes.count + 1))
                try Self.lay(name, to: place, in: guest)
                try Self.expectRefused(guest)
            }
        }
    }

    private static func lay(_ name: FilePath, to target: FilePath, in guest: Guest) throws {
        let place = guest.store.appending(name)
        try FileSystem.removeTree(place)
        try FileSystem.makeDirectories(place.parent)
        try FileSystem.symbolicLink(to: target, at: place)
    }

    private static func expectRefused(_ guest: Guest) throws {
        try guest.house.expectNoTrace {
            for words in commands {
                let outcome = try guest.run(words)
                #expect([1, 4, 6].contains(outcome.status), "\(outcome)")
            }
            // It is taken away, and not what it leads to.
            let ended = try guest.house.at("guest", "end", Word(guest.id))
            #expect(ended.status == 0 || ended.status == 1, "\(ended)")
        }
    }

    @Test func otherObjectsAreNotRead() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            let alternates = guest.store.appending("objects/info/alternates")
            for text in [
                "\(house.studio.work)/other/objects\n", "", "../../../objects\n../../../../other/objects\n",
            ] {
                try FileSystem.write(text, to: alternates)
                try guest.at("ls").expectFailure(6, "damaged")
            }
            try FileSystem.write("../../../objects\n", to: alternates)
            try guest.at("ls").done()
        }
    }

    @Test func aPassIsItsOwnGuests() throws {
        try GuestHouse.with { house in
            let (guest, other) = (try house.guest(), try house.guest(of: "ben"))
            let pass = guest.store.appending("guest.json")
            let own = try FileSystem.read(pass)
            let foreign = try FileSystem.read(other.store.appending("guest.json"))
            for bytes in [foreign, Array("{}".utf8), [], Array("{\"format\":1".utf8)] {
                try FileSystem.write(bytes, to: pass)
                try guest.at("ls").expectFailure(6, "damaged")
                try guest.at("add", "ben-3.wav").expectFailure(6, "damaged")
            }
            var fields = try JSON.parse(own).asObject ?? [:]
            fields["store"] = "0123456789abcdef0123456789abcdef"
            try FileSystem.write(JSON.object(fields).canonical(), to: pass)
            try guest.at("ls").expectFailure(6, "damaged")
            fields = try JSON.parse(own).asObject ?? [:]
            fields["person"] = "0123456789abcdef0123456789abcdef"
            try FileSystem.write(JSON.object(fields).canonical(), to: pass)
            try guest.at("ls").expectFailure(6, "damaged")
            try FileSystem.remove(pass)
            try guest.at("ls").expectFailure(6, "damaged")
            try house.expectNoTrace { try house.at("guest", "end", Word(guest.id)).done() }
        }
    }

    /// What lies where the folder of guests should be, or in it, is nobody's but its own.
    @Test func linksInPlaceOfTheFolderAreNotFollowed() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            let elsewhere = house.studio.root.appending("elsewhere")
            try FileSystem.rename(house.base.appending("scratch"), to: elsewhere)
            try FileSystem.symbolicLink(to: elsewhere, at: house.base.appending("scratch"))
            try house.expectNoTrace {
                let before = try Imprint(all: elsewhere)
                for words: [Word] in [["guest", "ls"], ["guest", "start"], ["guest", "end", Word(guest.id)]] {
                    try house.studio.offbeat(words: ["--json"] + words).expectFailure(6, "damaged")
                }
                try guest.at("ls").expectFailure(6, "damaged")
                #expect(try Imprint(all: elsewhere).differences(from: before) == [])
            }
            try house.at("gc").done()
            #expect(FileSystem.exists(elsewhere.appending(FilePath(guest.id))))
        }
    }

    @Test func aScratchStoreGoesWithItsLibraryOnly() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            try guest.at("edit", "ana-0", "title=mine").done()
            let moved = house.studio.work.appending("library")
            try FileSystem.rename(house.base, to: moved)
            let store = moved.appending("scratch").appending(FilePath(guest.id))
            let there = Guest(house: house, id: guest.id, store: store)
            #expect(try there.titles().contains("mine"))
            try there.at("cat", "mine").done()
            try there.at("edit", "mine", "title=still").done()
            let alone = house.studio.work.appending(FilePath(guest.id))
            _ = try house.studio.run(["cp", "-a", Word(store), Word(alone)]).done()
            try Guest(house: house, id: guest.id, store: alone).at("ls").expectFailure(6, "damaged")
            let folder = house.studio.work.appending("scratch")
            try FileSystem.makeDirectory(folder)
            try FileSystem.rename(alone, to: folder.appending(FilePath(guest.id)))
            let copied = Guest(house: house, id: guest.id, store: folder.appending(FilePath(guest.id)))
            try copied.at("ls").expectFailure(6, "damaged")
            try copied.at("add", "ben-3.wav").expectFailure(6, "damaged")
        }
    }
}
