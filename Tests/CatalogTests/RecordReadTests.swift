import Catalog
import Digest
import Testing

/// What is refused when a record is read, and with which words.
struct RecordReadTests {
    /// A readable track, changed; why it cannot be read any more.
    private func fault(_ change: (inout JSONObject) -> Void) -> Unreadable? {
        var fields = Samples.track().fields
        change(&fields)
        do throws(Unreadable) {
            _ = try Track.read(JSON.object(fields).canonical(), expecting: .of(audio: Samples.audio))
            return nil
        } catch {
            return error
        }
    }

    private func reason(_ field: String, _ value: JSON?) -> String? { fault { $0[field] = value }?.reason }

    @Test func theSampleReads() { #expect(fault { _ in } == nil) }

    @Test func refusesWhatIsNoJSON() {
        #expect {
            try Track.read(Array("{\n,}".utf8))
        } throws: { error in
            let error = error as? Unreadable
            return error?.code == .malformed && error?.cause?.line == 2
                && error?.description == "the track is no valid JSON: line 2, column 1: expected a key in quotes"
        }
    }

    @Test func refusesWhatIsNoObject() {
        #expect { try Track.read(Array("[]".utf8)) } throws: {
            "\($0)" == "the track is a list, expected an object"
        }
    }

    @Test func refusesMoreThanOneMebibyte() throws {
        let track = Samples.track()
        let space = Array(repeating: UInt8(ascii: " "), count: Catalog.recordLimit)
        #expect { try Track.read(track.encode() + space) } throws: { ($0 as? Unreadable)?.code == .tooLarge }
    }

    @Test func refusesAnotherIdentityThanThePathSays() throws {
        let bytes = try Samples.track().encode()
        #expect { try Track.read(bytes, expecting: Samples.id(TrackIDKind.self, 4)) } throws: {
            ($0 as? Unreadable)?.code == .wrongPlace
        }
        #expect(throws: Never.self) { try Track.read(bytes) }
    }

    @Test func refusesMissingID() { #expect(reason("id", nil) == "the track's field \"id\" is missing") }

    @Test func refusesMalformedID() {
        #expect(reason("id", "ABC") == "the track's field \"id\" is not an id (32 hexadecimal digits)")
    }

    @Test func refusesMissingCreated() {
        #expect(reason("created", nil) == "the track's field \"created\" is missing")
    }

    @Test func refusesMalformedCreated() {
        #expect(reason("created", "2026") == "the track's field \"created\" is not a stamp")
    }

    @Test func refusesMissingAudio() { #expect(reason("audio", nil)?.contains("\"audio\" is missing") == true) }

    @Test func refusesAudioWithoutHash() {
        let fault = fault { $0["audio"] = ["at": .string(Samples.stamp(1).description)] }
        #expect(fault?.code == .wrongField)
        #expect(fault?.reason == "the track's field \"audio.oid\" is missing")
    }

    @Test func refusesAudioWithoutStamp() {
        #expect(reason("audio", ["oid": .string(Samples.audio.hex)])?.contains("\"audio.at\" is no stamp") == true)
    }

    @Test func refusesNullInsteadOfAbsence() {
        #expect(reason("title", .null) == "the track's field \"title\" is null, expected text")
    }

    @Test func refusesTextInsteadOfNumber() {
        #expect(reason("bpm", "128") == "the track's field \"bpm\" is text, expected a number")
        #expect(reason("year", "1999")?.contains("whole number") == true)
    }

    @Test func refusesFractionInsteadOfWholeNumber() { #expect(reason("year", 1999.5) != nil) }

    @Test func refusesNumberInsteadOfText() { #expect(reason("title", 7)?.contains("is a number") == true) }

    @Test func refusesListInsteadOfSet() {
        #expect(reason("tags", ["live"]) == "the track's field \"tags\" is a list, expected an object")
    }

    @Test func refusesSetElementWithoutStamp() {
        #expect(reason("tags", ["live": [:]]) == "the track's field \"tags.live.at\" is no stamp")
        #expect(reason("tags", ["live": true])?.contains("tags.live") == true)
    }

    @Test func refusesSetElementThatIsGoneByHalf() {
        let at = JSON.string(Samples.stamp(1).description)
        #expect(reason("tags", ["live": ["at": at, "gone": 1]])?.contains("tags.live.gone") == true)
        #expect(reason("tags", ["live": ["at": at, "gone": false]]) == nil)
    }

    @Test func refusesMarkerWithoutPlace() {
        let at = JSON.string(Samples.stamp(1).description)
        let id = String(repeating: "e", count: 32)
        #expect(reason("markers", [id: ["at": at]])?.contains("frame\" is missing") == true)
        #expect(reason("markers", [id: ["at": at, "gone": true]]) == nil)
    }

    @Test func refusesMalformedEdits() {
        #expect(reason("edits", ["title": "yesterday"]) == "the track's field \"edits.title\" is no stamp")
        #expect(reason("edits", []) != nil)
    }

    @Test func refusesMalformedOwnerAndFacts() {
        #expect(reason("owner", "ana") != nil)
        #expect(reason("facts", ["of": "x"]) != nil)
        #expect(reason("facts", "x") != nil)
    }

    @Test func readsWithoutEdits() throws { #expect(fault { $0["edits"] = nil } == nil) }

    @Test func readsValuesBeyondTheLimitsOfEdits() {
        #expect(reason("rating", 9) == nil)
        #expect(reason("title", .string(String(repeating: "x", count: 5_000))) == nil)
    }

    @Test func readsWhatWasEditedByHand() throws {
        let text = """
            {"title":"By hand",  "created":"0000000003e80000@000000000007",
             "audio":{"oid":"\(Samples.audio.hex)", "at":"0000000003e80000@000000000007", "size":3.0},
             "id" : "\(TrackID.of(audio: Samples.audio))"}
            """
        let track = try Track.read(Array(text.utf8))
        #expect(track.title == "By hand")
        #expect(track.audio.size == 3)
        #expect(track.audio.name == nil)
        #expect(track.facts == nil)
        #expect(track.stamp(of: "title") == Samples.stamp(1_000))
    }

    @Test func hidesFactsOfOtherAudio() throws {
        var track = Samples.track()
        let other = AudioReference(oid: ContentHash(of: [1]), size: 1, name: nil)
        try track.setAudio(other, facts: Samples.facts, at: Samples.stamp(2_000))
        #expect(track.facts == nil)
    }

    @Test func hidesFactsThatMakeNoSense() throws {
        for change: JSONObject in [["sampleRate": 0], ["frames": -1], ["channels": 0], ["frames": .integer(.max)]] {
            var facts = try #require(Samples.track().fields["facts"]?.asObject)
            for entry in change.entries { facts[entry.key] = entry.value }
            var fields = Samples.track().fields
            fields["facts"] = .object(facts)
            #expect(try Track(fields: fields).facts == nil)
        }
    }

    @Test func storeOfANewerFormatIsNamedAsSuch() throws {
        let store = StoreRecord(id: Samples.id(StoreIDKind.self, 5), name: nil, created: Samples.stamp(1))
        for field in ["format", "merge"] {
            var fields = store.fields
            fields[field] = 2
            fields["name"] = ["new": "shape"]
            #expect { try StoreRecord.readStore(JSON.object(fields).canonical()) } throws: {
                ($0 as? Unreadable)?.code == .newerFormat && "\($0)".contains("\(field) 2")
            }
        }
    }

    @Test func unknownWordsCountAsTheStricter() throws {
        var store = StoreRecord(id: Samples.id(StoreIDKind.self, 5), name: "x", created: Samples.stamp(1)).fields
        store["sharing"] = "friends"
        #expect(try StoreRecord(fields: store).sharing == .workspaces)
        store["sharing"] = nil
        #expect(try StoreRecord(fields: store).sharing == .everyone)
        let slug = try #require(Slug("band"))
        var workspace = Workspace(id: Samples.band, slug: slug, owner: Samples.ana, created: Samples.stamp(1))
            .fields
        workspace["approval"] = "sometimes"
        workspace["members"] = [Samples.ana.hex: ["at": .string(Samples.stamp(1).description), "role": "king"]]
        let read = try Workspace(fields: workspace)
        #expect(read.approval == .required)
        #expect(read.role(of: Samples.ana) == .viewer)
        #expect(read.members.map(\.role) == [.viewer])
        #expect(read.lateness == 3_600)
    }

    @Test func stemsAreKnownByTheirType() throws {
        let drums = try #require(StemType("drums"))
        let audio = AudioReference(oid: Samples.audio, size: 1, name: nil)
        let stem = Stem(type: drums, audio: audio, madeFrom: Samples.audio, created: Samples.stamp(1))
        let bytes = try stem.encode()
        #expect(try Stem.read(bytes, expecting: drums) == stem)
        let bass = try #require(StemType("bass"))
        #expect(throws: Unreadable.self) { try Stem.read(bytes, expecting: bass) }
    }

    @Test func decisionsOfNewerKindsAreLeftOut() throws {
        var post = Post(
            id: Samples.id(PostIDKind.self, 6), author: Samples.ana, text: "x", created: Samples.stamp(1))
        let hash = JSON.string(Samples.audio.hex)
        var fields = post.fields
        fields["decisions"] = [
            Samples.ana.hex: [
                "at": .string(Samples.stamp(2).description), "by": .string(Samples.ana.hex), "kind": "foretold",
                "content": hash, "stamps": hash, "saw": [],
            ]
        ]
        post = try Post(fields: fields)
        #expect(post.decisions.isEmpty)
        #expect(post.elements(of: "decisions").count == 1)
    }
}
