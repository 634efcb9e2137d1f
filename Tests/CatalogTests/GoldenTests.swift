import Catalog
import Digest
import Files
import TestSupport
import Testing

/// One file for each kind of record, to the byte.
struct GoldenTests {
    private static let created = Stamp("019aa00000000000@00a1b2c3d4e5")
    private static let edited = Stamp("019aa00000100001@00a1b2c3d4e5")
    private static let latest = Stamp("019aa00000200000@00a1b2c3d4e5")
    private let ana = PersonID("0123456789abcdef0123456789abcdef")
    private let audio = ContentHash(of: Array("audio".utf8))

    private func golden(_ name: String) throws -> [UInt8] {
        try FileSystem.read(FilePath(#filePath).parent.appending("Golden").appending("\(name).json"))
    }

    /// Reads a golden file and checks that writing it gives the same bytes.
    private func record<Kind: RecordKind>(_ name: String, as kind: Kind.Type) throws -> Record<Kind> {
        let bytes = try golden(name)
        let record = try Record<Kind>.read(bytes)
        #expect(try record.encode() == bytes)
        #expect(record.created == Self.created)
        return record
    }

    @Test func store() throws {
        let store = try record("store", as: StoreKind.self)
        #expect(try StoreRecord.readStore(golden("store")) == store)
        #expect(store.id == StoreID(String(repeating: "5", count: 32)))
        #expect(store.arbiter == ArbiterID(String(repeating: "9", count: 32)))
        #expect(store.name == "Band")
        #expect(store.format == 1)
        #expect(store.mergeRules == 1)
        #expect(store.sharing == .everyone)
        #expect(store.modified == Self.created)
    }

    @Test func person() throws {
        let person = try record("person", as: PersonKind.self)
        #expect(person.id == ana)
        #expect(person.handle == Handle("ana"))
        #expect(person.name == "Ana Müller")
        #expect(person.email == "ana@example.org")
        #expect(person.stamp(of: "name") == Self.edited)
        #expect(person.stamp(of: "email") == Self.created)
        #expect(person.modified == Self.edited)
    }

    @Test func workspace() throws {
        let workspace = try record("workspace", as: WorkspaceKind.self)
        let ana = try #require(ana)
        #expect(workspace.slug == Slug("band"))
        #expect(workspace.name == "Band")
        #expect(workspace.approval == .required)
        #expect(!workspace.allowsSelfApproval)
        #expect(workspace.lateness == 5_400)
        #expect(workspace.zone == "Europe/Berlin")
        #expect(workspace.members.map(\.person) == [ana])
        #expect(workspace.role(of: ana) == .owner)
        #expect(workspace.role(of: try #require(PersonID(String(repeating: "1", count: 32)))) == nil)
        #expect(workspace.profiles == ["profile-1"])
        #expect(workspace.publishingTargets.map(\.name) == ["feed"])
        #expect(workspace.publishingTargets.first?.settings["title"] == "Band news")
        #expect(workspace.modified == Self.edited)
    }

    @Test func track() throws {
        let track = try record("track", as: TrackKind.self)
        #expect(track.id == TrackID.of(audio: audio))
        #expect(track.title == "Song")
        #expect(track.artist == "Anaïs")
        #expect(track.album == "Álbum")
        #expect(track.genre == "Jazz")
        #expect(track.comment == "two\nlines \"quoted\" / slash")
        #expect(track.year == 2026)
        #expect(track.trackNumber == 1)
        #expect(track.rating == 4)
        #expect(track.bpm == 128.5)
        #expect(track.key == "A minor")
        #expect(track.grid?["origin"] == 0)
        #expect(track.owner == ana)
        #expect(track.tags == ["live", "Ünïcode"])
        #expect(track.shares.map(\.hex) == ["abcdef0123456789abcdef0123456789"])
        #expect(track.audio == AudioReference(oid: audio, size: 9, name: "song.flac"))
        #expect(
            track.facts
                == Facts(of: audio, format: "flac", frames: 44_100, sampleRate: 44_100, channels: 2, bits: 16))
        #expect(track.facts?.durationMs == 1_000)
        #expect(track.markers.map(\.frame) == [9])
        #expect(track.markers.first?.text == "drop")
        #expect(track.markers.first?.by == ana)
        #expect(track.extensions.map(\.name) == ["x-isrc"])
        #expect(track.modified == Self.latest)
        #expect(track.stamp(of: "audio") == Self.created)
        #expect(track.stamp(of: "old", in: "tags") == Self.edited)
        #expect(track.stamp(of: "never", in: "tags") == nil)
    }

    @Test func trackConflicts() throws {
        let conflict = try #require(try record("track", as: TrackKind.self).conflicts.first)
        let edited = try #require(Self.edited)
        #expect(conflict.field == "title")
        #expect(conflict.key.stamp == edited)
        #expect(conflict.at == Self.latest)
        #expect(conflict.base == "Song")
        #expect(conflict.value == "Sung")
        #expect(conflict.key == Conflict.Key(field: "title", stamp: edited, value: "Sung"))
        #expect(try record("track", as: TrackKind.self).conflicts.count == 1)
    }

    @Test func unknownFieldsAreKept() throws {
        let track = try record("track-with-unknown-fields", as: TrackKind.self)
        #expect(track.fields["lyrics"]?["de"]?.asArray?.count == 5)
        #expect(track.elements(of: "tags").first?.values["colour"] == "red")
        #expect(track.facts?.format == "flac")
        #expect(track.tags == ["live"])
    }

    @Test func stem() throws {
        let stem = try record("stem", as: StemKind.self)
        #expect(stem.type == StemType("drums"))
        #expect(stem.audio.name == "drums.wav")
        #expect(stem.facts?.channels == 2)
        #expect(stem.madeFrom == audio)
    }

    @Test func post() throws {
        let post = try record("post", as: PostKind.self)
        #expect(post.author == ana)
        #expect(post.title == "News")
        #expect(post.body == "Out now.\n\nListen!")
        #expect(post.track == TrackID.of(audio: audio))
        #expect(post.image == ContentHash(of: Array("image".utf8)))
        #expect(post.platforms == ["x"])
        #expect(post.links["feed"] == "https://example.org/1")
        #expect(
            post.schedule == .init(local: try #require(LocalTime("2026-11-20T09:00:00")), zone: "Europe/Berlin"))
    }

    @Test func postDecisions() throws {
        let decision = try #require(try record("post", as: PostKind.self).decisions.first)
        #expect(decision.at == Self.edited)
        #expect(decision.by == ana)
        #expect(decision.kind == .approved)
        #expect(decision.content == ContentHash(of: Array("c".utf8)))
        #expect(decision.stamps == ContentHash(of: Array("s".utf8)))
        #expect(decision.saw == [DecisionID(String(repeating: "c", count: 32))])
        #expect(decision.note == "good")
        #expect(decision.attempt == 1)
        #expect(decision.target == "feed")
        #expect(Set(Decision.Kind.allCases.map(\.caution)) == [0, 1, 2, 3, 4])
    }
}
