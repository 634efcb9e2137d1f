import Blobs
import Catalog
import Digest
import TestSupport
import Testing

@testable import Store

/// What becomes of a track's folder whose record and pointers two laptops changed.
@Suite struct FolderMergeTests {
    // MARK: Removal against edit

    @Test func anEditedTrackStandsAgainstItsRemoval() throws {
        try withVersions { versions in
            let base = try Song().with { try $0.setStem("drums", "drums", at: 1_500) }
            let edited = try base.with { try $0.rename("Intro") }
            let merged = try versions.merge(base.tree(), edited.tree(), ["notes.txt": .text("gone")])
            #expect(merged.folder == edited.files, "the whole folder lives")
            let track = try merged.track()
            #expect(track.title == "Intro" && track.conflicts.map(\.field) == ["removed"])
            #expect(merged.report.conflicts.map(\.key) == track.conflicts.map(\.key))
        }
    }

    @Test func aTrackThatNobodyEditedIsGone() throws {
        try withVersions { versions in
            let base = try Song()
            let merged = try versions.merge(base.tree(), base.tree().merging(["a": .text("a")]) { $1 }, [:])
            #expect(merged.files.keys.sorted() == ["a"])
        }
    }

    @Test func anEditedStemStandsAgainstItsRemoval() throws {
        try withVersions { versions in
            let base = try Song().with { try $0.setStem("drums", "drums", at: 1_500) }
            let edited = try base.with { try $0.setStem("drums", "new drums", at: 2_000) }
            let removed = try base.with {
                $0.removeStem("drums")
                try $0.rename("Intro")
            }
            let merged = try versions.merge(base, edited, removed)
            let stem = try Stem.read(#require(merged.folder["stems/drums.json"]?.bytes))
            #expect(stem.conflicts.map(\.field) == ["removed"] && stem.file == audio(of: "new drums").oid)
            #expect(merged.folder["stems/drums.wav"] == .pointer("new drums"))
            #expect(try merged.track().title == "Intro")
        }
    }

    @Test func aRemovedStemIsGoneWithItsPointer() throws {
        try withVersions { versions in
            let base = try Song().with { try $0.setStem("drums", "drums", at: 1_500) }
            let merged = try versions.merge(
                base, base.with { try $0.rename("Intro") }, base.with { $0.removeStem("drums") })
            #expect(merged.folder == ["audio.wav": .pointer("song")])
        }
    }

    @Test func anEditedPostStandsAgainstItsRemoval() throws {
        try withVersions { versions in
            let base = try Note(text: "Hello")
            var edited = base
            try edited.post.set("text", to: "Hi", at: Song.stamp(2_000))
            let merged = try versions.merge(base.tree(), edited.tree(), [:])
            #expect(try merged.post().body == "Hi" && merged.post().conflicts.map(\.field) == ["removed"])
        }
    }

    // MARK: Audio

    @Test func ofTwoReplacedFilesOneStandsAndTheOtherKeepsItsPointer() throws {
        try withVersions { versions in
            let base = try Song()
            let merged = try versions.merge(
                base, base.with { try $0.replace(by: "one", at: 2_000) },
                base.with { try $0.replace(by: "other", at: 3_000) })
            #expect(merged.folder == ["audio.wav": .pointer("other"), Song.kept("one"): .pointer("one")])
            #expect(try merged.track().conflicts.map(\.file) == [audio(of: "one").oid])
        }
    }

    @Test func theLosingFileOfAStemKeepsItsPointer() throws {
        try withVersions { versions in
            let base = try Song().with { try $0.setStem("drums", "drums", at: 1_500) }
            let merged = try versions.merge(
                base, base.with { try $0.setStem("drums", "one", at: 2_000) },
                base.with { try $0.setStem("drums", "other", at: 3_000) })
            #expect(merged.folder["stems/drums.wav"] == .pointer("other"))
            #expect(merged.folder[Song.kept("one")] == .pointer("one"))
            #expect(merged.folder.count == 4)
        }
    }

    @Test func aPointerThatNobodyNeedsAnyMoreIsGone() throws {
        try withVersions { versions in
            var base = try Song()
            base.files[Song.kept("old")] = .pointer("old")
            let merged = try versions.merge(
                base, base.with { try $0.rename("Intro") },
                base.with { try $0.track.set("year", to: 1999, at: Song.stamp(2_000)) })
            #expect(merged.folder == ["audio.wav": .pointer("song")])
        }
    }

    @Test func aPointerThatPlainGitReplacedSpeaksForItsRecord() throws {
        try withVersions { versions in
            let base = try Song()
            let merged = try versions.merge(
                base, base.with { $0.files["audio.wav"] = .pointer("by hand") },
                base.with { try $0.replace(by: "other", at: 3_000) })
            #expect(try merged.track().file == audio(of: "by hand").oid)
            #expect(merged.folder == ["audio.wav": .pointer("by hand"), Song.kept("other"): .pointer("other")])
        }
    }

    @Test func aPointerThatPlainGitDeletedComesBack() throws {
        try withVersions { versions in
            let base = try Song()
            let merged = try versions.merge(
                base, base.with { $0.files = [:] }, base.with { try $0.rename("Intro") })
            #expect(merged.folder == ["audio.wav": .pointer("song")])
            let both = try versions.merge(
                base,
                base.with {
                    $0.files = [:]
                    try $0.track.set("year", to: 1999, at: Song.stamp(2_000))
                },
                base.with {
                    $0.files = [:]
                    try $0.rename("Intro")
                })
            #expect(both.folder == ["audio.wav": .pointer("song")])
        }
    }

    @Test func rawAudioStandsAndWhatTheRecordNamesKeepsAPointer() throws {
        try withVersions { versions in
            let base = try Song()
            let merged = try versions.merge(
                base, base.with { $0.files["audio.wav"] = .text("RIFF") },
                base.with { try $0.replace(by: "other", at: 3_000) })
            #expect(merged.folder == ["audio.wav": .text("RIFF"), Song.kept("other"): .pointer("other")])
            #expect(merged.report.arbitrary == ["\(Song.place)/audio.wav"])
        }
    }

    @Test func rawAudioThatBothHaveStays() throws {
        try withVersions { versions in
            let base = try Song().with { $0.files["audio.wav"] = .text("RIFF") }
            let merged = try versions.merge(
                base, base.with { try $0.rename("Intro") },
                base.with { try $0.track.set("year", to: 1999, at: Song.stamp(2_000)) })
            #expect(merged.folder == ["audio.wav": .text("RIFF")])
            #expect(merged.report.arbitrary.isEmpty)
        }
    }

    @Test func aSecondFileThatPlainGitPutThereIsCarried() throws {
        try withVersions { versions in
            let base = try Song()
            let second = try base.with {
                $0.files["audio.mp3"] = .pointer("second")
                try $0.track.set("year", to: 1999, at: Song.stamp(2_000))
            }
            let merged = try versions.merge(base, second, base.with { try $0.rename("Intro") })
            #expect(merged.folder == second.files)
            let again = try versions.merge(
                second, second.with { try $0.rename("Intro") }, second.with { try $0.rename("Outro", at: 3_000) })
            #expect(again.folder == second.files)
        }
    }

    // MARK: Records that cannot be read

    @Test func whatCanBeReadStandsAgainstWhatCannot() throws {
        try withVersions { versions in
            let base = try Song()
            var broken = try base.tree()
            broken["\(Song.place)/track.json"] = .text("{")
            broken["\(Song.place)/audio.wav"] = .pointer("by hand")
            let merged = try versions.merge(base.tree(), base.with { try $0.rename("Intro") }.tree(), broken)
            #expect(try merged.track().title == "Intro")
            #expect(
                merged.folder == ["audio.wav": .pointer("by hand")], "the other file is not lost with the record")
            #expect(merged.report.arbitrary == ["\(Song.place)/track.json"])
        }
    }

