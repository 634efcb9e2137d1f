import Catalog
import Files
import TestSupport
import Testing

/// No path that a guest names leads into the library below, neither to read nor to write.
@Suite struct PathWallTests {
    /// Ways to name one place: plainly, through links, and out of a folder again.
    private static func ways(to path: FilePath, _ house: GuestHouse) throws -> [FilePath] {
        let name = path.lastComponent ?? path
        let links = house.studio.work.appending("links-\(name)")
        try FileSystem.makeDirectory(links)
        let (link, folder) = (links.appending("file"), links.appending("folder"))
        try FileSystem.symbolicLink(to: path, at: link)
        try FileSystem.symbolicLink(to: path.parent, at: folder)
        return [
            path, link, folder.appending(name), FilePath("links-\(name)/folder").appending(name),
            FilePath("\(path.parent)/../\(path.parent.lastComponent ?? ".")/./\(name)"),
            FilePath("/proc/self/root\(path)"),
        ]
    }

    @Test func noFileOfTheLibraryIsRead() throws {
        try GuestHouse.with(sharing: "workspaces") { house in
            let (guest, other) = (try house.guest(), try house.guest(of: "ben"))
            try other.at("add", "--no-analyze", Word(try house.studio.sound("secret.wav", seed: 5))).done()
            var files = [try house.storedFile(), house.base.appending("config")]
            for case .file(let path) in DirectoryWalk(other.store.appending("lfs/objects")) { files.append(path) }
            #expect(files.count == 3)
            try house.expectNoTrace {
                for path in try files.flatMap({ try Self.ways(to: $0, house) }) {
                    let file = Word(path)
                    let calls: [[Word]] = [
                        ["add", file], ["add", "--move", file], ["add", "ana-0.wav", file],
                        ["replace", "ana-0", file],
                        ["stem", "add", "--type", "bass", "ana-0", file],
                        ["post", "new", "-w", "band", "--image", file, "x"],
                        ["analysis", "set", "ana-0", file, "--analyzer", "other", "--analyzer-version", "1"],
                        ["debug", "oba", file],
                    ]
                    for words in calls { try guest.run(words).expectFailure(4, "not-allowed") }
                }
                for folder in [house.base, house.base.appending("lfs"), other.store, guest.store] {
                    try guest.at("add", Word(folder)).expectFailure(4, "not-allowed")
                }
            }
            #expect(try guest.titles() == ["ana-0", "ana-1", "ours"])
        }
    }

    /// What lies somewhere for a moment does not lie in the library.
    @Test func noTemporaryFolderIsInTheLibrary() throws {
        try GuestHouse.with { house in
            let guest = try house.guest()
            try guest.at("add", "--no-analyze", Word(try house.studio.sound("mine.wav", seed: 6))).done()
            try house.expectNoTrace {
                for words: [Word] in [["fsck"], ["debug", "journal"]] {
                    for folder in ["lfs/tmp", "objects", "new"] as [FilePath] {
                        let place = ["TMPDIR": house.base.appending(folder).string]
                        try guest.run(words, adding: place).expectFailure(4, "not-allowed")
                    }
                }
            }
        }
    }

    /// However its own store is named, a guest is the same guest.
    @Test func itsOwnStoreMayBeNamedByLinks() throws {
        try GuestHouse.with(sharing: "workspaces") { house in
            let guest = try house.guest(of: "ben")
            let link = house.studio.work.appending("link")
            try FileSystem.symbolicLink(to: guest.store, at: link)
            try house.expectNoTrace {
                for store: FilePath in [link, FilePath(".offbeat/scratch/\(guest.id)/."), FilePath("./link/")] {
                    let named = Guest(house: house, id: guest.id, store: store)
                    #expect(try named.titles() == ["ben-3", "ben-4"])
                    try named.at("sync").expectFailure(4, "not-allowed")
                    try named.at("add", Word(house.storedFile())).expectFailure(4, "not-allowed")
                    try named.at("edit", "ben-3", "+tag").done()
                }
            }
        }
    }

    /// A library that is not hidden may lie in a folder that is walked.
    @Test func noWalkEntersTheLibrary() throws {
        try GuestHouse.with(sharing: "workspaces") { house in
            let guest = try house.guest()
            let moved = house.studio.work.appending("library")
            try FileSystem.rename(house.base, to: moved)
            for name in ["other", "band.git"] {
                try FileSystem.removeTree(house.studio.work.appending(FilePath(name)))
            }
            // What the library holds of Ben is nowhere else.
            for name in ["ben-3.wav", "ben-4.wav", "drums.wav"] {
                try FileSystem.remove(house.studio.work.appending(FilePath(name)))
            }
            try house.studio.sound("mine.wav", seed: 8)
            let store = moved.appending("scratch").appending(FilePath(guest.id))
            let before = try Imprint(of: moved)
            let outcome = try house.studio.offbeat(
                "--json", "--store", Word(store), "add", "--no-analyze", Word(house.studio.work)
            ).done()
            let added = try outcome.json()["added"]?.asArray?.compactMap { $0["title"]?.asString } ?? []
            #expect(added.sorted() == ["mine"], "\(outcome)")
            #expect(try Imprint(of: moved).differences(from: before) == [])
        }
    }

    @Test func nothingIsExportedIntoTheLibrary() throws {
        try GuestHouse.with { house in
            let (guest, other) = (try house.guest(), try house.guest(of: "ben"))
            let work = house.studio.work
            let (link, dead, sly) = (work.appending("into"), work.appending("dead"), work.appending("sly"))
            try FileSystem.symbolicLink(to: house.base.appending("lfs"), at: link)
            try FileSystem.symbolicLink(to: house.base.appending("new"), at: dead)
            try FileSystem.makeDirectory(sly)
            try FileSystem.symbolicLink(
                to: house.base.appending("lfs/tmp"), at: sly.appending(".offbeat-export"))
            let folders = [
                house.base, house.base.appending("new"), house.base.appending("a/b/c"), link, link.appending("x"),
                dead, sly, work.appending("missing/../.offbeat/x"), work.appending("missing/../../x"),
                house.base.appending("scratch"), other.store, guest.store.appending("x"),
            ]
            try house.expectNoTrace {
                let before = try Imprint(all: other.store)
                for folder in folders {
                    let outcome = try guest.at("export", Word(folder))
                    #expect(outcome.status != 0, "\(outcome)")
                }
                #expect(try Imprint(all: other.store).differences(from: before) == [])
                #expect(!FileSystem.exists(work.appending("missing")))
            }
            // A person wants that in the library neither.
            try house.at("ls").done()
            let before = try FileSystem.list(house.base).map(\.name)
            for folder in folders {
                let outcome = try house.at("export", Word(folder))
                #expect(outcome.status != 0, "\(outcome)")
            }
            #expect(try FileSystem.list(house.base).map(\.name) == before)
            try guest.at("export", "out").done()
            #expect(FileSystem.exists(work.appending("out/.offbeat-export.json")))
        }
    }
}
