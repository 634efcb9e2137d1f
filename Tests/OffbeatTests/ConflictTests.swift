import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

@Test func whatLostIsListedWithWhoWroteItAndWhen() throws {
    try withMeeting { meeting, id in
        #expect(try meeting.one.session("ana").conflicts().isEmpty)
        try meeting.one.edit(id.hex, "title=Ana's", as: "ana")
        let at = Int64(meeting.one.clock.now.withLock { $0 })
        meeting.pass()
        try meeting.other.edit(id.hex, "title=Ben's", "genre=House", as: "ben")
        try meeting.meet()
        for place in [meeting.one, meeting.other] {
            let found = try place.session("ana").conflicts()
            let conflict = try #require(found.first)
            #expect(found.count == 1 && conflict.id == id.hex && conflict.kind == "track")
            #expect(conflict.field == "title" && conflict.current == "Ben's" && conflict.name == "Ben's")
            #expect(conflict.others.map(\.value) == ["Ana's"] && conflict.others.map(\.by) == ["ana"])
            #expect(conflict.others.map(\.at) == [Timestamp(milliseconds: at)])
            #expect(try place.session("ana").status().conflicts == 1)
            #expect(try place.session("ana").show(id.hex).json["conflicts"] == 1)
        }
    }
}

@Test func severalValuesOfOneFieldAreOneRowTheEarliestFirst() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("song.wav").id
        let (two, three) = (
            try Meeting(place), try Meeting(Place(in: place.folder.appending("third"), copying: place))
        )
        try place.edit(id.hex, "title=1", "artist=1", as: "ana")
        two.pass()
        try two.other.edit(id.hex, "title=2", as: "ben")
        two.pass()
        try three.one.edit(id.hex, "title=3", as: "ana")
        try two.meet()
        try Meeting(one: place, other: three.one).meet()
        let found = try place.session("ana").conflicts()
        #expect(found.map(\.field) == ["title"] && found[0].current == "3")
        #expect(found[0].others.map(\.value) == ["1", "2"] && found[0].others.map(\.by) == ["ana", "ben"])
        #expect(try place.session("ana").status().conflicts == 1)
        #expect(try place.session("ana").show(id.hex).json["conflicts"] == 1, "fields, not values")
        try place.resolve(id.hex, "title", .other(2), as: "ana")
        #expect(try place.session("ana").show(id.hex).track.title == "2")
        #expect(try place.session("ana").conflicts().isEmpty)
    }
}

@Test func whoWroteIsUnknownWhereNoOperationSaysSo() throws {
    try withMeeting { meeting, id in
        try meeting.one.change { draft in
            var track = try #require(try draft.base.track(id)).track
            let stranger = Stamp(milliseconds: 1_800_000_000_500, replica: ReplicaID(truncating: 9))
            try track.set("title", to: "Stranger's", at: stranger)
            try draft.put(track)
        }
        meeting.pass()
        try meeting.other.edit(id.hex, "title=Ben's", as: "ben")
        try meeting.meet()
        let others = try #require(try meeting.one.session("ana").conflicts().first?.others)
        #expect(others.map(\.value) == ["Stranger's"] && others.map(\.by) == [nil])
    }
}

@Test func stemsAreNamedBeforeTheirFields() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let track = try place.add("song.wav")
        try place.addStem("drums", to: track)
        let meeting = try Meeting(place)
        for (number, place) in [meeting.one, meeting.other].enumerated() {
            meeting.pass()
            try place.giveStem("drums", of: track.id, sound: "take \(number)")
        }
        try meeting.meet()
        let found = try place.session("ana").conflicts()
        #expect(found.map(\.field) == ["stems/drums.audio"] && found[0].id == track.id.hex)
        #expect(try place.session("ana").show(track.id.hex).json["conflicts"] == 1)
        #expect(try place.session("ana").status().conflicts == 1)
        try place.resolve(track.id.hex, "stems/drums.audio", .other(1), as: "ana")
        let stem = try #require(try place.store.snapshot().track(track.id)?.stems.first)
        #expect(stem.audio?.pointer.oid == ContentHash(of: Array("take 0".utf8)))
        #expect(stem.stem.audio.oid == stem.audio?.pointer.oid && stem.stem.facts == nil)
        #expect(
            try place.files(of: track.id) == ["audio.wav", "stems/drums.json", "stems/drums.wav", "track.json"])
    }
}

