import Catalog
import Files
import Git
import Store
import TestSupport
import Testing

@testable import Sync

/// How long those wait who lost, and who holds what.
@Suite struct PatienceTests {
    /// The range grows at first, and shrinks for who has lost often: of many who wait those come first who wait longest.
    @Test func pausesGrowAndThenFavourTheLoser() {
        var patience = Patience(limit: 1000, round: 0.0001)
        var pauses: [Double] = []
        for _ in 0..<8 {
            let inTime = patience.wait(draw: 0.5)
            #expect(inTime)
            pauses.append(patience.pause(0.5))
        }
        #expect(patience.losses == 8)
        #expect(pauses[1] > pauses[0] && pauses[7] < pauses[3])
        #expect(patience.pause(0) == 0)
    }

    @Test func whoHasNoTimeLeftGivesUp() {
        var patience = Patience(limit: 0)
        let inTime = patience.wait(draw: 0)
        #expect(!inTime)
    }

    @Test func oneAtATimeHasItsTurn() throws {
        try withTemporaryDirectory { folder throws in
            let place = folder.appending("turn")
            let first = Turn.wait(at: place, atMost: 1, modes: SharedModes(configValue: "group"))
            #expect(first != nil)
            #expect(try FileSystem.status(of: place).mode & 0o664 == 0o664)
            #expect(Turn.wait(at: place, atMost: 0, modes: .unshared) == nil)
            withExtendedLifetime(first) {}
        }
    }

    @Test func aTurnEndsWithItsHolder() throws {
        try withTemporaryDirectory { folder in
            let place = folder.appending("turn")
            #expect(Turn.wait(at: place, atMost: 1, modes: .unshared) != nil)
            #expect(Turn.wait(at: place, atMost: 1, modes: .unshared) != nil)
            #expect(Turn.wait(at: folder.appending("missing/turn"), atMost: 0, modes: .unshared) == nil)
        }
    }

    @Test func roundsOfOneStoreKeepApart() throws {
        try withRehearsal { band in
            let store = band.laptops[0].store
            try RoundLock.held(for: store) {
                let error = try syncError(.locked) { try RoundLock.held(for: store, patience: 0) {} }
                #expect(error.message.contains("process "))
            }
            try RoundLock.held(for: store, patience: 0) {}
        }
    }
}

/// What the dead leave at a remote.
@Suite struct RemoteScaffoldTests {
    private static let main = "refs/heads/main"

    /// As a push leaves it that is killed between taking the lock and moving the branch. Also a round that only looks
    /// must not take away what tells whose the lock is, and leave the lock.
    @Test(arguments: [true, false]) func theLockOfADeadProcessOfThisComputerIsCleared(_ isLookedAtFirst: Bool)
        throws
    {
        try withRehearsal { band in
            let ana = band.laptops[0]
            let place = band.remote.appending("lfs/tmp/offbeat-0123456789abcdef")
            try FileSystem.makeDirectories(place)
            let run = try FileSystem.read("/proc/sys/kernel/random/boot_id")
            try FileSystem.write(run, to: place.appending("owner"))
            try FileSystem.write("draft", to: place.appending("1"))
            try FileSystem.link(place.appending("1"), to: band.remote.appending("\(Self.main).lock"))
            if isLookedAtFirst { try band.laptops[1].sync() }
            try ana.add("song")
            var terms = Round.Terms()
            terms.timeout = 1
            try ana.sync(terms)
            #expect(try band.head() == ana.head)
            try band.expectSound()
        }
    }

    /// A lock of another program, or another computer, is left alone while it is young.
    @Test func theLockOfSomebodyElseIsWaitedForAndBrokenWhenItIsOld() throws {
        try withRehearsal { band in
            let ana = band.laptops[0]
            let lock = band.remote.appending("\(Self.main).lock")
            try FileSystem.write("", to: lock)
            try ana.add("song")
            var terms = Round.Terms()
            terms.timeout = 0.1
            let error = try syncError(.locked) { try ana.sync(terms) }
            #expect(error.message.contains("main.lock"))
            #expect(FileSystem.exists(lock))
            let touched = try run(command: "touch", arguments: ["-d", "11 minutes ago", lock.string])
            try #require(touched.status == 0)
            try ana.sync()
            #expect(try band.head() == ana.head)
            try band.expectSound()
        }
    }
}
