import Digest
import TestSupport
import Testing

@testable import Catalog

extension Samples {
    fileprivate static func file(_ name: String) -> AudioReference {
        AudioReference(oid: ContentHash(of: Array(name.utf8)), size: 9, name: "\(name).wav")
    }

    fileprivate static func named(_ name: String, _ audio: AudioReference) -> AudioReference {
        AudioReference(oid: audio.oid, size: audio.size, name: name)
    }

    fileprivate static func facts(of audio: AudioReference) -> Facts {
        Facts(of: audio.oid, format: "wav", frames: 9, sampleRate: 44_100, channels: 1)
    }

    static func post(text: String) -> Post {
        Post(id: id(PostIDKind.self, 4), author: ana, text: text, created: stamp(1_000))
    }

    fileprivate static func decision(_ digit: Int, _ kind: Decision.Kind, at time: UInt64) -> Decision {
        Decision(
            id: id(DecisionIDKind.self, digit), at: stamp(time), by: ana, kind: kind, content: audio, stamps: audio,
            saw: [])
    }
}

extension Record {
    func with(_ change: (inout Record) throws -> Void) throws -> Record {
        var record = self
        try change(&record)
        return record
    }
}

/// What two laptops' records of one thing become, field by field.
struct MergeTests {
    private typealias Edit = (inout Track) throws -> Void

    /// Edits of two laptops on one track, and what comes of them; the sides are alike.
    private func merge(
        _ fields: JSONObject = [:], _ one: Edit, _ other: Edit
    ) throws -> MergedRecord<TrackKind> {
        let base = try Samples.track(fields)
        var (left, right) = (base, base)
        try one(&left)
        try other(&right)
        return try merged(left, right, base)
    }

    private func merged<Kind>(
        _ one: Record<Kind>, _ other: Record<Kind>, _ base: Record<Kind>?
    ) throws -> MergedRecord<Kind> {
        let merged = one.merged(with: other, base: base)
        let mirrored = other.merged(with: one, base: base)
        #expect(merged.record == mirrored.record, "the sides are alike")
        #expect(try Record<Kind>.read(merged.record.encode()) == merged.record)
        // Whoever has it already learns nothing new from either side.
        for side in [one, other] {
            #expect(merged.record.merged(with: side, base: side).record == merged.record)
            #expect(merged.record.merged(with: side, base: base).record == merged.record)
        }
        return merged
    }

    private func kept(_ merged: MergedRecord<TrackKind>) -> [String: JSON?] {
        Dictionary(uniqueKeysWithValues: merged.record.conflicts.map { ($0.field, $0.value) })
    }

    // MARK: Fields

    @Test func editsOfDifferentFieldsCombine() throws {
        let merged = try merge(["title": "Song"]) {
            try $0.set("title", to: "Intro", at: Samples.stamp(2_000))
        } _: {
            try $0.set("year", to: 1999, at: Samples.stamp(3_000))
        }
        #expect(merged.record.title == "Intro" && merged.record.year == 1999)
        #expect(merged.record.stamp(of: "title") == Samples.stamp(2_000))
        #expect(merged.lost.isEmpty && merged.record.conflicts.isEmpty)
    }

    @Test func theLaterStandsAndTheOtherIsKept() throws {
        let merged = try merge(["title": "Song"]) {
            try $0.set("title", to: "Intro", at: Samples.stamp(2_000))
        } _: {
            try $0.set("title", to: "Outro", at: Samples.stamp(3_000))
        }
        #expect(merged.record.title == "Outro")
        #expect(merged.record.stamp(of: "title") == Samples.stamp(3_000))
        let conflict = try #require(merged.lost.first)
        #expect(merged.lost == merged.record.conflicts && merged.lost.count == 1)
        #expect(conflict.field == "title" && conflict.value == "Intro" && conflict.base == "Song")
        #expect(conflict.key.stamp == Samples.stamp(2_000) && conflict.at == Samples.stamp(2_000))
    }

    @Test func theSameValueTwiceIsNoConflict() throws {
        let merged = try merge(["title": "Song"]) {
            try $0.set("title", to: "Intro", at: Samples.stamp(2_000))
        } _: {
            try $0.set("title", to: "Intro", at: Samples.stamp(3_000))
        }
        #expect(merged.record.title == "Intro" && merged.record.conflicts.isEmpty)
        #expect(merged.record.stamp(of: "title") == Samples.stamp(3_000))
    }

