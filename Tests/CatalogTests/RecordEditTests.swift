import Catalog
import Digest
import TestSupport
import Testing

/// How records change, and what an edit must not do.
struct RecordEditTests {
    private func code(_ body: () throws -> Void) -> CatalogError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? CatalogError)?.code
        }
    }

    @Test func settingWritesValueAndStamp() throws {
        var track = Samples.track()
        let isChanged = try track.set("title", to: "Song", at: Samples.stamp(2_000))
        #expect(isChanged)
        #expect(track.title == "Song")
        #expect(track.stamp(of: "title") == Samples.stamp(2_000))
        #expect(track.stamp(of: "album") == Samples.stamp(1_000))
        #expect(track.modified == Samples.stamp(2_000))
        #expect(try Track.read(track.encode()) == track)
    }

    @Test func settingTheSameChangesNothing() throws {
        var track = try Samples.track(["title": "Song"])
        let before = track
        let isChanged = try track.set("title", to: "Song", at: Samples.stamp(2_000))
        let isGone = try track.set("album", to: nil, at: Samples.stamp(2_000))
        #expect(!isChanged && !isGone)
        #expect(track == before)
    }

    @Test func takingAwayLeavesAStamp() throws {
        var track = try Samples.track(["title": "Song"])
        try track.set("title", to: nil, at: Samples.stamp(2_000))
        #expect(track.title == nil)
        #expect(track.fields["title"] == nil)
        #expect(track.stamp(of: "title") == Samples.stamp(2_000))
    }

    @Test func whatIsDecidedAtTheStartNeedsNoEntry() throws {
        let track = try Samples.track(["title": "Song", "year": 1999])
        #expect(track.fields["edits"] == [:])
        #expect(track.stamp(of: "title") == Samples.stamp(1_000))
    }

    @Test func textThatOnlyLooksEqualIsAChange() throws {
        var track = try Samples.track(["title": "Caf\u{e9}"])
        let isChanged = try track.set("title", to: "Cafe\u{301}", at: Samples.stamp(2_000))
        #expect(isChanged)
    }

    @Test func refusesOlderStamps() throws {
        var track = try Samples.track([:])
        try track.set("title", to: "New", at: Samples.stamp(3_000))
        try track.add("live", to: "tags", at: Samples.stamp(3_000))
        #expect(code { try track.set("title", to: "Old", at: Samples.stamp(2_000)) } == .staleStamp)
        #expect(code { try track.remove("live", from: "tags", at: Samples.stamp(2_000)) } == .staleStamp)
        #expect(
            code { try track.setAudio(track.audio.renamed("x"), facts: nil, at: Samples.stamp(1)) } == .staleStamp)
        #expect(track.title == "New")
        #expect(track.tags == ["live"])
    }

    @Test func refusesFieldsThatDoNotExist() {
        var track = Samples.track()
        #expect(code { try track.set("titel", to: "x", at: Samples.stamp(2_000)) } == .unknownField)
        #expect { try track.set("titel", to: "x", at: Samples.stamp(2_000)) } throws: {
            "\($0)" == "a track has no field \"titel\"; did you mean \"title\"?"
        }
        #expect(code { try track.add("x", to: "tagz", at: Samples.stamp(2_000)) } == .unknownField)
    }

    @Test func refusesFixedFields() {
        var track = Samples.track()
        for field in ["id", "created", "edits", "conflicts"] {
            #expect(code { try track.set(field, to: "x", at: Samples.stamp(2_000)) } == .notEditable)
        }
        #expect(code { try track.add("x", to: "conflicts", at: Samples.stamp(2_000)) } == .notEditable)
    }

    @Test func refusesSetsAsValuesAndValuesAsSets() {
        var track = Samples.track()
        #expect(code { try track.set("tags", to: [:], at: Samples.stamp(2_000)) } == .notEditable)
        #expect(code { try track.add("x", to: "title", at: Samples.stamp(2_000)) } == .notEditable)
        #expect(code { try track.remove("x", from: "title", at: Samples.stamp(2_000)) } == .notEditable)
    }

    @Test func refusesToTakeAwayWhatMustBe() throws {
        var track = Samples.track()
        #expect(code { try track.set("audio", to: nil, at: Samples.stamp(2_000)) } == .invalidValue)
        let handle = try #require(Handle("ana"))
        var person = Person(id: Samples.ana, handle: handle, created: Samples.stamp(1))
        #expect(code { try person.set("handle", to: nil, at: Samples.stamp(2)) } == .invalidValue)
    }

    private static let refused: [(String, JSON, CatalogError.Code)] = [
        ("title", 1, .invalidValue), ("title", .null, .invalidValue),
        ("title", "two\nlines", .invalidValue), ("comment", "bell\u{7}", .invalidValue),
        ("title", .string(String(repeating: "ä", count: 1_001)), .overLimit), ("rating", 6, .overLimit),
        ("rating", -1, .overLimit), ("rating", 1.5, .invalidValue), ("year", 10_000, .overLimit),
        ("bpm", 0, .overLimit), ("bpm", 999.5, .overLimit), ("bpm", "x", .invalidValue),
        ("owner", "ana", .invalidValue),
        ("x-mood", 1, .invalidValue), ("facts", JSON.object(["of": "x"]), .invalidValue),
        ("trackNumber", 0, .overLimit),
    ]

    @Test(arguments: refused)
    func refusesValues(_ field: String, _ value: JSON, _ expected: CatalogError.Code) {
        var track = Samples.track()
        let before = track
        #expect(code { try track.set(field, to: value, at: Samples.stamp(2_000)) } == expected, "\(field) \(value)")
        #expect(track == before)
    }

    @Test func takesValuesAtTheirLimits() throws {
        let track = try Samples.track([
            "title": .string(String(repeating: "ä", count: 1_000)), "rating": 5, "year": 0, "bpm": 999,
            "comment": "two\nlines\tand a tab", "x-mood": "calm", "grid": ["beats": [1, 2]],
        ])
        #expect(track.rating == 5)
        #expect(track.extensions.map(\.name) == ["x-mood"])
    }

    @Test func setsAddAndRemove() throws {
        var track = Samples.track()
        let isAdded = try track.add("live", to: "tags", at: Samples.stamp(2_000))
        let isAddedAgain = try track.add("live", to: "tags", at: Samples.stamp(3_000))
        #expect(isAdded && !isAddedAgain)
        #expect(track.stamp(of: "live", in: "tags") == Samples.stamp(2_000))
        #expect(track.contains("live", in: "tags"))
        let isRemoved = try track.remove("live", from: "tags", at: Samples.stamp(4_000))
        let isRemovedAgain = try track.remove("live", from: "tags", at: Samples.stamp(5_000))
        let wasNeverThere = try track.remove("other", from: "tags", at: Samples.stamp(5_000))
        #expect(isRemoved && !isRemovedAgain && !wasNeverThere)
        #expect(track.fields["tags"] == ["live": ["at": .string(Samples.stamp(4_000).description), "gone": true]])
        #expect(track.tags.isEmpty)
        #expect(track.modified == Samples.stamp(4_000))
        try track.add("live", to: "tags", at: Samples.stamp(6_000))
        #expect(track.tags == ["live"])
    }

    @Test func tagsThatOnlyLookEqualAreTwo() throws {
        var track = Samples.track()
        try track.add("caf\u{e9}", to: "tags", at: Samples.stamp(2_000))
        try track.add("cafe\u{301}", to: "tags", at: Samples.stamp(2_000))
        #expect(track.tags.count == 2)
    }

    @Test func elementsKeepTheirFurtherFields() throws {
        let slug = try #require(Slug("band"))
        var workspace = Workspace(id: Samples.band, slug: slug, owner: Samples.ana, created: Samples.stamp(1))
        try workspace.add(
            Samples.ben.hex, to: "members", at: Samples.stamp(2), with: ["role": "editor", "since": 1])
        let isChanged = try workspace.add(
            Samples.ben.hex, to: "members", at: Samples.stamp(3), with: ["role": "approver"])
        let isSame = try workspace.add(
            Samples.ben.hex, to: "members", at: Samples.stamp(4), with: ["role": "approver"])
        #expect(isChanged && !isSame)
        #expect(workspace.role(of: Samples.ben) == .approver)
        #expect(workspace.stamp(of: Samples.ben.hex, in: "members") == Samples.stamp(3))
        #expect(workspace.fields["members"]?[Samples.ben.hex]?["since"] == 1)
    }

    @Test func refusesElementsOutsideTheirGrammar() throws {
        var track = Samples.track()
        for tag in ["", "two\nlines", String(repeating: "x", count: 101)] {
            #expect(code { try track.add(tag, to: "tags", at: Samples.stamp(2_000)) } != nil)
        }
        #expect(code { try track.add("band", to: "shares", at: Samples.stamp(2_000)) } == .invalidValue)
        let slug = try #require(Slug("band"))
        var workspace = Workspace(id: Samples.band, slug: slug, owner: Samples.ana, created: Samples.stamp(1))
        let id = Samples.ben.hex
        #expect(code { try workspace.add(id, to: "members", at: Samples.stamp(2)) } == .invalidValue)
        #expect {
            try workspace.add(id, to: "members", at: Samples.stamp(2), with: ["role": "king"])
        } throws: { "\($0)" == "members.\(id).role must be one of: owner, approver, editor, viewer" }
    }

    @Test func replacingAudioStampsIt() throws {
        var track = Samples.track()
        let audio = AudioReference(oid: ContentHash(of: [1]), size: 1, name: nil)
        let facts = Facts(of: audio.oid, format: "wav", frames: 1, sampleRate: 1, channels: 1)
        let isChanged = try track.setAudio(audio, facts: facts, at: Samples.stamp(2_000))
        let isSame = try track.setAudio(audio, facts: facts, at: Samples.stamp(3_000))
        #expect(isChanged && !isSame)
        #expect(track.audio == audio)
        #expect(track.facts == facts)
        #expect(track.stamp(of: "audio") == Samples.stamp(2_000))
        #expect(track.fields["edits"]?["audio"] == nil)
        #expect(track.id == Samples.track().id)
        let drums = try #require(StemType("drums"))
        var stem = Stem(type: drums, audio: Samples.track().audio, facts: Samples.facts, created: Samples.stamp(1))
        let isNew = try stem.setAudio(audio, facts: facts, madeFrom: Samples.audio, at: Samples.stamp(2))
        #expect(isNew)
        #expect(stem.audio == audio && stem.facts == facts && stem.madeFrom == Samples.audio)
    }

    @Test func resolvedConflictsLeaveTheirKey() throws {
        let key = Conflict.Key(field: "title", stamp: Samples.stamp(1_500), value: "Sung")
        var fields = Samples.track().fields
        fields["conflicts"] = [
            key.description: ["at": .string(Samples.stamp(2_000).description), "base": "Song", "value": "Sung"],
            "nonsense": ["at": .string(Samples.stamp(2_000).description)],
        ]
        var track = try Track(fields: fields)
        #expect(track.conflicts.map(\.key) == [key])
        let isResolved = track.resolve(key, at: Samples.stamp(3_000))
        let isResolvedAgain = track.resolve(key, at: Samples.stamp(4_000))
        #expect(isResolved && !isResolvedAgain)
        #expect(track.conflicts.isEmpty)
        #expect(track.fields["conflicts"]?[key.description]?["gone"] == true)
    }

    @Test func conflictKeysAreStrict() throws {
        let key = Conflict.Key(field: "x-a@b#c", stamp: Samples.stamp(1), value: nil)
        #expect(Conflict.Key(key.description) == key)
        for bad in [
            "", "title", "@\(Samples.stamp(1))#00000000", "title@\(Samples.stamp(1))#0000000",
            "title#\(Samples.stamp(1))#00000000",
        ] {
            #expect(Conflict.Key(bad) == nil, "\(bad)")
        }
    }

    @Test func postsAreScheduledIllustratedAndDecided() throws {
        var post = Post(
            id: Samples.id(PostIDKind.self, 6), author: Samples.ana, text: "x", title: "t",
            created: Samples.stamp(1))
        let schedule = Post.Schedule(local: try #require(LocalTime("2026-11-20T09:00:00")), zone: nil)
        try post.setSchedule(schedule, at: Samples.stamp(2))
        try post.setImage(Samples.audio, at: Samples.stamp(2))
        try post.add("x", to: "platforms", at: Samples.stamp(2))
        let decision = Decision(
            id: Samples.id(DecisionIDKind.self, 7), at: Samples.stamp(3), by: Samples.ben, kind: .changesRequested,
            content: Samples.audio, stamps: Samples.audio, saw: [], note: "louder")
        try post.decide(decision)
        let read = try Post.read(post.encode())
        #expect(read.schedule == schedule)
        #expect(read.image == Samples.audio)
        #expect(read.decisions == [decision])
        #expect(read.platforms == ["x"])
        #expect(read.title == "t")
        try post.setSchedule(nil, at: Samples.stamp(4))
        try post.setImage(nil, at: Samples.stamp(4))
        #expect(post.schedule == nil && post.image == nil)
        #expect(post.links.isEmpty)
    }

    @Test func refusesToGrowBeyondTheLimit() throws {
        var track = Samples.track()
        let long = JSON.string(String(repeating: "x", count: Limits.comment))
        for index in 0..<110 { try track.set("x-\(index)", to: long, at: Samples.stamp(2_000)) }
        #expect(code { _ = try track.encode() } == .overLimit)
    }

    @Test func newRecordsReadBack() throws {
        let handle = try #require(Handle("ana"))
        let slug = try #require(Slug("band"))
        let person = Person(id: Samples.ana, handle: handle, name: "Ana", email: "a@b", created: Samples.stamp(1))
        #expect(try Person.read(person.encode(), expecting: Samples.ana) == person)
        let workspace = Workspace(
            id: Samples.band, slug: slug, name: "Band", owner: Samples.ana, created: Samples.stamp(1))
        #expect(try Workspace.read(workspace.encode(), expecting: Samples.band) == workspace)
        #expect(workspace.role(of: Samples.ana) == .owner)
        let store = StoreRecord(
            id: Samples.id(StoreIDKind.self, 5), name: "S", sharing: .workspaces, created: Samples.stamp(1))
        #expect(try StoreRecord.readStore(store.encode()) == store)
        #expect(store.sharing == .workspaces)
        #expect(store.arbiter == nil)
    }

    @Test func randomEditsKeepWhatTheyDoNotTouch() throws {
        var chance = SeededRandom()
        for _ in 0..<60 {
            var fields = Samples.track().fields
            var unknown: [(String, JSON)] = []
            for index in 0..<4 { unknown.append(("future\(index)", JSONChance.value(using: &chance, depth: 3))) }
            for (name, value) in unknown { fields[name] = value }
            var track = try Track(fields: fields)
            for step in 0..<20 { try edit(&track, at: Samples.stamp(2_000 + UInt64(step)), using: &chance) }
            track = try Track.read(track.encode(), expecting: track.id)
            for (name, value) in unknown { #expect(track.fields[name] == value, "\(chance)") }
            #expect(try Track.read(track.encode()).encode() == track.encode(), "\(chance)")
        }
    }

    private func edit(_ track: inout Track, at stamp: Stamp, using chance: inout SeededRandom) throws {
        let before = track
        let tag = ["a", "b", "ä"].randomElement(using: &chance) ?? "a"
        let isChanged =
            switch Int.random(in: 0..<4, using: &chance) {
            case 0: try track.set("title", to: Bool.random(using: &chance) ? .string(tag) : nil, at: stamp)
            case 1: try track.set("rating", to: .integer(.random(in: 0...5, using: &chance)), at: stamp)
            case 2: try track.add(tag, to: "tags", at: stamp)
            default: try track.remove(tag, from: "tags", at: stamp)
            }
        #expect(isChanged == (track != before), "\(chance)")
        if isChanged { #expect(track.modified == stamp, "\(chance)") }
    }
}

extension AudioReference {
    fileprivate func renamed(_ name: String) -> AudioReference { AudioReference(oid: oid, size: size, name: name) }
}
