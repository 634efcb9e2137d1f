import Catalog
import Files
import Git
import Store
import TestSupport
import Testing

@testable import Guests

/// What a scratch store is.
@Suite struct ScratchTests {
    @Test func itIsARepositoryThatPlainGitReads() throws {
        try withBase { base in
            let scratch = try base.start()
            let (store, use) = try scratch.open(base.context)
            try withExtendedLifetime(use) {
                #expect(try store.version() == base.store.version())
                try base.write(1, in: store)
                let said = try run(
                    command: "git", arguments: ["-C", scratch.path.string, "fsck", "--strict"],
                    environment: hermeticEnvironment(home: base.path))
                #expect(said.status == 0, "\(said.stderr)")
                #expect(try store.snapshot().people().count == 5)
                #expect(try base.store.snapshot().people().count == 4)
            }
        }
    }

    @Test func itTakesLittleRoomHoweverLargeTheStoreIs() throws {
        for records in [1, 3000] {
            try withBase(records: records) { base in
                let scratch = try base.start()
                var blocks: Int64 = 0
                for item in DirectoryWalk(scratch.path) { blocks += try FileSystem.status(of: item.path).size }
                #expect(blocks < 4096)
                let used = try run(command: "du", arguments: ["-sk", scratch.path.string], environment: [:])
                let kibibytes = try #require(used.stdout.split(separator: "\t").first.flatMap { Int($0) })
                #expect(kibibytes < 64, "\(records) records")
            }
        }
    }

    @Test func thePassSaysWhatHolds() throws {
        try withBase { base in
            let scratch = try base.start { request in
                request.timeToLive = 90_000
                request.quota = Quota(bytes: 5, records: 6)
            }
            let read = try #require(try Scratch.at(scratch.path))
            #expect(read.pass == scratch.pass)
            #expect(read.pass.expires - read.pass.started == 90_000)
            #expect(read.pass.person == base.person.id)
            #expect(read.pass.base == (try base.store.version()))
            #expect(try Scratch.at(base.path) == nil)
            #expect(try read.base == FileSystem.realPath(base.path))
        }
    }

    @Test(arguments: ["", "{}", "nonsense", "{\"format\": 2}"])
    func whatSaysNothingSensibleIsNoStoreToWorkIn(_ text: String) throws {
        try withBase { base in
            let scratch = try base.start()
            try FileSystem.write(text, to: scratch.path.appending("guest.json"))
            _ = try guestError(.damaged) { try Scratch.at(scratch.path) }
            try FileSystem.remove(scratch.path.appending("guest.json"))
            _ = try guestError(.damaged) { try Scratch.at(scratch.path) }
            #expect(try base.scratches.all().isEmpty)
            _ = try guestError(.damaged) { try base.scratches.find(scratch.id.hex) }
            // It stands in nobody's way, and can be taken away.
            #expect(try base.scratches.end(scratch.id.hex) == scratch.id)
            #expect(try base.names.isEmpty)
        }
    }

    @Test func outsideOfItsStoreItIsOfNoUse() throws {
        try withBase { base in
            let scratch = try base.start()
            let outside = base.path.parent.appending("alone")
            try FileSystem.rename(scratch.path, to: outside)
            _ = try guestError(.damaged) { try Scratch.at(outside) }
        }
    }

    @Test func anotherStoresIsOfNoUse() throws {
        try withBase { base in
            try withBase { other in
                let scratch = try base.start()
                let copied = other.path.appending("scratch").appending(scratch.id.hex)
                try FileSystem.makeDirectories(copied.parent)
                let made = try run(
                    command: "cp", arguments: ["-r", scratch.path.string, copied.string], environment: [:])
                #expect(made.status == 0)
                let foreign = try #require(try Scratch.at(copied))
                _ = try guestError(.damaged) { try foreign.open(base.context) }
            }
        }
    }

    @Test func afterItsTimeItIsNotOpened() throws {
        try withBase { base in
            let scratch = try base.start { $0.timeToLive = 10_000 }
            base.pass(seconds: 9)
            _ = try scratch.open(base.context)
            base.pass(seconds: 1)
            _ = try guestError(.expired) { try scratch.open(base.context) }
        }
    }
}

/// How scratch stores are found, and how they go.
@Suite struct ScratchesTests {
    @Test(arguments: [
        "", "..", "../..", "/", "a/b", "abc", "ABCDEF0123456789ABCDEF0123456789", "offbeat-0123456789abcdef",
        "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef0", "....", "*",
    ])
    func madeUpIDsFindNothing(_ id: String) throws {
        try withBase { base in
            let scratch = try base.start()
            _ = try guestError(.notFound) { try base.scratches.find(id) }
            _ = try guestError(.notFound) { try base.scratches.end(id) }
            #expect(try base.names == [scratch.id.hex])
        }
    }