    @Test func ofOneStampTheGreaterValueStands() throws {
        let merged = try merge {
            try $0.set("title", to: "A", at: Samples.stamp(2_000))
        } _: {
            try $0.set("title", to: "B", at: Samples.stamp(2_000))
        }
        #expect(merged.record.title == "B")
        #expect(kept(merged) == ["title": "A"])
    }

    @Test func takingAwayIsAnEdit() throws {
        let merged = try merge(["title": "Song"]) {
            try $0.set("title", to: nil, at: Samples.stamp(3_000))
        } _: {
            try $0.set("title", to: "Intro", at: Samples.stamp(2_000))
        }
        #expect(merged.record.title == nil && merged.record.fields["edits"]?["title"] != nil)
        #expect(kept(merged) == ["title": "Intro"])
        let other = try merge(["title": "Song"]) {
            try $0.set("title", to: nil, at: Samples.stamp(2_000))
        } _: {
            try $0.set("title", to: "Intro", at: Samples.stamp(3_000))
        }
        #expect(other.record.title == "Intro")
        #expect(kept(other) == ["title": JSON?.none])
    }

    // MARK: Conflicts

    @Test func aResolvedConflictStaysResolved() throws {
        let base = try Samples.track(["title": "Song"])
        var (one, other) = (base, base)
        try one.set("title", to: "Intro", at: Samples.stamp(2_000))
        try other.set("title", to: "Outro", at: Samples.stamp(3_000))
        var resolved = try merged(one, other, base).record
        let conflict = try #require(resolved.conflicts.first)
        resolved.resolve(conflict.key, at: Samples.stamp(4_000))
        #expect(resolved.conflicts.isEmpty)
        // The old branches come again, one by one and together.
        for old in [one, other, try merged(one, other, base).record] {
            #expect(try merged(resolved, old, base).record.conflicts.isEmpty)
        }
    }

    @Test func whatIsTheValueNowIsNoConflict() throws {
        let base = try Samples.track(["title": "Song"])
        var sides = [base, base, base]
        try sides[0].set("title", to: "Intro", at: Samples.stamp(2_000))
        try sides[1].set("title", to: "Outro", at: Samples.stamp(3_000))
        try sides[2].set("title", to: "Intro", at: Samples.stamp(4_000))
        let merged = try merged(merged(sides[0], sides[1], base).record, sides[2], base)
        #expect(merged.record.title == "Intro")
        #expect(kept(merged) == ["title": "Outro"])
    }

    @Test func aLongTextLiesBesideTheRecord() throws {
        let long = String(repeating: "word ", count: 5_000)
        let merged = try merge {
            try $0.set("x-notes", to: .string(String(long.prefix(9_000))), at: Samples.stamp(2_000))
        } _: {
            try $0.set("x-notes", to: "short", at: Samples.stamp(3_000))
        }
        #expect(merged.longTexts.isEmpty, "it is not that long")
        let base = Samples.track()
        var one = base.fields
        one["x-notes"] = .string(long)
        one["edits"] = ["x-notes": Samples.stamp(2_000).json]
        var other = base
        try other.set("x-notes", to: "short", at: Samples.stamp(3_000))
        let result = try self.merged(Track(fields: one), other, base)
        let hash = ContentHash(of: Array(long.utf8))
        #expect(result.longTexts == [hash: Array(long.utf8)])
        #expect(result.record.conflicts.first?.value == ["long": .string(hash.hex)])
        #expect(result.record.conflicts.first?.longTexts == [hash])
    }

    @Test func aMergeNeverMakesTooLargeARecord() throws {
        let base = Samples.track()
        func side(_ letter: String, at stamp: Stamp) throws -> Track {
            var fields = base.fields
            var edits = JSONObject()
            for number in 0..<6 {
                let name = "x-\(letter)\(number)"
                fields[name] = .string(String(repeating: letter, count: 100_000))
                edits[name] = stamp.json
            }
            fields["edits"] = .object(edits)
            return try Track(fields: fields)
        }
        let (one, other) = try (side("a", at: Samples.stamp(2_000)), side("b", at: Samples.stamp(3_000)))
        let merged = try merged(one, other, base)
        #expect(merged.isTooLarge)
        #expect(merged.record.fields["x-b0"] != nil && merged.record.fields["x-a0"] == nil)
        let conflict = try #require(merged.lost.first)
        #expect(conflict.field == "record")
        let text = try #require(conflict.longTexts.first.flatMap { merged.longTexts[$0] })
        #expect(try Track.read(text) == one)
    }

