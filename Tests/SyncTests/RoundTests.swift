import Blobs
import Catalog
import Files
import Git
import Store
import TestSupport
import Testing

@testable import Sync

/// A round, between real stores and a real remote.
@Suite struct RoundTests {
    @Test func whatIsNewGoesAndComes() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            try ana.add("one")
            let went = try ana.sync()
            #expect(went.pushed == 1 && went.pulled == 0 && went.uploaded.files == 1 && went.uploaded.bytes == 3)
            #expect(try band.head() == ana.head)
            let came = try ben.sync()
            #expect(came.pulled == 1 && came.pushed == 0 && !came.isMerge && came.from != came.to)
            #expect(try ben.head == ana.head)
            let nothing = try ben.sync()
            #expect(nothing.pulled == 0 && nothing.pushed == 0 && nothing.from == nothing.to && nothing.rounds == 1)
            try band.expectSound()
        }
    }

    @Test func whatWasDoneApartIsMerged() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            let song = try ana.add("song")
            try ana.sync()
            try ben.sync()
            try ana.set("title", of: song, to: "by ana")
            try ben.set("title", of: song, to: "by ben")
            try ben.set("comment", of: song, to: "slow")
            try ana.sync()
            let merged = try ben.sync()
            #expect(
                merged.isMerge && merged.merges.conflicts.count == 1 && merged.pulled == 1 && merged.pushed == 3)
            try ana.sync()
            #expect(try ana.head == ben.head)
            #expect(try ana.value("comment", of: song) == "slow")
            try band.expectSound()
        }
    }

    /// Three laptops that change things at random and sync at random: all that settle hold one commit.
    @Test func laptopsSettle() throws {
        var random = SeededRandom(seed: Seed.current)
        try withRehearsal(laptops: 3) { band in
            var songs = [try band.laptops[0].add("first")]
            try band.laptops[0].sync()
            for laptop in band.laptops { try laptop.sync() }
            for step in 0..<30 {
                let laptop = try #require(band.laptops.randomElement(using: &random))
                let song = try #require(songs.randomElement(using: &random))
                switch Int.random(in: 0..<6, using: &random) {
                case 0: songs.append(try laptop.add("song \(step)"))
                case 1 where try laptop.value("title", of: song) != nil: try laptop.remove(song)
                case 2, 3: try laptop.sync()
                default:
                    guard try laptop.value("title", of: song) != nil else { continue }
                    try laptop.set(["title", "comment"].randomElement(using: &random)!, of: song, to: "\(step)")
                }
            }
            for _ in 0..<2 { for laptop in band.laptops { try laptop.sync() } }
            let heads = try band.laptops.map { try $0.head }
            #expect(Set(heads).count == 1, "seed \(Seed.current)")
            #expect(try band.head() == heads[0])
            try band.expectSound()
        }
    }

    @Test func aPlanTellsWhatWouldBeDoneAndDoesNothing() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            try ana.add("one")
            try ana.sync()
            try ben.add("other")
            let (before, there, seen) = (try ben.head, try band.head(), try ben.store.lastSeen(of: "origin"))
            let plan = try ben.round().plan()
            #expect(plan.report.pulled == 1 && plan.report.pushed == 2 && plan.report.isMerge)
            #expect(plan.report.uploaded.files == 1 && plan.lacking.map(\.size) == [3])
            #expect(try ben.head == before)
            #expect(try band.head() == there)
            #expect(try ben.store.lastSeen(of: "origin") == seen)
            #expect(try ben.sync().to == plan.report.to)
        }
    }

    // MARK: Files

    @Test func aVersionIsNotPushedWithoutItsFiles() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            let before = try band.head()
            try ana.add("lost", file: false)
            let error = try syncError(.refused) { try ana.sync() }
            #expect(error.message.contains("neither here nor at origin"))
            #expect(try band.head() == before)
            try band.expectSound()
        }
    }

    /// Also of a version that a later one has replaced: a forge asks for them all.
    @Test func filesOfVersionsInBetweenGo() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            let song = try ana.add("short-lived")
            try ana.remove(song)
            #expect(try ana.sync().uploaded.files == 1)
        }
    }

    /// Of the places where it may be one is away, and another has other bytes.
    @Test(arguments: [false, true]) func aFileThatIsElsewhereIsRelayed(pastOthers: Bool) throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            try ana.add("far")
            try ana.sync()
            try ben.sync()
            let stick = band.folder.appending("stick.git")
            try FolderRemote(at: stick).make()
            let other = try FolderVersions(at: FolderRemote(at: stick), called: "stick", of: ben.store)
            let file = try ana.store.files(namedBy: ana.head, andNotBy: nil)[0]
            let (away, damaged) = (band.folder.appending("away.git"), band.folder.appending("damaged.git"))
            try FolderRemote(at: damaged).make()
            let copy = BlobStore(directory: damaged.appending("lfs")).path(of: file.oid)
            try FileSystem.makeDirectories(copy.parent)
            try FileSystem.write("raf", to: copy)
            let relays = (pastOthers ? [away, damaged] : []) + [band.remote]
            let round = try Round(
                of: ben.store, with: "stick", versions: other, files: FolderFiles(at: stick, modes: .unshared),
                relays: relays.map { FolderFiles(at: $0, modes: .unshared) }, transfers: .none)
            let report = try round.run()
            #expect(report.uploaded.files == 1)
            #expect(BlobStore(directory: stick.appending("lfs")).contains(file))
        }
    }

    // MARK: Races

    /// The remote moves between the look at it and the push: tried again, nothing of the other's is lost.
    @Test func whoLosesTheRaceMergesAndTriesAgain() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            try ana.add("mine")
            try ben.add("theirs")
            let report = try ana.round { Racing($0, times: 1) { try ben.sync() } }.run()
            #expect(report.rounds == 2 && report.isMerge)
            #expect(try ana.titles() == ["mine", "theirs"])
            try ben.sync()
            #expect(try ben.head == ana.head)
            try band.expectSound()
        }
    }

    @Test func whoLosesForTooLongGivesUpAndLosesNothing() throws {
        try withRehearsal { band in
            let (ana, ben) = (band.laptops[0], band.laptops[1])
            try ana.add("mine")
            var terms = Round.Terms()
            terms.timeout = 0
            var number = 0
            let round = try ana.round(terms) { versions in
                Racing(versions, times: .max) {
                    number += 1
                    try ben.add("theirs \(number)")
                    try ben.sync()
                }
            }
            try syncError(.raceLost) { try round.run() }
            #expect(try ana.titles().contains("mine"))
            try ana.sync()
            try ben.sync()
            #expect(try ben.head == ana.head)
        }
    }
}

