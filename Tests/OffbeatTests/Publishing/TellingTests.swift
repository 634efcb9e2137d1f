import Catalog
import Files
import Git
import Store
import Synchronization
import TestSupport
import Testing

@testable import Offbeat

/// When a program is told, how often, and what becomes of one that misbehaves.
@Suite struct TellingTests {
    private static func notified(_ place: Place) -> FilePath { place.path.appending("publishing/notified") }

    @Test func whereNobodyIsToBeToldNothingIsWritten() throws {
        try withBand { place in
            _ = try place.newPost()
            #expect(try FileSystem.statusIfExists(of: place.path.appending("publishing")) == nil)
            for command in ["'", " ", "\""] {
                try failure(.usage) { try place.library.settings.set(.notifier, to: command) }
            }
            #expect(try place.library.settings.get(.notifier) == nil)
        }
    }

    @Test func nothingOldIsTold() throws {
        try withBand { place in
            let post = try place.newPost()
            let ear = try Ear(in: place)
            _ = try place.decide(.submit, post, as: "cara")
            #expect(try ear.changes() == ["draft → pending"])
            try place.library.settings.set(.notifier, to: "")
            #expect(try FileSystem.statusIfExists(of: Self.notified(place)) == nil)
            _ = try place.decide(.approve, post, as: "ben")
            let again = try Ear(in: place)
            _ = try place.newPost()
            #expect(try again.changes() == ["nothing → draft"])
        }
    }

    @Test func whatOthersDidIsToldWithTheNextMove() throws {
        try withEar { place, ear in
            let post = try place.newPost { $0.isSubmitted = true }
            // By way of the store, as a push by plain git would.
            try place.change { draft in draft.remove(post.post.id, in: post.workspace.id) }
            #expect(try ear.changes() == ["nothing → pending"])
            try place.addPerson("yan")
            #expect(try ear.changes() == ["pending → nothing"])
        }
    }

    @Test(arguments: [
        "exit 3", "kill -9 $$", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2", "sleep 60",
    ])
    func aProgramThatMisbehavesFailsNothing(commands: String) throws {
        try withEar { place, ear in
            place.library.telling.timeLimit.withLock { $0 = .milliseconds(300) }
            try ear.setCommands(commands)
            let post = try place.newPost()
            #expect(try place.decide(.submit, post, as: "cara") == .pending)
            try ear.setCommands("")
            _ = try place.decide(.approve, post, as: "ben")
            #expect(try ear.changes() == ["nothing → draft", "draft → pending", "pending → approved"], "once each")
        }
    }

    @Test(arguments: ["/nowhere/at-all", "true", "/"]) func aProgramThatDoesNotListenFailsNothing(command: String)
        throws
    {
        try withBand { place in
            try place.library.settings.set(.notifier, to: command)
            // More than a pipe takes.
            let post = try place.newPost(String(repeating: "€", count: 49_000))
            #expect(try place.decide(.submit, post, as: "cara") == .pending)
            let told = try #require(try ToldVersion.read(in: place.path))
            #expect(told == ToldVersion(version: try place.library.version()))
        }
    }

    @Test func whatWasToldBeforeACrashIsNotToldAgain() throws {
        try withEar { place, ear in
            let before = try place.library.version()
            let posts = try (0..<3).map { try place.newPost("\($0)") }
            #expect(try ear.heard().count == 3)
            var told = ToldVersion(version: before)
            let path = RecordFolder.post(posts[1].workspace.id, posts[1].post.id).path
            told.next = ToldVersion.Progress(version: try place.library.version(), told: [path])
            try told.write(in: place.path)
            #expect(try ToldVersion.read(in: place.path) == told)
            _ = try place.newPost("3")
            let texts = try ear.heard().compactMap { $0["post"]?["text"]?.asString }
            #expect(texts.dropLast().sorted() == ["0", "2"] && texts.last == "3")
        }
    }

    @Test func whereNothingIsKnownTheHeadIsTheBeginning() throws {
        try withEar { place, ear in
            let head = try place.library.version()
            let broken = [
                "", "{", "[]", "{\"version\":\"x\"}", "{\"version\":\"\(String(repeating: "1", count: 40))\"}",
                "{\"version\":\"\(head)\",\"next\":\"\(String(repeating: "2", count: 40))\",\"told\":[]}",
            ]
            for text in broken {
                try FileSystem.write(text, to: Self.notified(place))
                _ = try place.newPost("lost")
                _ = try place.newPost("heard")
                #expect(try ear.heard().last?["post"]?["text"] == "heard", "\(text)")
            }
            #expect(try ToldVersion.read(in: place.path)?.version == place.library.version())
        }
    }

    @Test func whoIsTellingAlreadyTellsThisToo() throws {
        try withEar { place, ear in
            try holdingLock(of: place) {
                _ = try place.newPost("a")
                #expect(try ear.heard().isEmpty)
            }
            _ = try place.newPost("b")
            #expect(try ear.heard().count == 2)
            // A program that changes a post itself: whoever is telling looks again.
            let again = try Library(at: place.path, context: place.clock.context)
            #expect(try again.session(as: "cara").newPost(PostRequest(in: "band", text: "c")).post.state == .draft)
            #expect(try ear.changes() == ["nothing → draft"])
        }
    }

    private func holdingLock(of place: Place, _ body: () throws -> Void) throws {
        let lock = try FileLock.acquire(ToldVersion.lock(in: place.path), timeout: 0)
        guard let lock else { throw Held() }
        try body()
        _ = consume lock
    }

    private struct Held: Error {}

    @Test func whoeverWantsAnEndGetsIt() throws {
        try withEar { (place, ear) throws in
            place.library.telling.later { _ = try? place.newPost("a") }
            #expect(try ear.heard().isEmpty)
            place.library.tellTransitions { true }
            #expect(try ear.heard().isEmpty)
            place.library.tellTransitions()
            #expect(try ear.changes() == ["nothing → draft"])
        }
    }

    @Test func aStoreThatCannotBeWrittenBesideFailsNothing() throws {
        try withEar { place, ear in
            try FileSystem.removeTree(place.path.appending("publishing"))
            try FileSystem.write("", to: place.path.appending("publishing"))
            #expect(try place.newPost().state == .draft)
            #expect(try ear.heard().isEmpty)
        }
    }
}
