import Digest
import Testing

@testable import Catalog

/// Taking a step back: what was decided since stays, all else is as it was.
struct InverseTests {
    /// Stamps that grow, from far behind all others.
    private final class Clock {
        var now: UInt64 = 9_000
        func stamp(_ replaced: [Stamp?]) -> Stamp {
            now += 1
            let stamp = Samples.stamp(now)
            for other in replaced { #expect(other.map { $0 < stamp } ?? true) }
            return stamp
        }
    }

    /// What a small record may hold at its three places; nil stands for nothing.
    private struct Values: Equatable, CaseIterable {
        var title: String?
        var isLive: Bool
        var file: Int

        static let allCases = [nil, "a", "b"].flatMap { title in
            [false, true].flatMap { isLive in [1, 2].map { Values(title: title, isLive: isLive, file: $0) } }
        }

        static func of(_ track: Track) -> Values {
            Values(title: track.title, isLive: track.tags == ["live"], file: track.audio.name == "1" ? 1 : 2)
        }
    }

    /// Sets all three; where `again` is true also what is equal is decided anew, by way of another value.
    private func set(_ values: Values, in track: Track, at stamp: Stamp, again: Bool = false) throws -> Track {
        var track = track
        if again { track = try set(other(than: Values.of(track)), in: track, at: stamp) }
        try track.set("title", to: values.title.map(JSON.string), at: stamp)
        if values.isLive {
            try track.add("live", to: "tags", at: stamp)
        } else {
            try track.remove("live", from: "tags", at: stamp)
        }
        let oid = ContentHash(of: [UInt8(values.file)])
        try track.setAudio(
            AudioReference(oid: oid, size: 1, name: "\(values.file)"),
            facts: Facts(of: oid, format: "wav", frames: Int64(values.file), sampleRate: 8000, channels: 1),
            at: stamp)
        return track
    }

    private func other(than values: Values) -> Values {
        Values(title: values.title == "a" ? "b" : "a", isLive: !values.isLive, file: 3 - values.file)
    }

    private func each(
        _ body: (_ before: Track, _ after: Track) throws -> Void
    ) throws {
        for old in Values.allCases {
            let before = try set(old, in: Samples.track(), at: Samples.stamp(1_500))
            for new in Values.allCases { try body(before, set(new, in: before, at: Samples.stamp(2_000))) }
        }
    }

    @Test func takenBackAtOnceAllIsAsItWas() throws {
        try each { before, after in
            var now = after
            let result = now.takeBack(from: before, to: after, stamp: Clock().stamp)
            #expect(Values.of(now) == Values.of(before) && now.facts == before.facts)
            #expect(result.kept.isEmpty)
            #expect(result.changed.isEmpty == (Values.of(before) == Values.of(after)))
            #expect(result.changed.isEmpty == (now == after), "what is as it was keeps its stamps")
            let again = try Track.read(now.encode())
            #expect(again == now)
        }
    }

    @Test func whatWasDecidedSinceStays() throws {
        try each { before, after in
            for later in Values.allCases {
                for again in [false, true] {
                    let since = try set(later, in: after, at: Samples.stamp(3_000), again: again)
                    var now = since
                    let result = now.takeBack(from: before, to: after, stamp: Clock().stamp)
                    let (old, new, found) = (Values.of(before), Values.of(after), Values.of(now))
                    #expect(found.title == expected(old.title, new.title, later.title, again))
                    #expect(found.isLive == expected(old.isLive, new.isLive, later.isLive, again))
                    #expect(found.file == expected(old.file, new.file, later.file, again))
                    #expect(now.facts?.frames == Int64(found.file), "facts go with their file")
                    let differing = [old.title != new.title, old.isLive != new.isLive, old.file != new.file]
                    #expect(result.changed.count + result.kept.count == differing.count { $0 })
                }
            }
        }
    }

    /// The value before, where the step changed it and it was left since; else what is there.
    private func expected<Value: Equatable>(_ old: Value, _ new: Value, _ now: Value, _ again: Bool) -> Value {
        old != new && now == new && !again ? old : now
    }

    @Test func theKeptIsNamedWithItsStamp() throws {
        let before = Samples.track()
        var after = before
        try after.add("live", to: "tags", at: Samples.stamp(2_000))
        var now = after
        try now.remove("live", from: "tags", at: Samples.stamp(3_000))
        let result = now.takeBack(from: before, to: after, stamp: Clock().stamp)
        #expect(result.kept.map(\.place.description) == ["tags.live"])
        #expect(result.kept.map(\.stamp) == [Samples.stamp(3_000)])
    }

    @Test func aValueThatPlainGitChangedStays() throws {
        let before = try Samples.track(["title": "Old"])
        var after = before
        try after.set("title", to: "New", at: Samples.stamp(2_000))
        var fields = after.fields
        fields["title"] = "By hand"
        var now = try Track(fields: fields)
        let result = now.takeBack(from: before, to: after, stamp: Clock().stamp)
        #expect(now.title == "By hand" && result.changed.isEmpty && result.kept.count == 1)
    }

