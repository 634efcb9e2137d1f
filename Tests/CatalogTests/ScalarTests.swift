import Catalog
import Digest
import TestSupport
import Testing

/// Identifiers, names and extensions: parsed strictly.
struct ScalarTests {
    private let hex = "0123456789abcdef0123456789abcdef"

    @Test func identifiersReadAndWriteThemselves() throws {
        let id = try #require(TrackID(hex))
        #expect(id.hex == hex)
        #expect("\(id)" == hex)
        #expect(
            id.bytes == [
                0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
            ])
        #expect(id.hasPrefix("0123"))
        #expect(!id.hasPrefix("123"))
    }

    @Test func identifiersRefuseAllElse() {
        for text in ["", "0123", hex + "0", hex.uppercased(), "g" + hex.dropFirst(), " " + hex.dropFirst()] {
            #expect(TrackID(text) == nil, "\(text)")
        }
    }

    @Test func identifiersOrderAsTheirText() {
        var chance = SeededRandom()
        let ids = (0..<100).map { _ in PersonID.random(using: &chance) }
        #expect(ids.sorted().map(\.hex) == ids.map(\.hex).sorted(), "\(chance)")
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { PersonID($0.hex) == $0 })
    }

    @Test func trackIDsComeFromTheAudio() throws {
        let audio = ContentHash(of: Array("audio".utf8))
        let owner = try #require(PersonID(hex))
        func expected(_ text: String) -> String { String(ContentHash(of: Array(text.utf8)).hex.prefix(32)) }
        #expect(TrackID.of(audio: audio).hex == expected("track\n\(audio.hex)"))
        #expect(TrackID.of(audio: audio, owner: owner).hex == expected("track\n\(hex)\n\(audio.hex)"))
        #expect(TrackID.of(audio: audio, salt: 2).hex == expected("track\n\(audio.hex)\n2"))
        #expect(TrackID.of(audio: audio).hex == "a0365d2ce37f9ac43d219f79cfc3419b")
    }

    @Test func kindsOfIdentifiersHaveNames() {
        let nouns = [
            TrackIDKind.noun, PersonIDKind.noun, WorkspaceIDKind.noun, PostIDKind.noun, DecisionIDKind.noun,
            MarkerIDKind.noun, StoreIDKind.noun, ArbiterIDKind.noun,
        ]
        #expect(Set(nouns).count == nouns.count)
    }

    @Test func namesHoldTheirGrammar() {
        for good in ["a", "0", "ana", "a-b", "a-", String(repeating: "x", count: 32)] {
            #expect(Handle(good)?.text == good)
        }
        for bad in ["", "-a", "A", "a_b", "a b", "ä", "a.b", "a/b", String(repeating: "x", count: 33)] {
            #expect(Handle(bad) == nil, "\(bad)")
        }
        #expect(Slug("a").map { $0 < (Slug("b") ?? $0) } == true)
        #expect(StemType("drums")?.description == "drums")
    }

    @Test func extensionsHoldTheirGrammar() throws {
        for good in ["flac", "mp3", "7z", "x2345678"] { #expect(FileExtension(good)?.text == good) }
        for bad in ["", "json", "FLAC", "tar.gz", "x23456789", "a-b"] {
            #expect(FileExtension(bad) == nil, "\(bad)")
        }
        let (flac, mp3) = (try #require(FileExtension("flac")), try #require(FileExtension("mp3")))
        #expect(flac < mp3)
        #expect("\(flac)" == "flac")
    }
}
