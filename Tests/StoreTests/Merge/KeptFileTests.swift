import Blobs
import Catalog
import Digest
import TestSupport
import Testing

@testable import Store

/// What lies in a folder beside its record when two laptops changed it: what lost, images, and files of other programs.
@Suite struct KeptFileTests {
    // MARK: What is kept

    @Test func aLongTextLiesBesideItsRecordUntilItIsDecided() throws {
        try withVersions { versions in
            let base = try Note(text: "Hello")
            let long = String(repeating: "one ", count: 5_000)
            let one = try base.with { try $0.set("text", to: .string(long), at: Song.stamp(2_000)) }
            let other = try base.with { try $0.set("text", to: "other", at: Song.stamp(3_000)) }
            let merged = try versions.merge(base.tree(), one.tree(), other.tree())
            let path = "\(Note.place)/long/\(ContentHash(of: Array(long.utf8)).hex).txt"
            #expect(merged.files[path] == .text(long))
            let post = try merged.post()
            let more = try Note(post: post).with { try $0.set("title", to: "Title", at: Song.stamp(4_000)) }
            let resolved = Note(
                post: {
                    var post = post
                    for conflict in post.conflicts { post.resolve(conflict.key, at: Song.stamp(5_000)) }
                    return post
                }())
            let kept = [path: MadeFile.text(long)]
            let done = try versions.merge(
                Note(post: post).tree().merging(kept) { $1 }, more.tree().merging(kept) { $1 },
                resolved.tree().merging(kept) { $1 })
            #expect(done.files[path] == nil && !done.files.keys.contains { $0.contains("/long/") })
        }
    }

    @Test func conflictsOfOneNameAreChosenAlike() throws {
        try withVersions { versions in
            let base = try Song()
            let merged = try versions.merge(
                base, base.with { try $0.replace(by: "one", at: 2_000) },
                base.with { try $0.replace(by: "other", at: 3_000) })
            let after = Song(track: try merged.track(), files: merged.folder)
            // Both ends touch what is kept, one with garbage, one with another writing of the same pointer.
            let path = Song.kept("one")
            let old = "version https://hawser.github.com/spec/v1\noid sha256:\(audio(of: "one").oid.hex)\nsize 3\n"
            let next = try versions.merge(
                after,
                after.with {
                    $0.files[path] = .text("garbage")
                    try $0.rename("Intro")
                },
                after.with {
                    $0.files[path] = .text(old)
                    try $0.track.set("year", to: 1999, at: Song.stamp(4_000))
                })
            #expect(next.folder[path] == .text(old) || next.folder[path] == .pointer("one"))
        }
    }

    @Test(arguments: [MadeFile.text("a file"), .link("stems")]) func whatIsNoFolderGivesWay(_ file: MadeFile) throws
    {
        try withVersions { versions in
            let base = try Song().with { try $0.setStem("drums", "drums", at: 1_500) }
            let odd = try base.with {
                $0.files["conflicts"] = file
                $0.removeStem("drums")
                $0.files["stems"] = file
                try $0.replace(by: "one", at: 2_000)
            }
            let edited = try base.with {
                try $0.setStem("drums", "new drums", at: 2_500)
                try $0.replace(by: "other", at: 3_000)
            }
            let merged = try versions.merge(base, odd, edited)
            #expect(merged.folder[Song.kept("one")] == .pointer("one"))
            #expect(merged.folder["stems/drums.wav"] == .pointer("new drums"))
            #expect(merged.report.arbitrary.contains("\(Song.place)/conflicts"))
        }
    }

    // MARK: Images

    @Test func ofTwoImagesOneStandsAndTheOtherKeepsItsPointer() throws {
        try withVersions { versions in
            let base = try Note(text: "Hello").with(image: "base", at: 1_500)
            let merged = try versions.merge(
                base.tree(), base.with(image: "one", at: 2_000).tree(), base.with(image: "other", at: 3_000).tree())
            #expect(try merged.post().image == audio(of: "other").oid)
            #expect(merged.files["\(Note.place)/image.png"] == .pointer("other"))
            let kept = "\(Note.place)/conflicts/image.\(audio(of: "one").oid.hex).png"
            #expect(merged.files[kept] == .pointer("one") && merged.files.count == 3)
        }
    }

    @Test func anImageThatPlainGitAddedStays() throws {
        try withVersions { versions in
            let base = try Note(text: "Hello")
            var byHand = base
            byHand.image = .pointer("by hand")
            let edited = try base.with { try $0.set("title", to: "Title", at: Song.stamp(2_000)) }
            let merged = try versions.merge(base.tree(), byHand.tree(), edited.tree())
            #expect(merged.files["\(Note.place)/image.png"] == .pointer("by hand"))
            #expect(try merged.post().image == audio(of: "by hand").oid && merged.post().title == "Title")
            let both = try versions.merge(base.tree(), byHand.tree(), base.with(image: "other", at: 3_000).tree())
            let kept = both.files.keys.filter { $0.contains("/conflicts/image.") }
            #expect(kept.count == 1, "\(both.files.keys)")
        }
    }

    @Test func anImageThatWasTakenAwayIsGone() throws {
        try withVersions { versions in
            let base = try Note(text: "Hello").with(image: "base", at: 1_500)
            let without = try base.with(image: nil, at: 2_000)
            let edited = try base.with { try $0.set("title", to: "Title", at: Song.stamp(2_000)) }
            let merged = try versions.merge(base.tree(), without.tree(), edited.tree())
            #expect(merged.files.keys.sorted() == ["\(Note.place)/post.json"])
            #expect(try merged.post().image == nil)
        }
    }

    // MARK: Outside the grammar

    @Test func gitAttributesAndOtherFilesAreCarriedAsTheyAre() throws {
        try withVersions { versions in
            let base: MadeTree = [
                ".gitattributes": .text("a\n"), "x": .text("0"), "y": .text("0"), "z": .text("0"),
            ]
            let one: MadeTree = [".gitattributes": .text("a\nb\n"), "x": .text("1"), "y": .text("0")]
            let other: MadeTree = [
                ".gitattributes": .text("a\nc\n"), "x": .text("2"), "y": .text("2"), "z": .text("2"),
            ]
            let merged = try versions.merge(base, one, other)
            #expect([one, other].map { $0[".gitattributes"] }.contains(merged.files[".gitattributes"]))
            #expect(merged.files["y"] == .text("2") && merged.files["z"] == .text("2"))
            #expect(merged.report.arbitrary == [".gitattributes", "x"])
        }
    }

    @Test func filesInATracksFolderGoWithIt() throws {
        try withVersions { versions in
            let base = try Song().with { $0.files["notes/a.txt"] = .text("a") }
            let merged = try versions.merge(
                base,
                base.with {
                    $0.files["notes/a.txt"] = .text("b")
                    $0.files["stems/cover.xcf.bak"] = .text("x")
                },
                base.with {
                    $0.files["odd"] = .text("odd")
                    try $0.rename("Intro")
                })
            #expect(
                merged.folder == [
                    "audio.wav": .pointer("song"), "notes/a.txt": .text("b"), "odd": .text("odd"),
                    "stems/cover.xcf.bak": .text("x"),
                ])
        }
    }
}