@Test func aStemThatSomebodyRemovedIsRemovedAfterAll() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let track = try place.add("song.wav")
        try place.addStem("drums", to: track)
        let meeting = try Meeting(place)
        let stems = "\(RecordFolder.track(track.id).path)/stems"
        try place.commitPlainly([:], removing: ["\(stems)/drums.json", "\(stems)/drums.wav"])
        try place.edit(track.id.hex, "title=One", as: "ana")
        meeting.pass()
        try meeting.other.giveStem("drums", of: track.id, sound: "take 2")
        try meeting.meet()
        let found = try place.session("ana").conflicts()
        #expect(found.map(\.field) == ["stems/drums.removed"] && found.map(\.current) == [false])
        let files = try place.files(of: track.id)
        let outcome = try place.resolve(track.id.hex, "stems/drums.removed", .other(1), as: "ana")
        #expect(outcome.track?.stemTypes == [] && outcome.track?.track.title == "One")
        #expect(try place.files(of: track.id) == ["audio.wav", "track.json"])
        try place.session("ana").undo()
        #expect(try place.files(of: track.id) == files)
        try place.resolve(track.id.hex, "stems/drums.removed", .current, as: "ana")
        #expect(try place.files(of: track.id) == files)
        #expect(try place.session("ana").conflicts().isEmpty)
    }
}

extension Place {
    fileprivate func giveStem(_ type: String, of id: TrackID, sound: String) throws {
        let batch = try store.blobs.beginBatch(durable: false)
        let pointer = try batch.put(bytes: Array(sound.utf8)).pointer
        try batch.commit()
        var stem = try #require(try store.snapshot().track(id)?.stems.first).stem
        let stamp = Stamp(milliseconds: clock.now.withLock { $0 }, replica: ReplicaID(truncating: 7))
        try stem.setAudio(
            AudioReference(oid: pointer.oid, size: pointer.size, name: nil), facts: nil, madeFrom: nil, at: stamp)
        try commitPlainly([
            RecordPath.stem(id, stem.type).text: stem.encode(),
            "\(RecordFolder.track(id).path)/stems/\(type).wav": pointer.encoded(),
        ])
    }
}

@Test func workspacesPostsPeopleAndTheStoreHaveConflictsToo() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let workspace = try place.workspace("band", ["ana", "ben"])
        let post = try place.post("Hello", in: workspace)
        let meeting = try Meeting(place)
        let ben = try #require(try place.session("ben").person).id
        for (name, place) in [("One", meeting.one), ("Two", meeting.other)] {
            meeting.pass()
            try place.change { draft in
                var info = try draft.base.info()
                try info.set("name", to: .string(name), at: draft.stamp(after: info.stamp(of: "name")))
                try draft.put(info)
                var person = try #require(try draft.base.person(ben))
                try person.set("name", to: .string(name), at: draft.stamp(after: person.stamp(of: "name")))
                try draft.put(person)
                var space = try #require(try draft.base.workspaces().first)
                let role: JSON = name == "One" ? "viewer" : "approver"
                try space.add(
                    ben.hex, to: "members", at: draft.stamp(after: space.stamp(of: ben.hex, in: "members")),
                    with: ["role": role])
                try draft.put(space)
            }
            try place.editPost(post, in: workspace, text: name)
        }
        try meeting.meet()
        let found = try place.session("ana").conflicts()
        #expect(found.map(\.kind) == ["post", "workspace", "person", "store"])
        #expect(found.map(\.field) == ["text", "members.\(ben)", "name", "name"])
        #expect(found.map(\.current) == ["Two", ["role": "approver"], "Two", "Two"])
        #expect(found.map { $0.others.map(\.value) } == [["One"], [["role": "viewer"]], ["One"], ["One"]])
        #expect(try place.session("ana").status().conflicts == 4)

        try failure(.notAllowed) { try place.resolve("band", "members.\(ben)", .other(1), as: "ben") }
        try failure(.usage) { try place.resolve("band", "members.\(ben)", .value("x"), as: "ana") }
        try place.resolve("band", "members.\(ben)", .other(1), as: "ana")
        #expect(try place.store.snapshot().workspaces().first?.role(of: ben) == .viewer)
        try place.resolve("offbeat.json", "name", .value("Three"), as: "ana")
        #expect(try place.library.info().name == "Three")
        guard case .record(let record) = try place.resolve("ben", "name", .other(1), as: "ana").result else {
            Issue.record("a person is a record")
            return
        }
        #expect(record["name"] == "One")
        try place.resolve(String(post.hex.prefix(6)), "text", .other(1), as: "ana")
        #expect(try place.session("ana").conflicts().isEmpty)
    }
}

