import Blobs
import Catalog
import Files
import Git
import TestSupport
import Testing

@testable import Store

/// The branch of analyses in a real store.
@Suite struct AnalysesTests {
    private static let branch = "refs/heads/analyses"

    /// Makes a version of the analyses as another laptop would, which nothing names here.
    private func arrive(
        _ files: MadeTree, _ world: World, over parent: Version? = nil, message: String = "Analyse\n"
    ) throws -> Version {
        Version(try Versions(in: world).commit(files, parents: [parent?.id].compactMap(\.self), message: message))
    }

    private func files(_ world: World) throws -> MadeTree {
        let version = try #require(try world.store.analysesVersion())
        return try Versions(in: world).files(of: world.store.commit(of: version).tree)
    }

    @Test func theFirstVersionIsTakenAndTheLibraryStaysWhereItIs() throws {
        try withWorld { world in
            let head = try world.store.version()
            #expect(try world.store.analysesVersion() == nil)
            let none = try world.store.takeInAnalyses(nil, lastSeen: nil, because: "Sync")
            #expect(none.from == nil && none.to == nil && !none.isNew)
            let theirs = try arrive(Analyses.of("a", "1"), world)
            let taken = try world.store.takeInAnalyses(theirs, lastSeen: nil, because: "Sync")
            #expect(taken.from == nil && taken.to == theirs && !taken.isNew)
            #expect(try world.store.analysesVersion() == theirs && world.store.version() == head)
            // A remote without any takes nothing away.
            #expect(try world.store.takeInAnalyses(nil, lastSeen: theirs, because: "Sync").to == theirs)
        }
    }

    @Test func aMergeIsWrittenWholeAndOnlyOnce() throws {
        try withWorld { world in
            let base = try arrive(Analyses.of("a", "1"), world)
            let own = try arrive(Analyses.of("a", "1") + Analyses.of("b", "2"), world, over: base)
            let theirs = try arrive(Analyses.of("a", "1") + Analyses.of("c", "3"), world, over: base)
            for version in [base, own] { try world.store.takeInAnalyses(version, lastSeen: nil, because: "Sync") }
            let taken = try world.store.takeInAnalyses(theirs, lastSeen: base, because: "Sync")
            #expect(taken.isNew && taken.from == own)
            #expect(try files(world) == Analyses.of("a", "1") + Analyses.of("b", "2") + Analyses.of("c", "3"))
            #expect(try !world.store.takeInAnalyses(theirs, lastSeen: theirs, because: "Sync").isNew)
            #expect(try world.store.analysesVersion() == taken.to)
            let git = try run(
                command: "git",
                arguments: ["-C", world.path.string, "fsck", "--full", "--strict", "--no-dangling"],
                environment: hermeticEnvironment(home: world.folder))
            #expect(git.status == 0 && !git.stderr.contains("error"), "\(git.stderr)")
            #expect(try FileSystem.list(world.path.appending("lfs/tmp")).isEmpty)
        }
    }

    /// The branch moves to where nothing leads from its old place, and the old place stays in the log.
    @Test func aLaterEpochIsMovedTo() throws {
        try withWorld { world in
            try world.store.repository.set("core.logAllRefUpdates", to: "always")
            let old = try arrive(Analyses.of("a", "1") + Analyses.of("stale", "0"), world)
            let own = try arrive(
                Analyses.of("a", "1") + Analyses.of("stale", "0") + Analyses.of("b", "2"), world, over: old)
            for version in [old, own] { try world.store.takeInAnalyses(version, lastSeen: nil, because: "Sync") }
            let anew = try arrive(Analyses.of("a", "1") + Analyses.epoch(1), world)
            let taken = try world.store.takeInAnalyses(anew, lastSeen: old, because: "Sync")
            #expect(taken.isNew)
            #expect(try files(world) == Analyses.of("a", "1") + Analyses.of("b", "2") + Analyses.epoch(1))
            let now = try #require(taken.to)
            #expect(try world.store.commit(of: now).parents == [anew.id])
            #expect(try world.store.repository.logged(Self.branch).contains(own.id))
        }
    }

