import Catalog
import Files
import TestSupport
import Testing

/// `conflicts` and `resolve` as a whole, on records into which plain git wrote what a merge writes.
@Suite struct ConflictTests {
    private static let lost = "title@018b2f5a41000000@00000000abcd#0123abcd"

    /// Calls `body` with a store that has one track whose title lost a merge.
    private static func withConflict(_ body: (Studio, String) throws -> Void) throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let clone = try studio.clone()
            let file = clone.appending(trackFolder(id)).appending("track.json")
            var record = try JSON.parse(FileSystem.read(file)).asObject ?? [:]
            record["conflicts"] = [
                lost: ["at": "018b2f5a41000000@00000000abcd", "value": "A \u{1b}[31m song"]
            ]
            try FileSystem.write(JSON.object(record).canonical(), to: file)
            try studio.push(from: clone, because: "Merge")
            try body(studio, id)
        }
    }

    @Test func whatWaitsIsListedAndDecided() throws {
        try Self.withConflict { studio, id in
            let document = try studio.json("conflicts").done().json()
            let row: JSON = [
                "n": 1, "kind": "track", "id": .string(id), "field": "title", "current": "song",
                "others": [["value": "A \u{1b}[31m song", "by": .null, "at": "2023-10-14T18:02:05.952Z"]],
            ]
            #expect(document == ["conflicts": [row]])
            #expect(try studio.json("status").done().json()["conflicts"] == 1)
            let page = try studio.offbeat("conflicts").done().text
            #expect(page.contains("current") && page.contains("A \\x1b[31m song"), "\(page)")
            #expect(page.contains("offbeat resolve ID FIELD"))

            let outcome = try studio.json("resolve", "song", "title", "--take", "1").done().json()
            #expect(try outcome["version"]?.asString == studio.head())
            #expect(try outcome["track"] == studio.track(id))
            #expect(outcome["track"]?["title"] == "A \u{1b}[31m song" && outcome["track"]?["conflicts"] == 0)
            #expect(try studio.json("conflicts").done().json() == ["conflicts": []])
            #expect(try studio.offbeat("conflicts").done().text == "Nothing waits for a decision\n")
            try studio.expectSound()
            let undone = try studio.json("undo").done().json()
            #expect(undone["kept"] == [])
            #expect(try studio.json("conflicts").done().json() == document)
            let text = try studio.offbeat("resolve", "\(id)", "title", "--value", "Ours").done().text
            #expect(text == "Decided title of \(id.prefix(8)) song\n")
            #expect(try studio.track(id)["title"] == "Ours")
            try studio.expectSound()
        }
    }

    @Test func whatIsOffIsRefused() throws {
        try Self.withConflict { studio, id in
            try studio.expectUnchanged {
                let calls: [[Word]] = [
                    [], ["--take", "1", "--value", "x"], ["--take", "2"], ["--take", "0"], ["--take", "first"],
                ]
                for words in calls {
                    try studio.offbeat(words: ["--json", "resolve", "\(id)", "title"] + words)
                        .expectFailure(2, "usage")
                }
                try studio.json("resolve", "\(id)").expectFailure(2, "usage")
                try studio.json("resolve", "ffff", "title", "--take", "1").expectFailure(3, "not-found")
                let nothing = try studio.json("resolve", "\(id)", "artist", "--take", "1")
                try nothing.expectFailure(3, "not-found")
                #expect(nothing.text.contains("offbeat conflicts"))
            }
        }
    }

    @Test func whatIsRemovedAfterAllIsGone() throws {
        try Self.withConflict { studio, id in
            let clone = try studio.clone("again")
            let file = clone.appending(trackFolder(id)).appending("track.json")
            let text = try String(decoding: FileSystem.read(file), as: UTF8.self)
            try FileSystem.write(
                text.replacing("title@018b", with: "removed@018b").replacing(
                    "\"A \\u001b[31m song\"", with: "true"),
                to: file)
            try studio.push(from: clone, because: "Merge")
            let outcome = try studio.json("resolve", "\(id)", "removed", "--take", "1").done().json()
            #expect(outcome["removed"] == [.string(id)] && outcome["track"] == nil)
            #expect(try studio.tracks().isEmpty)
            #expect(try studio.offbeat("undo").done().text == "Undid Remove song\n")
            #expect(try studio.track(id)["conflicts"] == 1)
            try studio.expectSound()
        }
    }
}
