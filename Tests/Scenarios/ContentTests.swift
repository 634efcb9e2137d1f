import Catalog
import Files
import TestSupport
import Testing

/// `pin`, `unpin`, `fetch` and `drop`, with a remote that is a folder.
@Suite struct ContentTests {
    /// A store with two tracks, all of which a remote has.
    private func withShared(_ body: (Studio, [String], FilePath) throws -> Void) throws {
        try Studio.withStore { studio in
            let ids = try [1, 2].map { try studio.addedTrack(FilePath("\($0).wav"), seed: $0) }
            let remote = studio.work.appending("band.git")
            try studio.share(with: remote)
            try body(studio, ids, remote)
        }
    }

    private func isHere(_ id: String, _ studio: Studio) throws -> Bool { try studio.track(id)["here"] == true }

    @Test func aTrackIsDroppedAndFetched() throws {
        try withShared { studio, ids, _ in
            let size = try #require(try studio.track(ids[0])["audio"]?["size"])
            let dropped = try studio.json("drop", "\(ids[0])").done().json()
            #expect(dropped == ["changed": [.string(ids[0])], "bytes": size, "refused": []])
            #expect(try [isHere(ids[0], studio), isHere(ids[1], studio)] == [false, true])
            try studio.json("cat", "\(ids[0])").expectFailure(3, "not-found")
            #expect(try studio.json("status").done().json()["files"]?["here"] == 1)
            try studio.offbeat("fsck", "--deep").done()

            let fetched = try studio.json("fetch", "here:no").done().json()
            #expect(fetched == ["changed": [.string(ids[0])], "bytes": size, "refused": []])
            #expect(try isHere(ids[0], studio))
            try studio.expectSound()
        }
    }

    @Test func whatIsRefusedIsToldBesideWhatIsDone() throws {
        try withShared { studio, ids, _ in
            let pinned = try studio.json("pin", "\(ids[0])").done().json()
            #expect(pinned == ["changed": [.string(ids[0])], "bytes": 0, "refused": []])
            let outcome = try studio.json("drop", "owner:ana")
            #expect(outcome.status == 1)
            let document = try outcome.json()
            #expect(document["changed"] == [.string(ids[1])])
            #expect(document["refused"] == [["id": .string(ids[0]), "reason": "it is pinned"]])
            #expect(try [isHere(ids[0], studio), isHere(ids[1], studio)] == [true, false])
            let unpinned = try studio.json("unpin", "\(ids[0])").done().json()
            #expect(unpinned["changed"] == [.string(ids[0])])
            try studio.json("drop", "\(ids[0])").done()
        }
    }

    @Test func whatWasNotPushedStays() throws {
        try withShared { studio, _, _ in
            let id = try studio.addedTrack("new.wav", seed: 3)
            let outcome = try studio.offbeat("drop", "\(id)")
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("Refused: \(id): it was not pushed to origin yet"), "\(outcome)")
            #expect(try isHere(id, studio))
        }
    }

    @Test func aRemoteThatIsAwayIsForLater() throws {
        try withShared { studio, ids, remote in
            try studio.offbeat("drop", "\(ids[0])").done()
            try FileSystem.rename(remote, to: studio.work.appending("away"))
            try studio.json("fetch", "\(ids[0])").expectFailure(75, "offline")
            #expect(try studio.json("drop", "\(ids[1])").status == 1)
            #expect(try isHere(ids[1], studio))
        }
    }

    @Test func wordsThatNameNothingAreNotFound() throws {
        try withShared { studio, _, _ in
            for command in ["pin", "unpin", "fetch", "drop"] as [Word] {
                try studio.json(command, "nothing").expectFailure(3, "not-found")
                try studio.json(command).expectFailure(2, "usage")
                try studio.json(command, "bpm:fast").expectFailure(2, "usage")
            }
        }
    }

    @Test func aWordWithADashIsPartOfTheQuery() throws {
        try withShared { studio, ids, _ in
            try studio.offbeat("edit", "\(ids[0])", "+gig").done()
            let dropped = try studio.json("drop", "owner:ana", "-tag:gig").done().json()
            #expect(dropped["changed"] == [.string(ids[1])])
        }
    }

    @Test func theContentThatASyncBringsIsASetting() throws {
        try Studio.withStore { studio in
            try studio.offbeat("config", "set", "content", "pinned").done()
            #expect(try studio.offbeat("config", "get", "content").done().line == "pinned")
            try studio.json("config", "set", "content", "some").expectFailure(2, "usage")
        }
    }

    /// Whatever is dropped, fetched and collected at once, nothing is lost, and the journal knows what is here.
    @Test func dropsFetchesAndCollectionsAtOnce() throws {
        try withShared { studio, ids, _ in
            try Parallel.forEach(count: 3, workers: 3) { number in
                for _ in 0..<6 {
                    let words: [Word] = [["drop", "owner:ana"], ["fetch", "owner:ana"], ["gc"]][number]
                    let outcome = try studio.offbeat(words: ["--json"] + words)
                    #expect([0, 1].contains(outcome.status), "\(outcome)")
                    let refused = try outcome.json()["refused"]?.asArray ?? []
                    for refusal in refused {
                        #expect(refusal["reason"]?.asString?.hasSuffix("; try again") == true, "\(refusal)")
                    }
                }
            }
            try studio.offbeat("fetch", "owner:ana").done()
            for id in ids { #expect(try isHere(id, studio)) }
            try studio.offbeat("fsck", "--deep").done()
            try studio.expectNoLeftovers()
            try studio.expectSound()
        }
    }
}
