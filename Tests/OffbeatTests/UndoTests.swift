import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// The subjects of the log, newest first.
private func subjects(_ session: Session) throws -> [String] {
    var found: [String] = []
    try session.log { entry in
        found.append(entry.entry.subject)
        return true
    }
    return found
}

@Test func undoGoesBackStepByStep() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try place.edit(id, "title=two", "artist=Shore", "+live")
        try place.edit(id, "title=three", "-live")
        let first = try place.session.undo()
        #expect(first.undone.subject == "Edit three" && first.kept.isEmpty)
        #expect(first.changes.map(\.fields) == [["tags.live", "title"]] && first.changes[0].what == .changed)
        #expect(try place.session.show(id).track.title == "two")
        #expect(try place.session.show(id).track.tags == ["live"])
        try place.session.undo()
        let track = try place.session.show(id).track
        #expect(track.title == "one" && track.artist == nil && track.tags.isEmpty)
        let third = try place.session.undo()
        #expect(third.changes.map(\.what) == [.added] && third.changes[0].fields.isEmpty)
        #expect(try titles(place.session) == [])
        let refused = try failure(.notFound) { try place.session.undo() }
        #expect(refused.hint?.contains("restore") == true)
        #expect(
            try subjects(place.session) == [
                #"Undo "Add 1 track""#, #"Undo "Edit two""#, #"Undo "Edit three""#, "Edit three", "Edit two",
                "Add 1 track", "Create the library Band",
            ])
    }
}

@Test func anUndoSaysWhichOperationItTookBack() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try place.edit(id, "title=two")
        let report = try place.session.undo()
        var entries: [HistoryEntry] = []
        try place.store.forEachVersion(from: report.version) {
            entries.append($0)
            return entries.count < 2
        }
        #expect(entries[0].undoes == entries[1].operation && entries[1].operation != nil)
        #expect(entries[0].person == entries[1].person && entries[1].version == report.undone.version)
    }
}

@Test func anUndoBringsTheOldAudioBack() throws {
    try withPlace { place in
        let id = try place.add("one.wav", frequency: 100).id.hex
        let before = try place.session.show(id)
        _ = try place.session.replace(id, with: place.sound("two.wav", frequency: 200, seconds: 0.1))
        #expect(try place.session.undo().changes.map(\.fields) == [["audio"]])
        let after = try place.session.show(id)
        #expect(after.json["audio"] == before.json["audio"] && after.isHere)
        var bytes: [UInt8] = []
        try place.session.cat(id) { bytes += $0 }
        #expect(try bytes == FileSystem.read(place.sounds.appending("one.wav")))
    }
}

@Test func anUndoBringsARemovedTrackBack() throws {
    try withPlace { place in
        let id = try place.add("one.wav") { $0.tags = ["demo"] }.id.hex
        try place.edit(id, "title=two", "x-mood=calm")
        let before = try place.session.show(id)
        _ = try place.session.remove([id])
        #expect(try place.session.undo().changes.map(\.what) == [.removed])
        let after = try place.session.show(id)
        #expect(after.json["audio"] == before.json["audio"] && after.track.title == "two")
        #expect(after.track.tags == ["demo"] && after.json["x-mood"] == "calm")
        #expect(after.track.created == before.track.created && after.track.modified > before.track.modified)
        try place.session.undo()
        #expect(try place.session.show(id).track.title == "one", "what was before the removal can be undone still")
    }
}

@Test func undoTakesBackWhatOneCommandDidToMany() throws {
    try withPlace { place in
        for number in 1...5 { try place.add("\(number).wav", frequency: Double(number * 100)) }
        _ = try place.session.edit(EditRequest(.matches("added:-1d"), changes: [.addTag("live")]))
        let report = try place.session.undo()
        #expect(report.changes.count == 5 && report.changes.allSatisfy { $0.fields == ["tags.live"] })
        #expect(try titles(place.session, "tag:live") == [])
    }
}

@Test func anUndoTakesBackMarkersAndPeople() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        _ = try place.session.addMarker(to: id, at: .frame(5), text: "drop")
        _ = try place.session.removeMarker(from: id, named: "drop")
        try place.session.undo()
        #expect(try place.session.show(id).track.markers.map(\.text) == ["drop"])
        try place.session.undo()
        #expect(try place.session.show(id).track.markers.isEmpty)
        let ben = try #require(Handle("ben"))
        _ = try place.session("ana").addPerson(ben, name: nil, email: nil)
        try place.session("ana").undo()
        #expect(try place.session.people().compactMap(\.handle?.text) == ["ana"])
    }
}

// MARK: Others

@Test func whatAnotherChangedSinceStaysAndIsNamed() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav").id.hex
        try place.edit(id, "title=two", "artist=Shore", "+live", as: "ana")
        try place.edit(id, "title=three", "-live", "+dub", as: "ben")
        let report = try place.session("ana").undo()
        #expect(report.changes.map(\.fields) == [["artist"]])
        #expect(report.kept.map(\.field) == ["tags.live", "title"])
        #expect(report.kept.allSatisfy { $0.reason == "ben changed it since" && $0.id == id && $0.kind == "track" })
        let track = try place.session.show(id).track
        #expect(track.title == "three" && track.artist == nil && track.tags == ["dub"])
    }
}