/// Lets somebody else be faster, so many times.
private final class Racing: VersionTransport, @unchecked Sendable {
    private let inner: FolderVersions
    private var rest: Int
    private let meanwhile: () throws -> Void

    init(_ inner: FolderVersions, times: Int, _ meanwhile: @escaping () throws -> Void) {
        self.inner = inner
        rest = times
        self.meanwhile = meanwhile
    }

    var deniesNonFastForwards: Bool { inner.deniesNonFastForwards }

    func heads() throws -> RemoteHeads { try inner.heads() }

    func clearAway() { inner.clearAway() }

    /// In this play nobody stands in line.
    func turn(atMost seconds: Double) -> Turn? { nil }

    func fetch(_ heads: RemoteHeads, into store: Store) throws -> ObjectTransfer.Outcome {
        try inner.fetch(heads, into: store)
    }

    func lend<R>(
        _ heads: RemoteHeads, whole: Bool, in folder: FilePath, to body: (Repository) throws -> R
    ) throws -> R {
        try inner.lend(heads, whole: whole, in: folder, to: body)
    }

    func prepare(_ heads: RemoteHeads, over standing: RemoteHeads, from store: Store) throws -> any PreparedPush {
        if rest > 0 {
            rest -= 1
            try meanwhile()
        }
        return try inner.prepare(heads, over: standing, from: store)
    }
}
