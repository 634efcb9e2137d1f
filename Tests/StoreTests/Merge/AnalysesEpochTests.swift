import Git
import TestSupport
import Testing

@testable import Store

/// Analyses whose history somebody began anew.
@Suite struct AnalysesEpochTests {
    private let old = Analyses.of("a", "a") + Analyses.of("stale", "stale")

    /// The one who begins anew keeps `a`, and leaves `stale` behind.
    private func anew(_ versions: Versions, _ epoch: Int64 = 1, _ more: MadeTree = [:]) throws -> ObjectID {
        try versions.commit(
            Analyses.of("a", "a") + Analyses.epoch(epoch) + more, at: 1_900_000_000, message: "Anew\n")
    }

    @Test func theLaterEpochStandsAndWhatWasNotSentIsCarriedOver() throws {
        try withVersions { versions in
            let seen = try versions.commit(old)
            let own = try versions.commit(old + Analyses.of("b", "b"), parents: [seen])
            let theirs = try anew(versions, 1, Analyses.of("c", "c"))
            let met = try versions.meet(own, theirs, lastSeen: seen)
            #expect(
                met.files == Analyses.of("a", "a") + Analyses.of("b", "b") + Analyses.of("c", "c")
                    + Analyses.epoch(1))
            #expect(met.isNew && met.commit.parents == [theirs] && met.commit.message == AnalysesMeeting.message)
            #expect(
                met.commit.author == Signature(name: "Offbeat", email: "offbeat@invalid", seconds: 1_900_000_000))
            #expect(met.commit.committer == met.commit.author)
        }
    }

    @Test func whoHasSentEverythingTakesTheirsAsItIs() throws {
        try withVersions { versions in
            let seen = try versions.commit(old)
            let theirs = try anew(versions)
            #expect(try versions.meet(seen, theirs, lastSeen: seen).id == theirs)
            // Even when the remote has moved on since, before it began anew.
            let later = try versions.commit(old + Analyses.of("b", "b"), parents: [seen])
            #expect(try versions.meet(seen, theirs, lastSeen: later).id == theirs)
        }
    }

    @Test func whatWasRemovedOrReplacedAndNotSentIsSoInTheLaterEpoch() throws {
        try withVersions { versions in
            let seen = try versions.commit(old + Analyses.of("b", "b"))
            let own = try versions.commit(Analyses.of("a", "new") + Analyses.of("stale", "stale"), parents: [seen])
            let theirs = try anew(versions, 1, Analyses.of("b", "b"))
            let met = try versions.meet(own, theirs, lastSeen: seen)
            #expect(met.files == Analyses.of("a", "new") + Analyses.epoch(1))
        }
    }

    /// Nobody knows what the remote had, so all of ours may be new to it.
    @Test func whoNeverSawTheRemoteCarriesAllOver() throws {
        try withVersions { versions in
            let own = try versions.commit(old)
            let theirs = try anew(versions)
            let all = old + Analyses.epoch(1)
            #expect(try versions.meet(own, theirs).files == all)
            // The same where it was seen in the later epoch already, and nothing was taken in then.
            #expect(try versions.meet(own, theirs, lastSeen: theirs).files == all)
        }
    }

    @Test func ourLaterEpochStandsAndTakesWhatTheyAddedSince() throws {
        try withVersions { versions in
            let seen = try versions.commit(old)
            let own = try anew(versions, 3)
            let theirs = try versions.commit(old + Analyses.of("b", "b"), parents: [seen])
            #expect(try versions.meet(own, seen, lastSeen: seen).id == own)
            let met = try versions.meet(own, theirs, lastSeen: seen)
            #expect(met.files == Analyses.of("a", "a") + Analyses.of("b", "b") + Analyses.epoch(3))
            #expect(met.commit.parents == [own])
            // What was left out cannot be told from what is new there: who added it carries it over.
            #expect(try versions.meet(own, theirs).id == own)
        }
    }

    @Test func whatOneSideMadeOfAnEpochIsForwardedTo() throws {
        try withVersions { versions in
            let first = try anew(versions, 2)
            let lowered = try versions.commit(old + Analyses.epoch(1), parents: [first])
            #expect(try versions.meet(first, lowered).id == lowered)
            #expect(try versions.meet(lowered, first).id == lowered)
        }
    }

    @Test func twoWhoBeganTheSameEpochAreMerged() throws {
        try withVersions { versions in
            let one = try anew(versions, 2, Analyses.of("b", "b"))
            let other = try anew(versions, 2, Analyses.of("c", "c"))
            let met = try versions.meet(one, other)
            #expect(try versions.meet(other, one).id == met.id && met.commit.parents.count == 2)
            #expect(
                met.files == Analyses.of("a", "a") + Analyses.of("b", "b") + Analyses.of("c", "c")
                    + Analyses.epoch(2))
        }
    }

    @Test(arguments: [
        "", "[", "{}", "{\"epoch\": \"7\"}", "{\"epoch\": -7}", "{\"epoch\": 7.5}", "{\"epoch\": 1e18}",
    ])
    func whatIsNoEpochIsTheFirst(_ text: String) throws {
        try withVersions { versions in
            let odd = try versions.commit(old + ["epoch.json": .text(text)])
            let theirs = try anew(versions, 1)
            #expect(try versions.meet(odd, theirs, lastSeen: odd).id == theirs)
            // Not more than none at all: such two are merged.
            let none = try versions.commit(old)
            #expect(try versions.meet(none, odd).commit.parents.count == 2)
        }
    }

    @Test func anEpochThatIsNoSmallFileIsTheFirst() throws {
        try withVersions { versions in
            let large = String(repeating: " ", count: 5_000) + "{\"epoch\": 9}"
            for file in [MadeFile.text(large), .link("{\"epoch\": 9}")] {
                let odd = try versions.commit(old + ["epoch.json": file])
                let theirs = try anew(versions, 1)
                #expect(try versions.meet(odd, theirs, lastSeen: odd).id == theirs)
            }
            let folder = try versions.commit(old + ["epoch.json/inside": .text("x")])
            #expect(try versions.meet(folder, anew(versions, 1), lastSeen: folder).files == anewFiles)
        }
    }

    private var anewFiles: MadeTree { Analyses.of("a", "a") + Analyses.epoch(1) }
}