@Test func whatSharingHidesIsNotListed() throws {
    try withMeeting(sharing: .workspaces, people: ["ana", "ben"]) { meeting, id in
        for (title, place) in [("One", meeting.one), ("Two", meeting.other)] {
            meeting.pass()
            try place.edit(id.hex, "title=\(title)", as: "ana")
        }
        try meeting.meet()
        #expect(try meeting.one.session("ana").conflicts().count == 1)
        #expect(try meeting.one.session("ben").conflicts().isEmpty)
        #expect(try meeting.one.session("ben").status().conflicts == 0)
        try failure(.notFound) { try meeting.one.resolve(id.hex, "title", .current, as: "ben") }
    }
}

@Test func aLongTextIsShownItselfAndGoesWhenItIsDecided() throws {
    try withMeeting { meeting, id in
        let workspace = try meeting.one.workspace("band", ["ana", "ben"])
        let post = try meeting.one.post("Hello", in: workspace)
        let apart = try Meeting(Place(in: meeting.one.folder.appending("late"), copying: meeting.one))
        let text = String(repeating: "an early word ", count: 2000)
        apart.pass()
        try apart.one.editPost(post, in: workspace, text: text)
        apart.pass()
        try apart.other.editPost(post, in: workspace, text: "short")
        try apart.meet()
        let found = try apart.one.session("ana").conflicts()
        #expect(found.map { $0.others.map(\.value) } == [[.string(text)]])
        let folder = RecordFolder.post(workspace, post).path
        #expect(try apart.one.files(below: folder).contains { $0.hasPrefix("long/") })
        try apart.one.resolve(post.hex, "text", .other(1), as: "ana")
        #expect(
            try apart.one.store.snapshot().fields(at: RecordPath.post(workspace, post).text)["text"]
                == .string(text))
        #expect(try apart.one.files(below: folder) == ["post.json"])
        try apart.one.session("ana").undo()
        #expect(try apart.one.session("ana").conflicts().map { $0.others.map(\.value) } == [[.string(text)]])
        try apart.one.resolve(post.hex, "text", .current, as: "ana")
        #expect(try apart.one.files(below: folder) == ["post.json"])
    }
}

extension Place {
    fileprivate func post(_ text: String, in workspace: WorkspaceID) throws -> PostID {
        let id: PostID = clock.context.newID()
        let author = try #require(try session("ana").person).id
        let stamp = Stamp(milliseconds: clock.now.withLock { $0 }, replica: ReplicaID(truncating: 7))
        let post = Post(id: id, author: author, text: text, created: stamp)
        try commitPlainly([RecordPath.post(workspace, id).text: post.encode()])
        return id
    }

    fileprivate func editPost(_ id: PostID, in workspace: WorkspaceID, text: String) throws {
        let path = RecordPath.post(workspace, id)
        var post = try Post(fields: store.snapshot().fields(at: path.text))
        let stamp = Stamp(milliseconds: clock.now.withLock { $0 }, replica: ReplicaID(truncating: 7))
        try post.set("text", to: .string(text), at: stamp)
        try commitPlainly([path.text: post.encode()])
    }
}

extension StoreContext {
    fileprivate func newID<Kind>() -> Identifier<Kind> {
        var random = random
        return .random(using: &random)
    }
}