    @Test func observersHearNothingOfIt() throws {
        try withWorld { world in
            let observer = world.store.observe { _ in Issue.record("the library did not change") }
            defer { _ = observer }
            try world.store.takeInAnalyses(arrive(Analyses.of("a", "1"), world), lastSeen: nil, because: "Sync")
        }
    }

    // MARK: Files

    @Test func theFilesOfItsHeadAreKeptByACollection() throws {
        try withWorld { world in
            try putFiles("1", "2", in: world.store)
            let one = try arrive(Analyses.of("a", "1"), world)
            try world.store.takeInAnalyses(one, lastSeen: nil, because: "Sync")
            #expect(try world.collect().quarantined == 1)
            #expect(world.here("1", "2") == [true, false])
            try world.requireSound()
        }
    }

    @Test func whatWasSetAsideComesBackWithTheVersionThatNamesIt() throws {
        try withWorld { world in
            try putFiles("1", in: world.store)
            try setAside([audio(of: "1")], in: world.store)
            let one = try arrive(Analyses.of("a", "1"), world)
            try world.store.takeInAnalyses(one, lastSeen: nil, because: "Sync")
            #expect(world.here("1") == [true])
        }
    }

    @Test func aCheckTellsOfABlobThatIsMissing() throws {
        try withWorld { world in
            let one = try arrive(Analyses.of("a", "1"), world)
            try world.store.takeInAnalyses(one, lastSeen: nil, because: "Sync")
            let report = try world.check()
            #expect(report.problems.map(\.kind) == [.file])
            let detail = report.problems.first?.detail ?? ""
            #expect(detail.contains("\(Analyses.place(of: "a"))/offbeat-1.oba"), "\(detail)")
            // In quarantine it is out of reach just as well, as long as the branch names it.
            try putFiles("1", in: world.store)
            try world.requireSound()
            try setAside([audio(of: "1")], in: world.store)
            #expect(try world.check().problems.map(\.kind) == [.file])
            #expect(try world.repair().isSound)
            try world.requireSound()
        }
    }

    // MARK: Killed

    /// A writer that is killed while it moves the branch leaves git's lock, and the next one knows whose it was.
    @Test(arguments: [true, false]) func aKilledWritersLockIsCleared(_ isFilled: Bool) throws {
        try withWorld { world in
            let one = try arrive(Analyses.of("a", "1"), world)
            let lock = world.path.appending(Self.branch + ".lock")
            try FileSystem.write(Array("analyses \(one.id.hex)\n".utf8), to: world.path.appending("offbeat.lock"))
            try FileSystem.write(isFilled ? Array("\(one.id.hex)\n".utf8) : [], to: lock)
            try world.store.takeInAnalyses(one, lastSeen: nil, because: "Sync")
            #expect(try world.store.analysesVersion() == one && !FileSystem.exists(lock))
            // Done, it leaves no word that would explain another's lock.
            #expect(try FileSystem.read(world.path.appending("offbeat.lock")).isEmpty)
        }
    }

    @Test func aLockThatNoNoteExplainsStays() throws {
        try withWorld { world in
            let one = try arrive(Analyses.of("a", "1"), world)
            let lock = world.path.appending(Self.branch + ".lock")
            // The note speaks of the library's branch.
            try FileSystem.write(Array("\(one.id.hex)\n".utf8), to: world.path.appending("offbeat.lock"))
            try FileSystem.write(Array("\(one.id.hex)\n".utf8), to: lock)
            try storeError(.locked) {
                try world.store.takeInAnalyses(one, lastSeen: nil, because: "Sync")
            }
            #expect(FileSystem.exists(lock))
            #expect(try world.store.analysesVersion() == nil)
        }
    }

    // MARK: Arriving

    @Test func whatArrivesIsBounded() throws {
        try withWorld { world in
            let one = try arrive(Analyses.of("a", "1"), world)
            try world.store.checkAnalysesArrival(one, over: nil)
            let deep = Array(repeating: "d", count: 80).joined(separator: "/")
            let two = try arrive(Analyses.of("a", "1") + [deep: .text("x")], world, over: one)
            for head in [one, nil] {
                try storeError(.refused) { try world.store.checkAnalysesArrival(two, over: head) }
            }
        }
    }
}