    @Test func unknownFieldsAreTakenBackToo() throws {
        var fields = Samples.track().fields
        fields["later"] = ["deep": [1, 2]]
        let before = try Track(fields: fields)
        fields["later"] = nil
        let after = try Track(fields: fields)
        var now = after
        #expect(now.takeBack(from: before, to: after, stamp: Clock().stamp).changed.map(\.field) == ["later"])
        #expect(now.fields["later"] == ["deep": [1, 2]] && now.stamp(of: "later") > Samples.stamp(9_000))
    }

    @Test func decisionsAboutAPostAreNotTakenBack() throws {
        let before = Post(
            id: Samples.id(PostIDKind.self, 4), author: Samples.ana, text: "Hello", created: Samples.stamp(1_000))
        var after = before
        try after.decide(
            Decision(
                id: Samples.id(DecisionIDKind.self, 5), at: Samples.stamp(2_000), by: Samples.ana, kind: .approved,
                content: Samples.audio, stamps: Samples.audio, saw: []))
        var now = after
        let result = now.takeBack(from: before, to: after, stamp: Clock().stamp)
        #expect(now == after && result.changed.isEmpty && result.kept.isEmpty)
        #expect(after.firstChange(since: before)?.place.field == "decisions")
        #expect(after.restamped(stamp: Clock().stamp).decisions == after.decisions)
    }

    // MARK: Undone one after the other

    @Test func whatAnUndoPutBackIsStillTheEarlierDecision() throws {
        let clock = Clock()
        let start = try Samples.track(["title": "a"])
        var (first, second) = (start, start)
        try first.set("title", to: "b", at: Samples.stamp(2_000))
        second = first
        try second.set("title", to: "c", at: Samples.stamp(3_000))
        var now = second
        _ = now.takeBack(from: first, to: second, stamp: clock.stamp)
        #expect(now.title == "b")
        var without = now
        #expect(without.takeBack(from: start, to: first, stamp: clock.stamp).changed.isEmpty)
        var echoes = Echoes()
        echoes.note(undo: now, found: second, original: first)
        #expect(now.firstChange(since: first, echoes: echoes) == nil)
        _ = now.takeBack(from: start, to: first, echoes: echoes, stamp: clock.stamp)
        #expect(now.title == "a")
    }

    @Test func anElementThatAnUndoTookOutNeverWasThere() throws {
        let start = Samples.track()
        var tagged = start
        try tagged.add("live", to: "tags", at: Samples.stamp(2_000))
        var now = tagged
        _ = now.takeBack(from: start, to: tagged, stamp: Clock().stamp)
        #expect(now.tags.isEmpty && now.firstChange(since: start) != nil)
        var echoes = Echoes()
        echoes.note(undo: now, found: tagged, original: start)
        #expect(now.firstChange(since: start, echoes: echoes) == nil)
    }

    @Test func whatReturnsHasNewStampsThroughout() throws {
        var track = try set(
            Values(title: "a", isLive: true, file: 1), in: Samples.track(), at: Samples.stamp(2_000))
        try track.add("gone", to: "tags", at: Samples.stamp(2_000))
        try track.remove("gone", from: "tags", at: Samples.stamp(2_100))
        let back = track.restamped(stamp: Clock().stamp)
        for field in ["title", "audio", "facts", "owner"] {
            #expect(back.stamp(of: field) > Samples.stamp(9_000), "\(field)")
            #expect(back.value(at: field) == track.value(at: field))
        }
        #expect(try #require(back.stamp(of: "live", in: "tags")) > Samples.stamp(9_000))
        #expect(back.stamp(of: "gone", in: "tags") == Samples.stamp(2_100))
        #expect(back.created == track.created && back.tags == ["live"])
        var echoes = Echoes()
        echoes.note(undo: back, found: nil, original: track)
        #expect(back.firstChange(since: track, echoes: echoes) == nil)
    }

    @Test func echoesThatLeadAroundEnd() throws {
        let start = try Samples.track(["title": "a"])
        var (one, two) = (start, start)
        try one.set("title", to: "b", at: Samples.stamp(2_000))
        try two.set("title", to: "b", at: Samples.stamp(3_000))
        var echoes = Echoes()
        echoes.note(undo: one, found: start, original: two)
        echoes.note(undo: two, found: start, original: one)
        #expect(echoes.origin(of: Samples.stamp(2_000)) == Samples.stamp(2_000))
        #expect(echoes.origin(of: nil) == nil)
    }

    @Test func theGreatestStampOfABrokenText() {
        let (low, high) = (Samples.stamp(1_000), Samples.stamp(2_000))
        #expect(Stamp.greatest(in: Array("{\"a\": \"\(low)\", \(high) @".utf8)) == high)
        #expect(Stamp.greatest(in: Array("\(high)".utf8)) == high)
        #expect(Stamp.greatest(in: Array("\(high)".utf8.dropLast())) == nil)
        #expect(Stamp.greatest(in: Array("ana@example.org, \(low.description.uppercased()) @".utf8)) == nil)
        #expect(Stamp.greatest(in: []) == nil)
    }
}

extension Track {
    /// A field's value, without the stamp that it may carry.
    fileprivate func value(at field: String) -> JSON? {
        fields[field].map { value in value.asObject.map { .object($0.without("at")) } ?? value }
    }
}
