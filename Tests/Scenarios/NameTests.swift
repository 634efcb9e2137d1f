import Catalog
import Files
import TestSupport
import Testing

/// Names of files are bytes, and any of them may be given.
@Suite struct NameTests {
    /// Adds a file of that name by naming it, and another one by walking its folder.
    private func add(_ name: FilePath, options: [Word] = [], as given: FilePath? = nil) throws -> JSON {
        try Studio.withStore { studio in
            try studio.sound(name, seed: 1)
            let document = try studio.offbeat(words: ["--json", "add"] + options + [Word(given ?? name)]).done()
                .json()
            #expect(document["added"]?.asArray?.count == 1, "\(document)")
            try studio.sound(FilePath("folder").appending(name), seed: 2)
            let walked = try studio.json("add", "folder").done().json()
            #expect(walked["added"]?.asArray?.count == 1, "\(walked)")
            try studio.expectSound()
            try studio.offbeat("ls").done()
            try studio.offbeat("export", "out").done()
            #expect(try FileSystem.list(studio.work.appending("out")).count == 3)
            return document["added"]?.asArray?.first ?? .null
        }
    }

    @Test func withALineBreak() throws {
        let track = try add("one\ntwo.wav")
        #expect(track["audio"]?["name"] == "one\ntwo.wav")
    }

    @Test func withControlCharacters() throws {
        try Studio.withStore { studio in
            try studio.sound("\u{1B}[31mred\u{7}.wav", seed: 1)
            let added = try studio.offbeat("add", "\u{1B}[31mred\u{7}.wav").done()
            let listed = try studio.offbeat("ls").done()
            for byte in [0x1B, 0x07] as [UInt8] {
                #expect(!(added.out + added.err + listed.out).contains(byte))
            }
        }
    }

    @Test func thatAreNoUTF8() throws {
        let track = try add(FilePath(bytes: [0x66, 0xFF, 0xFE, 0x80] + Array(".wav".utf8)))
        #expect(track["title"]?.asString?.hasPrefix("f") == true)
    }

    @Test func ofTwoNormalForms() throws {
        try Studio.withStore { studio in
            try studio.sound("in/\u{E9}.wav", seed: 1)
            try studio.sound("in/e\u{301}.wav", seed: 2)
            #expect(try studio.json("add", "in").done().json()["added"]?.asArray?.count == 2)
            try studio.offbeat("export", "out").done()
            #expect(try FileSystem.list(studio.work.appending("out")).count == 3)
        }
    }

    @Test func ofTheGreatestLength() throws {
        let name = FilePath(String(repeating: "n", count: 251) + ".wav")
        let track = try add(name)
        #expect(track["audio"]?["name"]?.asString == name.string)
    }

    @Test func ofTheGreatestLengthInWideLetters() throws {
        _ = try add(FilePath(String(repeating: "ñ", count: 125) + ".wav"))
    }

    @Test func withALeadingDash() throws {
        let track = try add("-rf.wav", options: ["--"])
        #expect(track["title"] == "-rf")
    }

    @Test func withALeadingDashAndADot() throws {
        let track = try add("--json.wav", as: "./--json.wav")
        #expect(track["title"] == "--json")
    }

    @Test func withALeadingDashAreUsageErrorsOtherwise() throws {
        try Studio.withStore { studio in
            try studio.sound("-rf.wav", seed: 1)
            try studio.expectUnchanged { try studio.json("add", "-rf.wav").expectFailure(2, "usage") }
        }
    }

    @Test func ofTheStoreItself() throws {
        try Studio.with { studio in
            let place = studio.work.appending(bytes: Array("my \n st".utf8) + [0xFF] + Array("re".utf8))
            try studio.offbeat("init", Word(place), "--user", "ana").done()
            let song = try studio.sound("song.wav", seed: 1)
            try studio.offbeat("add", "--store", Word(place), Word(song)).done()
            #expect(try studio.json("status", "--store", Word(place)).done().json()["tracks"] == 1)
            #expect(try studio.git("fsck", "--strict", in: place).status == 0)
        }
    }

    @Test func tagsWithLeadingDashes() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "+-x", "+--y").done()
            #expect(try studio.track(id)["tags"] == ["--y", "-x"])
            try studio.offbeat("edit", "\(id)", "--", "--x", "---y").done()
            #expect(try studio.track(id)["tags"] == [])
        }
    }
}