    @Test func theFilesOfARecordThatIsNotJoinedAreKeptByThemselves() throws {
        let base = Samples.track()
        func side(_ letter: String, at stamp: Stamp) throws -> Track {
            var track = base
            try track.setAudio(Samples.file(letter), facts: nil, at: stamp)
            var fields = track.fields
            for number in 0..<6 {
                fields["x-\(letter)\(number)"] = .string(String(repeating: letter, count: 100_000))
            }
            return try Track(fields: fields)
        }
        let (one, other) = try (side("a", at: Samples.stamp(2_000)), side("b", at: Samples.stamp(3_000)))
        let merged = try merged(one, other, base)
        #expect(merged.isTooLarge && Set(merged.lost.map(\.field)) == ["audio", "record"])
        #expect(merged.lost.compactMap(\.file) == [Samples.file("a").oid], "its pointer is needed")
        var resolved = merged.record
        for conflict in merged.lost { resolved.resolve(conflict.key, at: Samples.stamp(4_000)) }
        #expect(try self.merged(resolved, one, base).record.conflicts.isEmpty, "that was decided")
    }

    // MARK: Sets

    @Test func elementsJoinOneByOne() throws {
        let merged = try merge {
            try $0.add("live", to: "tags", at: Samples.stamp(2_000))
            try $0.add("old", to: "tags", at: Samples.stamp(2_000))
        } _: {
            try $0.add("loud", to: "tags", at: Samples.stamp(3_000))
            try $0.add("old", to: "tags", at: Samples.stamp(2_000))
            try $0.remove("old", from: "tags", at: Samples.stamp(4_000))
        }
        #expect(merged.record.tags == ["live", "loud"])
        #expect(merged.record.stamp(of: "old", in: "tags") == Samples.stamp(4_000))
        #expect(merged.record.conflicts.isEmpty)
    }

    @Test func twoTextsOfOneMarkerAreAConflict() throws {
        let id = String(repeating: "a", count: 32)
        var base = Samples.track()
        try base.add(id, to: "markers", at: Samples.stamp(1_000), with: ["frame": 9, "text": "drop"])
        var (one, other) = (base, base)
        try one.add(id, to: "markers", at: Samples.stamp(2_000), with: ["text": "chorus"])
        try other.remove(id, from: "markers", at: Samples.stamp(3_000))
        let removed = try merged(one, other, base)
        #expect(removed.record.markers.isEmpty)
        #expect(removed.lost.map(\.field) == ["markers.\(id)"])
        #expect(removed.lost.first?.value == ["frame": 9, "text": "chorus"])
        try other.add(id, to: "markers", at: Samples.stamp(4_000), with: ["frame": 9, "text": "verse"])
        #expect(try merged(one, other, base).lost.count == 1)
    }

    // MARK: Two adds of one file

    @Test func twoAddsOfOneFileAreOneTrack() throws {
        let early = try Samples.track(["title": "Song", "owner": .string(String(repeating: "1", count: 32))])
        var fields = early.fields
        fields["created"] = Samples.stamp(2_000).json
        fields["title"] = nil
        fields["year"] = 1999
        fields["owner"] = .string(String(repeating: "2", count: 32))
        fields["audio"] = .object(Samples.named("other.wav", early.audio).fields(at: Samples.stamp(2_000)))
        let late = try Track(fields: fields)
        let merged = try merged(early, late, nil)
        #expect(merged.record.created == Samples.stamp(1_000))
        #expect(merged.record.title == "Song", "what nobody said loses to what somebody said")
        #expect(merged.record.year == 1999 && merged.record.stamp(of: "year") == Samples.stamp(2_000))
        #expect(merged.record.fields["edits"]?["year"] == Samples.stamp(2_000).json)
        #expect(merged.record.owner?.hex == String(repeating: "2", count: 32))
        #expect(merged.record.conflicts.isEmpty)
    }

    // MARK: Files

    @Test func ofTwoFilesTheLaterStandsWithItsFacts() throws {
        let base = Samples.track()
        var (one, other) = (base, base)
        let (a, b) = (Samples.file("a"), Samples.file("b"))
        try one.setAudio(a, facts: Samples.facts(of: a), at: Samples.stamp(3_000))
        try other.setAudio(b, facts: nil, at: Samples.stamp(2_000))
        try other.set("facts", to: .object(Samples.facts(of: b).fields), at: Samples.stamp(5_000))
        let merged = try merged(one, other, base)
        #expect(merged.record.audio == a && merged.record.facts == Samples.facts(of: a))
        #expect(merged.lost.map(\.field) == ["audio"] && merged.lost.first?.file == b.oid)
    }

