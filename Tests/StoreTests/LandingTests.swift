import Files
import Git
import TestSupport
import Testing

@testable import Store

/// Versions that travel as a pack, since neither side can look into the other.
@Suite struct LandingTests {
    /// Lets real git index a pack where it has landed.
    private func land(_ pack: FilePath, in landing: Landing, _ folder: FilePath) throws {
        let place = landing.packs.appending(FilePath("pack-\(String(repeating: "a", count: 40)).pack"))
        let index = place.string.dropLast(5) + ".idx"
        try FileSystem.rename(pack, to: place)
        let git = try run(
            command: "git", arguments: ["index-pack", "-o", String(index), place.string],
            environment: hermeticEnvironment(home: folder))
        #expect(git.status == 0, "\(git.stderr)")
    }

    @Test(arguments: [1, 60]) func versionsComeAsAPackThatGitReads(count: Int) throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            let base = try theirs.store.version()
            for number in 0..<count { try theirs.add("song \(number)") }
            let head = try theirs.store.version()
            let sent = try theirs.store.pack([head], lackedByWhatStandsAt: [base.id])
            #expect(sent.outcome.commits == count)
            #expect(sent.files.count == count)
            let landing = try Landing(over: ours.store)
            try land(#require(sent.pack), in: landing, folder)
            let outcome = try ours.store.receive(RemoteHeads(main: head.id), from: landing.objects(), at: "there")
            #expect(outcome == sent.outcome)
            try ours.store.takeIn(head, because: "Sync")
            #expect(try ours.store.snapshot().trackCount() == count)
            let git = try run(
                command: "git", arguments: ["-C", ours.path.string, "fsck", "--full", "--strict"],
                environment: hermeticEnvironment(home: folder))
            #expect(git.status == 0 && !git.stderr.contains("error"), "\(git.stderr)")
        }
    }

    @Test func nothingNewIsNoPack() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 1)
            let store = band.laptops[0].store
            try band.laptops[0].add("one")
            let head = try store.version()
            let sent = try store.pack([head], lackedByWhatStandsAt: [head.id])
            #expect(sent.pack == nil && sent.outcome.objects == 0)
            // A branch there that is not known here tells nothing.
            let stranger = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
            #expect(try store.pack([head], lackedByWhatStandsAt: [stranger]).outcome.commits > 1)
        }
    }

    @Test func whatIsLackingIsToldWithTheRemotesName() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            let landing = try Landing(over: ours.store)
            try theirs.add("one")
            let head = try theirs.store.version()
            let error = #expect(throws: StoreError.self) {
                try ours.store.receive(RemoteHeads(main: head.id), from: landing.objects(), at: "ssh://nas/band")
            }
            #expect(error?.message.contains("ssh://nas/band is damaged") == true)
        }
    }

    @Test func whatHasLandedIsSeenByNobodyElseAndGoesAway() throws {
        try withTemporaryDirectory { folder in
            let band = try Band(in: folder, laptops: 2)
            let (ours, theirs) = (band.laptops[0], band.laptops[1])
            let base = try theirs.store.version()
            try theirs.add("one")
            let head = try theirs.store.version()
            let sent = try theirs.store.pack([head], lackedByWhatStandsAt: [base.id])
            do {
                let landing = try Landing(over: ours.store)
                try land(#require(sent.pack), in: landing, folder)
                #expect(try landing.objects().contains(head.id) && landing.objects().contains(base.id))
                try ours.store.repository.refresh()
                #expect(!ours.store.repository.contains(head.id))
            }
            #expect(try FileSystem.list(ours.path.appending("lfs/tmp")).isEmpty)
        }
    }
}
