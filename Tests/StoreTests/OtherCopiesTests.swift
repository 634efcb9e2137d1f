import Blobs
import Digest
import Files
import Store
import Synchronization
import Testing

private let day: Int64 = 86_400_000

/// What a collection asks of other places, and what it does with their answers.
@Suite struct OtherCopiesTests {
    /// A store whose files of these names are the confirmed past, and old; that of "last" is needed.
    private func withPast(_ titles: [String], _ body: (World) throws -> Void) throws {
        try withWorld { world in
            for title in titles { try world.removeTrack(world.addWithFiles(title)[0]) }
            try world.addWithFiles("last")
            try world.confirm()
            world.surroundings.pass(milliseconds: 91 * day)
            try world.addWithFiles("last")
            try world.confirm()
            world.surroundings.pass(milliseconds: 91 * day)
            try body(world)
        }
    }

    private let silence = OtherCopies.Silence(of: "nas", because: "it is not there")

    @Test(arguments: [false, true]) func allOfThePastIsAskedAboutAtOnce(isDryRun: Bool) throws {
        try withPast(["one", "two", "three"]) { world in
            let asked = Mutex<[[Pointer]]>([])
            let outcome = try world.collect { request in
                request.isDryRun = isDryRun
                request.copies = { files in
                    asked.withLock { $0.append(files) }
                    return OtherCopies(held: [audio(of: "one"), audio(of: "two")])
                }
            }
            let expected = ["one", "two", "three"].map(audio(of:)).sorted { $0.oid < $1.oid }
            #expect(asked.withLock { $0 } == [expected])
            #expect(outcome.quarantined == 2 && outcome.onlyHere == [audio(of: "three").oid])
            #expect(outcome.undecided == 0 && outcome.silent.isEmpty)
            #expect(world.here("one", "two", "three", "last") == [isDryRun, isDryRun, true, true])
        }
    }

    @Test func nobodyIsAskedForNothing() throws {
        try withPast([]) { world in
            try putFiles("orphan", in: world.store)
            let outcome = try world.collect { request in
                request.copies = { _ in
                    Issue.record("was asked")
                    return OtherCopies()
                }
            }
            #expect(outcome.quarantined == 1)
        }
    }

    /// An answer may take minutes: others write meanwhile, and what they need stays whoever else holds it.
    @Test func nobodyIsKeptWaitingMeanwhileAndWhatTheyNameStays() throws {
        try withPast(["one", "two"]) { world in
            let outcome = try world.collect { request in
                let (store, author) = (world.store, world.ana)
                request.copies = { files in
                    try store.write(by: author) { draft in
                        _ = try draft.add("one", mayBeAbsent: false)
                        return "Add"
                    }
                    return OtherCopies(held: Set(files))
                }
            }
            #expect(outcome.quarantined == 1)
            #expect(world.here("one", "two") == [true, false])
        }
    }

    /// What has become the past while others were asked is left to the next collection.
    @Test func whatNobodyWasAskedAboutStays() throws {
        try withPast(["one", "two"]) { world in
            try world.point("refs/heads/side", at: world.store.version(named: "HEAD~3"))
            let names = ["refs/heads/side", "logs/refs/heads/side"].map { world.path.appending($0) }
            let outcome = try world.collect { request in
                request.copies = { files in
                    for name in names where FileSystem.exists(name) { try FileSystem.remove(name) }
                    return OtherCopies(held: Set(files))
                }
            }
            #expect(outcome.undecided == 1 && outcome.quarantined == 1, "\(outcome)")
        }
    }

    @Test func whoGivesNoAnswerKeepsFilesWhereTheyAre() throws {
        try withPast(["one", "two"]) { world in
            let held = try world.collect { $0.copies = { _ in OtherCopies(held: [audio(of: "one")]) } }
            #expect(held.quarantined == 1 && held.deleted == 0)
            world.surroundings.pass(milliseconds: day)
            let silence = silence
            let silent = try world.collect { $0.copies = { _ in OtherCopies(silent: [silence]) } }
            // Neither deleted, though its time is over, nor taken back.
            #expect(silent.deleted == 0 && silent.quarantined == 0 && silent.revived == 0)
            #expect(silent.undecided == 2 && silent.onlyHere.isEmpty && silent.silent == [silence])
            #expect(world.here("one", "two") == [false, true])
            // One that answers is enough where it holds the file.
            let other = try world.collect {
                $0.copies = { _ in OtherCopies(held: [audio(of: "one")], silent: [silence]) }
            }
            #expect(other.deleted == 1 && other.undecided == 1)
        }
    }

    @Test func whatNobodyHoldsAnyMoreIsTakenBack() throws {
        try withPast(["one"]) { world in
            _ = try world.collect { $0.copies = { OtherCopies(held: Set($0)) } }
            let outcome = try world.collect { $0.copies = { _ in OtherCopies() } }
            #expect(outcome.revived == 1 && outcome.onlyHere == [audio(of: "one").oid])
            #expect(world.here("one") == [true])
        }
    }

    @Test func whatCannotBeAskedForEndsIt() throws {
        try withPast(["one"]) { world in
            #expect(throws: CancellationError.self) { () throws in
                _ = try world.collect { $0.copies = { _ in throw CancellationError() } }
            }
            #expect(world.here("one") == [true])
        }
    }
}