    @Test func aFewDigitsWillDo() throws {
        try withBase { base in
            let scratch = try base.start()
            #expect(try base.scratches.find(String(scratch.id.hex.prefix(6))).id == scratch.id)
            let twin = String(scratch.id.hex.prefix(31)) + (scratch.id.hex.hasSuffix("0") ? "1" : "0")
            try FileSystem.makeDirectory(base.path.appending("scratch").appending(twin))
            _ = try guestError(.ambiguous) { try base.scratches.find(String(scratch.id.hex.prefix(31))) }
            #expect(try base.scratches.find(scratch.id.hex).id == scratch.id)
        }
    }

    @Test func ofAnotherStoreItIsNotFound() throws {
        try withBase { base in
            try withBase { other in
                let scratch = try other.start()
                _ = try guestError(.notFound) { try base.scratches.find(scratch.id.hex) }
                _ = try guestError(.notFound) { try base.scratches.end(scratch.id.hex) }
                #expect(try other.names == [scratch.id.hex])
            }
        }
    }

    @Test func aHundredAtOnce() throws {
        try withBase { base in
            try Parallel.forEach(count: 100, workers: 10) { _ in
                let (store, use) = try base.start().open(base.context)
                try withExtendedLifetime(use) { _ = try base.write(1, in: store) }
            }
            #expect(try base.scratches.all().count == 100)
            #expect(try base.names.count == 100, "nothing half made is left")
            #expect(try base.store.snapshot().people().count == 4)
            for scratch in try base.scratches.all() {
                #expect(try base.scratches.usage(of: scratch)?.records == 1)
                try base.scratches.end(scratch)
            }
            #expect(try base.names.isEmpty)
        }
    }

    @Test func oneInUseIsNeitherEndedNorSwept() throws {
        try withBase { base in
            let scratch = try base.start { $0.timeToLive = 1000 }
            let opened = try scratch.open(base.context)
            base.pass(seconds: 100)
            _ = try guestError(.inUse) { try base.scratches.end(scratch) }
            #expect(try base.scratches.isInUse(scratch))
            #expect(try base.scratches.sweep() == 0)
            _ = try base.write(1, in: opened.store)
            #expect(try base.names == [scratch.id.hex])
            withExtendedLifetime(opened) {}
        }
    }

    @Test func whatIsOverIsSwept() throws {
        try withBase { base in
            let short = try base.start { $0.timeToLive = 1000 }
            let long = try base.start()
            let run = try base.start { $0.isForOneRun = true }
            #expect(try base.scratches.sweep(sparing: String(run.id.hex.prefix(8))) == 0)
            #expect(try base.scratches.sweep() == 1, "that of a program that is gone")
            base.pass(seconds: 2)
            #expect(try base.scratches.sweep(sparing: short.id.hex) == 0)
            #expect(try base.scratches.sweep() == 1)
            #expect(try base.names == [long.id.hex])
        }
    }

    @Test func whatWasCutOffIsSwept() throws {
        try withBase { base in
            let folder = base.path.appending("scratch")
            let kept = try base.start()
            let leftover = folder.appending("offbeat-0123456789abcdef")
            try FileSystem.makeDirectories(leftover.appending("ended/objects"))
            try FileSystem.write("x", to: leftover.appending("ended/objects/x"))
            try base.scratches.sweep()
            #expect(try base.names == [kept.id.hex])
        }
    }

    @Test func aLinkIsNeverGoneThrough() throws {
        try withBase { base in
            let precious = base.path.parent.appending("precious")
            try FileSystem.makeDirectory(precious)
            try FileSystem.write("x", to: precious.appending("guest.json"))
            let id = String(repeating: "a", count: 32)
            try FileSystem.makeDirectory(base.path.appending("scratch"))
            try FileSystem.symbolicLink(to: precious, at: base.path.appending("scratch").appending(id))
            _ = try guestError(.notFound) { try base.scratches.end(id) }
            base.pass(seconds: 7 * 86_400)
            try base.scratches.sweep()
            #expect(FileSystem.exists(precious.appending("guest.json")))
            #expect(try FileSystem.list(precious).count == 1)
        }
    }

    @Test func aBaseThatMovesOnWhileOneIsMadeIsTakenAsItIsThen() throws {
        try withBase { base in
            let isDone = Flag()
            try Parallel.forEach(count: 2, workers: 2) { index in
                if index == 0 {
                    for _ in 0..<10 {
                        let scratch = try base.start()
                        #expect(try base.store.leads(from: #require(scratch.pass.base), to: base.store.version()))
                    }
                    isDone.raise()
                } else {
                    while !isDone.isRaised {
                        base.pass(seconds: 1)
                        try base.write(1)
                    }
                }
            }
        }
    }
}

/// Something that happens once.
final class Flag: Sendable {
    private let clock = TestClock(0)

    var isRaised: Bool { clock.value > 0 }

    func raise() { clock.add(1) }
}