    @Test func oneFileUnderTwoNamesIsNoConflict() throws {
        let base = Samples.track()
        var (one, other) = (base, base)
        let audio = Samples.file("a")
        try one.setAudio(Samples.named("x.wav", audio), facts: nil, at: Samples.stamp(3_000))
        try other.setAudio(Samples.named("y.wav", audio), facts: Samples.facts(of: audio), at: Samples.stamp(2_000))
        let merged = try merged(one, other, base)
        #expect(merged.record.audio.name == "x.wav" && merged.record.conflicts.isEmpty)
        #expect(merged.record.facts == Samples.facts(of: audio), "known facts are better than none")
    }

    // MARK: By hand

    @Test func aValueThatPlainGitChangedGetsAStamp() throws {
        let base = try Samples.track(["title": "Song"])
        var fields = base.fields
        fields["title"] = "By hand"
        let hand = try Track(fields: fields)
        var other = base
        try other.set("year", to: 1999, at: Samples.stamp(2_000))
        let quiet = try merged(hand, other, base)
        #expect(quiet.record.title == "By hand" && quiet.record.year == 1999)
        #expect(quiet.record.stamp(of: "title") > Samples.stamp(1_000))
        #expect(quiet.record.conflicts.isEmpty)
        try other.set("title", to: "Intro", at: Samples.stamp(3_000))
        let both = try merged(hand, other, base)
        #expect(both.record.title == "By hand" && both.record.stamp(of: "title") > Samples.stamp(3_000))
        #expect(kept(both) == ["title": "Intro"])
    }

    @Test func aFieldThatPlainGitTookAwayIsGone() throws {
        var base = try Samples.track(["title": "Song"])
        try base.add("live", to: "tags", at: Samples.stamp(1_000))
        var fields = base.fields
        fields["title"] = nil
        fields["tags"] = [:]
        let hand = try Track(fields: fields)
        var other = base
        try other.set("year", to: 1999, at: Samples.stamp(2_000))
        let quiet = try merged(hand, other, base).record
        #expect(quiet.title == nil && quiet.tags.isEmpty && quiet.year == 1999)
        #expect(quiet.stamp(of: "live", in: "tags").map { $0 > Samples.stamp(1_000) } == true)
        try other.set("title", to: "Intro", at: Samples.stamp(3_000))
        #expect(try merged(hand, other, base).record.title == "Intro", "what somebody wrote stays")
    }

    // MARK: Unknown fields

    @Test func unknownFieldsJoinByWhatTheyLookLike() throws {
        func stamped(_ value: JSON, _ stamp: UInt64) -> JSON { ["at": Samples.stamp(stamp).json, "value": value] }
        let base = Samples.track()
        var (one, other) = (base.fields, base.fields)
        one["set"] = ["a": stamped(1, 2_000), "both": stamped(1, 2_000)]
        other["set"] = ["b": stamped(2, 2_000), "both": stamped(2, 3_000)]
        one["single"] = stamped(1, 3_000)
        other["single"] = stamped(2, 2_000)
        one["plain"] = [1]
        other["plain"] = [2]
        other["edits"] = ["plain": Samples.stamp(2_000).json]
        let merged = try merged(Track(fields: one), Track(fields: other), base)
        let fields = merged.record.fields
        #expect(fields["set"] == ["a": stamped(1, 2_000), "b": stamped(2, 2_000), "both": stamped(2, 3_000)])
        #expect(fields["single"] == stamped(1, 3_000))
        #expect(fields["plain"] == [1], "what came without a stamp was decided after what was seen")
        #expect(Set(merged.lost.map(\.field)) == ["set.both", "single", "plain"])
    }

    // MARK: Posts and stores

    @Test func paragraphsOfAPostCombine() throws {
        let base = Samples.post(text: "Hello\n\nWorld")
        var (one, other) = (base, base)
        try one.set("text", to: "Hi\n\nWorld", at: Samples.stamp(2_000))
        try other.set("text", to: "Hello\n\nMoon", at: Samples.stamp(3_000))
        let both = try merged(one, other, base)
        #expect(both.record.body == "Hi\n\nMoon" && both.record.conflicts.isEmpty)
        #expect(both.record.stamp(of: "text") > Samples.stamp(3_000))
        try other.set("text", to: "Hey\n\nMoon", at: Samples.stamp(4_000))
        let clash = try merged(one, other, base)
        #expect(clash.record.body == "Hey\n\nMoon")
        #expect(clash.lost.map(\.value) == ["Hi\n\nWorld"])
    }

