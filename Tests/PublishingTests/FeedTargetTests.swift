import Catalog
import Digest
import Files
import Publishing
import TestSupport
import Testing

/// Whether disks in memory can be mounted here, to be full or read-only.
private let canMount: Bool =
    (try? withTemporaryDirectory { place in try SmallDisk.with(at: place, size: "1m") { _ in true } }) ?? false

/// What comes of handing posts over to a feed.
@Suite struct FeedTargetTests {
    private let hour = Deadline(in: .seconds(3_600))

    private func target(
        _ folder: FilePath, _ settings: FeedSettings = FeedSamples.settings, others: [Publication] = []
    ) -> FeedTarget {
        FeedTarget(settings, in: folder) { others }
    }

    /// Why a hand-off was not taken, where nobody saw anything of it.
    private func unreached(_ handOff: HandOff) -> String? {
        if case .unreached(let reason) = handOff { reason } else { nil }
    }

    private func told(in folder: FilePath) throws -> [String] {
        let feed = try JSON.parse(FileSystem.read(folder.appending("feed.json")))
        return (feed["items"]?.asArray ?? []).compactMap { $0["id"]?.asString }
    }

    @Test func `A post is out where the feed tells of it`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let (old, new) = try (FeedSamples.post(1, text: "old"), FeedSamples.track(2, in: place))
            let target = target(folder, others: [old])
            #expect(target.obstacle(to: new) == nil)
            #expect(!FileSystem.exists(folder))
            let expected = HandOff.sent(
                links: ["feed": "https://radio.example/offbeat/feed.json#\(new.post.hex)"])
            #expect(target.handOff(new, until: hour) { false } == expected)
            try #expect(told(in: folder) == [new.post.hex, old.post.hex])
            // Once more, as after a crash, does no harm.
            #expect(target.handOff(new, until: hour) { false } == expected)
            try #expect(told(in: folder) == [new.post.hex, old.post.hex])
        }
    }

    @Test func `A file that is not here is told before anything is claimed`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let (here, away) = try (FeedSamples.track(1, in: place), FeedSamples.track(1))
            let target = target(folder)
            let obstacle = try #require(target.obstacle(to: away))
            #expect(obstacle.contains(try #require(away.track).audio.name) && obstacle.contains("offbeat fetch"))
            #expect(unreached(target.handOff(away, until: hour) { false }) == obstacle)
            #expect(!FileSystem.exists(folder.appending("feed.json")))
            // Where it lies in the folder already it is not needed here.
            try target.rewrite([here])
            #expect(target.obstacle(to: away) == nil)
            #expect(unreached(target.handOff(away, until: hour) { false }) == nil)
        }
    }

    @Test func `A file with an ending that is none, and one that was cut`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let whole = try #require(try FeedSamples.track(1, in: place).track).audio
            var post = try FeedSamples.post(1)
            post.image = Medium(oid: whole.oid, size: whole.size, fileExtension: "/../../x", file: whole.file)
            let target = target(folder)
            #expect(target.obstacle(to: post)?.contains("give it another ending") == true)
            #expect(unreached(target.handOff(post, until: hour) { false })?.contains("another ending") == true)
            post.image = Medium(oid: whole.oid, size: whole.size + 1, fileExtension: "jpg", file: whole.file)
            let reason = unreached(target.handOff(post, until: hour) { false })
            #expect(reason?.contains("has not the \(whole.size + 1) bytes") == true)
            try #expect(FileSystem.list(folder).isEmpty)
        }
    }

    @Test func `A feed that cannot be written there`() throws {
        try withTemporaryDirectory { place in
            let post = try FeedSamples.post(1)
            let file = place.appending("file")
            try FileSystem.write([], to: file)
            try FileSystem.makeDirectories(place.appending("odd/feed.xml"))
            var bad = FeedSamples.settings
            bad.baseURL = "radio.example"
            let cases: [(FeedTarget, String)] = [
                (target(place.appending("none/radio")), "none: no such file"),
                (target(file), "is a plain file"), (target(file.appending("radio")), "is a plain file"),
                (target(place.appending("odd")), "feed.xml is a directory"),
                (target(place, bad), "does not begin with https://"),
            ]
            for (target, reason) in cases {
                let obstacle = try #require(target.obstacle(to: post))
                #expect(obstacle.contains(reason), "\(obstacle)")
                #expect(unreached(target.handOff(post, until: hour) { false }) == obstacle)
                #expect(throws: FeedError.self) { try target.rewrite([post]) }
            }
        }
    }

    @Test(.enabled(if: canMount, "only root can mount disks"))
    func `A disk that is read-only or full leaves the feed as it was`() throws {
        try withTemporaryDirectory { place in
            try SmallDisk.with(at: place, size: "1m") { disk in
                let folder = disk.path.appending("radio")
                let target = target(folder)
                try target.rewrite([FeedSamples.post(1)])
                let old = try FileSystem.read(folder.appending("feed.json"))
                let names = try FileSystem.list(folder).map(\.name).sorted()

                var large = try FeedSamples.post(2)
                let file = place.appending("large")
                try FileSystem.write([UInt8](repeating: 1, count: 2 << 20), to: file)
                large.image = Medium(oid: .ofNothing, size: 2 << 20, fileExtension: "png", file: file)
                let reason = unreached(target.handOff(large, until: hour) { false })
                #expect(reason?.contains("no space left") == true)
                try #expect(FileSystem.read(folder.appending("feed.json")) == old)
                try #expect(FileSystem.list(folder).map(\.name).sorted() == names)

                try disk.setReadOnly(true)
                let post = try FeedSamples.post(3)
                #expect(target.obstacle(to: post)?.contains("cannot be written to") == true)
                #expect(
                    unreached(target.handOff(post, until: hour) { false })?.contains("cannot be written") == true)
                try #expect(FileSystem.read(folder.appending("feed.json")) == old)
            }
        }
    }

    @Test func `Too late, or somebody wants an end`() throws {
        try withTemporaryDirectory { place in
            let folder = place.appending("radio")
            let post = try FeedSamples.track(1, in: place)
            let target = target(folder)
            #expect(
                unreached(target.handOff(post, until: Deadline(in: .zero)) { false })?.contains("too late") == true)
            #expect(unreached(target.handOff(post, until: hour) { true })?.contains("an end") == true)
            // It is asked once before each file, in its copy, and before the documents.
            for moment in 1...4 {
                var asked = 0
                let handOff = target.handOff(post, until: hour) {
                    asked += 1
                    return asked >= moment
                }
                #expect(unreached(handOff)?.contains("an end") == true, "\(moment)")
                #expect(!FileSystem.exists(folder.appending("feed.json")))
            }
        }
    }

    @Test func `Another who is at work there is waited for`() throws {
        try withTemporaryDirectory { folder in
            let post = try FeedSamples.post(1)
            let target = target(folder)
            let other = try FileDescriptor.openDirectory(folder)
            try #require(try other.tryLock())
            let short = Deadline(in: .milliseconds(100))
            #expect(unreached(target.handOff(post, until: short) { false })?.contains("too late") == true)
            #expect(short.hasPassed)
            try other.close()
            #expect(unreached(target.handOff(post, until: hour) { false }) == nil)
        }
    }

    @Test func `Posts that cannot be told`() throws {
        struct Trouble: Error, CustomStringConvertible { let description = "the store is on fire" }
        try withTemporaryDirectory { folder in
            let target = FeedTarget(FeedSamples.settings, in: folder) { throw Trouble() }
            let reason = unreached(target.handOff(try FeedSamples.post(1), until: hour) { false })
            #expect(reason?.contains("the store is on fire") == true)
            try #expect(FileSystem.list(folder).isEmpty)
        }
    }

    /// Between the two documents nothing fails but what nobody could foresee: here somebody makes a directory of one.
    @Test func `Nobody knows what came of a feed that was half replaced`() throws {
        try withTemporaryDirectory { folder in
            let post = try FeedSamples.post(1)
            let handOff = target(folder).handOff(post, until: hour) {
                _ = try? FileSystem.makeDirectory(folder.appending("feed.xml"))
                return false
            }
            guard case .unknown(let reason) = handOff else { return #expect(Bool(false), "\(handOff)") }
            #expect(reason.contains("half replaced") && reason.contains("write it again"))
            try #expect(told(in: folder) == [post.post.hex])
        }
    }

    @Test func `The links are those of files without the web`() throws {
        try withTemporaryDirectory { folder in
            let post = try FeedSamples.post(1)
            let target = target(folder, FeedSettings(title: "Ours"))
            let link = "file://\(folder)/feed.json#\(post.post.hex)"
            #expect(target.handOff(post, until: hour) { false } == .sent(links: ["feed": link]))
        }
    }
}