@Test func whatOneChangedElsewhereSinceIsOnesOwn() throws {
    try withPlace(people: ["ana"]) { place in
        let id = try place.add("one.wav").id.hex
        let copy = place.folder.appending("laptop")
        #expect(try run(command: "cp", arguments: ["-r", place.path.string, copy.string]).status == 0)
        try place.edit(id, "title=two", "artist=Shore")
        // The same person on another computer, whose version arrives here.
        let other = try Library(at: copy, context: place.clock.context)
        for name in ["objects", "refs", "logs"] where FileSystem.exists(place.path.appending(name)) {
            try FileSystem.removeTree(copy.appending(name))
            let words = ["-r", place.path.appending(name).string, copy.string]
            #expect(try run(command: "cp", arguments: words).status == 0)
        }
        let changes = [try TrackChange(parsing: "title=three")]
        _ = try other.session().edit(EditRequest(.one(id), changes: changes))
        for name in ["objects", "refs"] {
            try FileSystem.removeTree(place.path.appending(name))
            let words = ["-r", copy.appending(name).string, place.path.string]
            #expect(try run(command: "cp", arguments: words).status == 0)
        }
        let here = try Library(at: place.path, context: place.clock.context)
        let report = try here.session().undo()
        #expect(report.undone.subject == "Edit two" && report.changes.map(\.fields) == [["artist"]])
        #expect(report.kept.map(\.reason) == ["you changed it since"])
    }
}

@Test func whereAllWasChangedSinceNothingIsWritten() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav").id.hex
        try place.edit(id, "title=two", as: "ana")
        try place.edit(id, "title=three", as: "ben")
        let version = try place.library.version()
        let refused = try failure(.wrongState) { try place.session("ana").undo() }
        #expect(refused.message.contains("title of track \(id.prefix(8)): ben changed it since"))
        #expect(try place.library.version() == version)
        try place.session("ben").undo()
        try place.session("ana").undo()
        #expect(try place.session.show(id).track.title == "one", "ben's undo decided nothing new")
    }
}

@Test func anAddedTrackThatAnotherEditedStays() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav", as: "ana").id.hex
        try place.edit(id, "rating=4", as: "ben")
        let refused = try failure(.wrongState) { try place.session("ana").undo() }
        #expect(refused.message.contains("rating of track") && refused.message.contains("ben"))
        try place.session("ben").undo()
        #expect(try place.session("ana").undo().changes.map(\.what) == [.added])
    }
}

@Test func nobodyUndoesWhatOthersDid() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        try place.add("one.wav", as: "ben")
        try place.session("ana").undo()  // ana had added ben
        try place.commitPlainly(["x": [1]])
        try failure(.notFound) { try place.session("ana").undo() }
        #expect(try titles(place.session("ana")) == ["one"])
    }
}

@Test func thePersonWhoActsDoesNotGo() throws {
    try withPlace(people: []) { place in
        try place.addPerson("ana")
        // Nobody acted then, so for nobody it can be undone; and not by ana herself.
        try failure(.notFound) { try place.session("ana").undo() }
    }
    try withPlace(people: ["ana"]) { place in
        let ben = try place.addPerson("ben")
        var fields = ben.fields
        fields["name"] = "Ben"
        try place.commitPlainly([RecordPath.person(ben.id).text: JSON.object(fields).canonical()])
        let refused = try failure(.wrongState) { try place.session("ana").undo() }
        #expect(refused.message.contains("name of person") && refused.message.contains("somebody changed it"))
    }
}

@Test func severalPeopleMustSayWhoUndoes() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        try place.add("one.wav", as: "ana")
        let store = try Library(at: place.path, context: place.clock.context)
        try store.settings.set(.user, to: "ben")
        #expect(try store.session().person?.handle?.text == "ben")
        try failure(.notFound) { try store.session().undo() }
    }
}

@Test func onlyWhoMayStillEditUndoes() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav", as: "ana").id.hex
        try place.edit(id, "title=two", as: "ana")
        try place.edit(id, "owner=ben", as: "ana")
        let refused = try failure(.wrongState) { try place.session("ana").undo() }
        #expect(refused.message.contains("you may no longer edit it"))
        #expect(try place.session("ben").show(id).track.title == "two")
    }
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let band = try place.workspace("band", ["ana", "ben"])
        let track = try place.add("one.wav", as: "ana")
        try place.share(track.id, with: band)
        try place.edit(track.id.hex, "owner=ben", "title=two", as: "ana")
        let report = try place.session("ana").undo()
        #expect(report.changes.map(\.fields) == [["title"]])
        #expect(report.kept.map(\.reason) == ["only its owner gives it away"])
        #expect(try place.session("ana").show(track.id.hex).owner == "ben")
    }
}

@Test func anUndoOfAWorkspaceAsksForItsOwner() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let band = try place.workspace("band", ["ana", "ben"])
        let ben = try #require(try place.session("ben").person)
        try place.store.write(by: ben) { draft in
            var workspace = try #require(try draft.base.workspaces().first)
            try workspace.set("name", to: "Band", at: draft.stamp(after: workspace.stamp(of: "name")))
            try draft.put(workspace)
            return "Name it"
        }
        let refused = try failure(.wrongState) { try place.session("ben").undo() }
        #expect(
            refused.message.contains("only its owners change it") && refused.message.contains(band.hex.prefix(8)))
    }
}

@Test func aFileThatPlainGitReplacedSinceStays() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        _ = try place.session.replace(track.id.hex, with: place.sound("two.wav", frequency: 200))
        let other = Pointer(oid: ContentHash(of: Array("other".utf8)), size: 5)
        let wav = try #require(FileExtension("wav"))
        try place.commitPlainly([RecordPath.trackAudio(track.id, wav).text: other.encoded()])
        let refused = try failure(.wrongState) { try place.session.undo() }
        #expect(refused.message.contains("audio of track"))
        #expect(try place.store.snapshot().track(track.id)?.audio?.pointer == other)
    }
}