    @Test func decisionsAreASetAndLinksOnlyGrow() throws {
        let base = Samples.post(text: "Hello")
        var (one, other) = (base, base)
        try one.decide(Samples.decision(1, .approved, at: 2_000))
        try other.decide(Samples.decision(2, .rejected, at: 3_000))
        try one.set("links", to: ["feed": "https://a"], at: Samples.stamp(4_000))
        try other.set("links", to: ["mail": "https://b"], at: Samples.stamp(4_500))
        let merged = try merged(one, other, base)
        #expect(merged.record.decisions.map(\.kind) == [.approved, .rejected])
        #expect(merged.record.links == ["feed": "https://a", "mail": "https://b"])
        #expect(merged.record.conflicts.isEmpty)
    }

    @Test func ofTwoLinksOfOneNameOneIsKept() throws {
        let base = try Samples.post(text: "Hello").with {
            try $0.set("links", to: ["feed": "a"], at: Samples.stamp(1_500))
        }
        let one = try base.with { try $0.set("links", to: ["feed": "b", "x": "1"], at: Samples.stamp(2_000)) }
        let later = try base.with { try $0.set("links", to: ["feed": "a", "y": "2"], at: Samples.stamp(3_000)) }
        let other = try base.with { try $0.set("links", to: ["feed": "c", "y": "2"], at: Samples.stamp(3_000)) }
        let quiet = try merged(one, later, base)
        #expect(quiet.record.links == ["feed": "b", "x": "1", "y": "2"] && quiet.lost.isEmpty)
        let clash = try merged(one, other, base)
        #expect(clash.record.links == ["feed": "c", "x": "1", "y": "2"])
        #expect(clash.lost.map(\.value) == [["feed": "b"]])
        let without = try base.with { try $0.set("links", to: nil, at: Samples.stamp(4_000)) }
        #expect(try merged(one, without, base).record.links == ["feed": "b", "x": "1"])
    }

    @Test func sharingThatIsNotSaidIsOpen() throws {
        let id = try #require(StoreID(String(repeating: "5", count: 32)))
        let base = StoreRecord(id: id, name: "Band", created: Samples.stamp(1_000))
        let strict = try base.with { try $0.set("sharing", to: "workspaces", at: Samples.stamp(2_000)) }
        let unsaid = try base.with { try $0.set("sharing", to: nil, at: Samples.stamp(3_000)) }
        #expect(try merged(strict, unsaid, base).record.sharing == .workspaces)
        var fields = strict.fields
        fields["sharing"] = "everyone"
        let openedByHand = try StoreRecord(fields: fields)
        let named = try strict.with { try $0.set("name", to: "Duo", at: Samples.stamp(3_000)) }
        #expect(try merged(openedByHand, named, strict).record.sharing == .everyone, "one side alone decided")
        // A word that only a newer program knows is stricter, too.
        fields["sharing"] = "friends"
        fields["edits"] = ["sharing": Samples.stamp(3_000).json]
        #expect(try merged(openedByHand, StoreRecord(fields: fields), strict).record.sharing == .workspaces)
    }

    @Test func theStricterSharingAndTheNewerRulesStand() throws {
        let id = try #require(StoreID(String(repeating: "5", count: 32)))
        let base = StoreRecord(id: id, name: "Band", created: Samples.stamp(1_000))
        var (one, other) = (base, base)
        try one.set("sharing", to: "workspaces", at: Samples.stamp(2_000))
        try other.set("sharing", to: "workspaces", at: Samples.stamp(3_000))
        try other.set("sharing", to: "everyone", at: Samples.stamp(4_000))
        let merged = try merged(one, other, nil)
        #expect(merged.record.sharing == .workspaces)
        let loosened = try self.merged(merged.record, merged.record, merged.record)
        #expect(loosened.record.sharing == .workspaces)
        var opened = merged.record
        try opened.set("sharing", to: "everyone", at: Samples.stamp(9_000))
        #expect(opened.merged(with: merged.record, base: merged.record).record.sharing == .everyone)
    }

    // MARK: Removal

    @Test func anEditStandsAgainstARemoval() throws {
        let base = try Samples.track(["title": "Song"])
        var edited = base
        try edited.set("title", to: "Intro", at: Samples.stamp(2_000))
        let kept = try #require(edited.keptAgainstRemoval(since: base))
        #expect(kept.record.title == "Intro" && kept.conflict?.field == "removed")
        var resolved = kept.record
        resolved.resolve(try #require(kept.conflict?.key), at: Samples.stamp(3_000))
        let again = try #require(resolved.keptAgainstRemoval(since: base))
        #expect(again.conflict == nil && again.record == resolved, "that was decided")
    }
}