    @Test func ofTwoThatCannotBeReadOneStandsWithEveryFile() throws {
        try withVersions { versions in
            var (base, one) = (try Song().tree(), try Song().tree())
            base["\(Song.place)/track.json"] = .text("{")
            one["\(Song.place)/track.json"] = .text("[")
            var other = base
            other["\(Song.place)/audio.wav"] = .pointer("by hand")
            other["\(Song.place)/conflicts/x"] = .text("x")
            let merged = try versions.merge(base, one, other)
            #expect(merged.files["\(Song.place)/track.json"] == .text("["))
            #expect(merged.folder["audio.wav"] == .pointer("by hand"))
        }
    }

    @Test func aRecordThatFitsOnlyAsItWasWrittenStays() throws {
        try withVersions { versions in
            let base = try Song()
            var compact = try base.with { try $0.rename("Outro", at: 3_000) }.track.fields
            for number in 0..<36_000 { compact["x\(number)"] = [.integer(Int64(number)), 1, 2] }
            let bytes = Array(JSON.object(compact).description.utf8)
            #expect(
                bytes.count <= Catalog.recordLimit && JSON.object(compact).canonical().count > Catalog.recordLimit)
            var large = try base.tree()
            large["\(Song.place)/track.json"] = .bytes(bytes)
            large["\(Song.place)/stems/x"] = .text("x")
            let edited = try base.with { try $0.rename("Intro") }.tree()
            let merged = try versions.merge(base.tree(), large, edited)
            #expect(merged.files["\(Song.place)/track.json"] == .bytes(bytes), "the later, to the byte")
            #expect(merged.report.tooLarge == ["\(Song.place)/track.json"])
        }
    }

    /// No record says which of the pointers is right, so that only their ids can tell.
    @Test func pointersBesideOneUnreadableRecordAreMergedAlike() throws {
        func folder(_ words: String) throws -> MadeTree {
            try Song.inPlace(["track.json": .text("{"), "audio.wav": .pointer(words)])
        }
        try withVersions { versions in
            let merged = try versions.merge(folder("song"), folder("one"), folder("other"))
            #expect(try [folder("one"), folder("other")].contains(merged.files))
        }
    }
}
