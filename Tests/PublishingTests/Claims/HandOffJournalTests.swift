import Catalog
import Files
import Publishing
import TestSupport
import Testing

/// What a computer remembers of its hand-offs.
@Suite struct HandOffJournalTests {
    private func withJournal(_ body: (HandOffJournal, FilePath) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let place = folder.appending("publishing")
            try body(HandOffJournal(in: place), place)
        }
    }

    private func names(in folder: FilePath) throws -> [String] {
        try FileSystem.list(folder).map(\.name.string).sorted()
    }

    private static let stages: [HandOffJournal.Stage] = [
        .claiming, .handing, .told, .over(.sent(links: [:])),
        .over(.sent(links: ["b": "https://example.org/b", "a": "https://example.org/ä"])),
        .over(.refused("no, says \"it\"\n")), .over(.unreached("it is away")), .over(.unknown("")),
    ]

    @Test(arguments: stages) func eachStageIsReadAsItWasWritten(_ stage: HandOffJournal.Stage) throws {
        try withJournal { journal, _ in
            let claim = try ClaimSamples.claim()
            try journal.note(claim, stage)
            let entries = try journal.entries()
            #expect(entries.map(\.claim) == [claim] && entries.map(\.stage) == [stage])
            try #expect(!journal.isIdle && journal.isCutOff == (stage != .told))
        }
    }

    @Test func nothingIsWrittenBeforeAnythingIsNoted() throws {
        try withJournal { journal, place in
            let claim = try ClaimSamples.claim()
            try #expect(journal.entries().isEmpty && journal.isIdle && !journal.isCutOff)
            #expect(!journal.hasHandedOver(claim))
            try journal.close(claim)
            #expect(!FileSystem.exists(place))
        }
    }

    @Test func aStepTakesThePlaceOfTheOneBefore() throws {
        try withJournal { journal, place in
            let (one, other) = try (ClaimSamples.claim(), ClaimSamples.claim(attempt: 3))
            for stage in [HandOffJournal.Stage.claiming, .handing, .over(.sent(links: [:])), .told] {
                try journal.note(one, stage)
                try #expect(journal.entries().map(\.stage) == [stage])
                #expect(journal.hasHandedOver(one) == (stage != .claiming))
            }
            try journal.note(other, .claiming)
            try #expect(journal.entries().count == 2 && journal.isCutOff)
            for folder in ["open", "closed"] {
                let status = try FileSystem.status(of: place.appending(folder))
                #expect(status.mode & 0o777 == 0o700)
            }
            try #expect(names(in: place.appending("open")).count == 2)
        }
    }

    @Test func whatWasSentStaysKnownAndWhatWasNotIsForgotten() throws {
        try withJournal { journal, place in
            let (sent, unsent) = try (ClaimSamples.claim(), ClaimSamples.claim(attempt: 3))
            for claim in [sent, unsent] { try journal.note(claim, .handing) }
            try journal.close(sent)
            try journal.forget(unsent)
            #expect(journal.isIdle && journal.hasHandedOver(sent) && !journal.hasHandedOver(unsent))
            // Whatever its nonce: the attempt was made.
            try #expect(journal.hasHandedOver(ClaimSamples.claim(nonce: "b")))
            try #expect(names(in: place.appending("closed")) == ["\(sent.key)-2"])
            // Both may be said again.
            try journal.close(sent)
            try journal.forget(unsent)
        }
    }

    /// What cannot be noted as handed over is not handed over; and where it is half noted, it counts as what it may be.
    @Test func whereItCannotBeKeptThatItWasSentItIsSaidBeforeAnythingIs() throws {
        try withJournal { journal, place in
            let claim = try ClaimSamples.claim()
            try journal.note(claim, .claiming)
            try FileSystem.removeTree(place.appending("closed"))
            try FileSystem.write([], to: place.appending("closed"))
            #expect(throws: FileError.self) { try journal.note(claim, .handing) }
            try #expect(journal.entries().map(\.stage) == [.handing])
        }
    }

    @Test(arguments: ["", "{}", "{\"stage\": \"handing\"}", "STAGE"])
    func whatCannotBeReadIsNamed(_ text: String) throws {
        try withJournal { journal, place in
            let claim = try ClaimSamples.claim()
            try journal.note(claim, .handing)
            let file = place.appending("open").appending("\(claim.key)-2")
            var bytes = Array(text.utf8)
            if text == "STAGE" {
                var document = try #require(try JSON.parse(FileSystem.read(file)).asObject)
                document["stage"] = "somewhere"
                bytes = JSON.object(document).canonical()
            }
            try FileSystem.write(bytes, to: file)
            for ask in [
                { (it) throws in _ = try it.entries() }, { (it) throws in _ = try it.isCutOff },
            ] as [(HandOffJournal) throws -> Void] {
                let error = #expect(throws: JournalError.self) { try ask(journal) }
                #expect(error?.path == file)
                #expect(
                    error?.description.hasPrefix("\(file) cannot be read: it says what became of a post") == true)
            }
            #expect(!journal.isIdle && journal.hasHandedOver(claim))
        }
    }

    @Test func whatOthersLeaveThereIsNoNote() throws {
        try withJournal { journal, place in
            try journal.note(ClaimSamples.claim(), .told)
            try FileSystem.write([1], to: place.appending("open").appending(".half"))
            try FileSystem.makeDirectory(place.appending("open").appending("folder"))
            try #expect(journal.entries().map(\.stage) == [.told])
        }
    }
}
