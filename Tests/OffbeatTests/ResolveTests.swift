import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

/// Both laptops give a title, the second later, and meet.
private func withTitles<R>(_ body: (Meeting, TrackID) throws -> R) throws -> R {
    try withMeeting { meeting, id in
        try meeting.one.edit(id.hex, "title=Ana's", as: "ana")
        meeting.pass()
        try meeting.other.edit(id.hex, "title=Ben's", as: "ben")
        try meeting.meet()
        return try body(meeting, id)
    }
}

@Test(
    arguments: [
        (ResolveChoice.current, "Ben's"), (.other(1), "Ana's"), (.value("Ours"), "Ours"), (.value(""), nil),
    ] as [(ResolveChoice, String?)])
func aDecisionHoldsOnEachLaptop(choice: ResolveChoice, title: String?) throws {
    try withTitles { meeting, id in
        // The other laptop does not know of the decision when it changes something else.
        try meeting.other.edit(id.hex, "genre=House", as: "ben")
        let outcome = try meeting.one.resolve("Ben", "title", choice, as: "ana")
        #expect(outcome.id == id.hex && outcome.name == "Ben's")
        #expect(outcome.track?.track.title == title && outcome.track?.json["conflicts"] == 0)
        #expect(try outcome.version == meeting.one.library.version())
        try meeting.meet()
        for place in [meeting.one, meeting.other] {
            let session = try place.session("ana")
            #expect(try session.conflicts().isEmpty && session.status().conflicts == 0)
            let track = try session.show(id.hex).track
            #expect(track.title == title && track.genre == "House")
        }
    }
}

@Test func aDecisionIsLaterThanAllThatItReplaces() throws {
    try withTitles { meeting, id in
        let before = try meeting.one.session("ana").show(id.hex).track
        let lost = try #require(before.conflicts.first)
        // A laptop whose clock is behind decides.
        meeting.one.clock.now.withLock { $0 -= 86_400_000 }
        try meeting.one.resolve(id.hex, "title", .other(1), as: "ana")
        let after = try meeting.one.session("ana").show(id.hex).track
        #expect(after.stamp(of: "title") > before.stamp(of: "title") && after.stamp(of: "title") > lost.key.stamp)
        let tombstone = try #require(after.stamp(of: lost.key.description, in: "conflicts"))
        #expect(tombstone > lost.at && after.conflicts.isEmpty)
    }
}

@Test func twoDecisionsMadeApartAreAConflictAnew() throws {
    try withTitles { meeting, id in
        try meeting.one.resolve(id.hex, "title", .other(1), as: "ana")
        meeting.pass()
        try meeting.other.resolve(id.hex, "title", .value("Ours"), as: "ben")
        try meeting.meet()
        let found = try meeting.one.session("ana").conflicts()
        #expect(found.map(\.current) == ["Ours"] && found.map { $0.others.map(\.value) } == [["Ana's"]])
        #expect(found.map { $0.others.map(\.by) } == [["ana"]])
    }
}

@Test func undoTakesADecisionBack() throws {
    try withTitles { meeting, id in
        let place = meeting.one
        let (before, files) = (try place.session("ana").conflicts(), try place.files(of: id))
        for choice in [ResolveChoice.current, .other(1), .value("Ours")] {
            meeting.pass()
            try place.resolve(id.hex, "title", choice, as: "ana")
            #expect(try place.session("ana").conflicts().isEmpty)
            let report = try place.session("ana").undo()
            #expect(report.kept.isEmpty && report.undone.subject == "Decide title of Ben's")
            let after = try place.session("ana").conflicts()
            #expect(after.map(\.current) == before.map(\.current))
            #expect(after.map { $0.others.map(\.value) } == before.map { $0.others.map(\.value) })
            #expect(try place.files(of: id) == files)
        }
    }
}

@Test func whatIsNoConflictOrNoValueIsRefused() throws {
    try withTitles { meeting, id in
        let (place, version) = (meeting.one, try meeting.one.library.version())
        for (name, field) in [
            (id.hex, "artist"), (id.hex, "stems/drums.audio"), ("ana", "title"), ("nobody", "title"),
        ] {
            let refused = try failure(.notFound) { try place.resolve(name, field, .current, as: "ana") }
            if name != "nobody" { #expect(refused.hint?.contains("offbeat conflicts") == true) }
        }
        for number in [0, 2, -1, Int.max] {
            try failure(.usage) { try place.resolve(id.hex, "title", .other(number), as: "ana") }
        }
        try failure(.overLimit) {
            try place.resolve(id.hex, "title", .value(String(repeating: "x", count: 100_000)), as: "ana")
        }
        #expect(try place.library.version() == version)
    }
}

// MARK: Files

@Test(arguments: [true, false])
func audioThatLostTakesItsPlaceBack(isHere: Bool) throws {
    try withMeeting { meeting, id in
        let (one, other) = (meeting.one, meeting.other)
        _ = try one.session("ana").replace(id.hex, with: one.sound("one.wav", frequency: 100))
        meeting.pass()
        _ = try other.session("ben").replace(id.hex, with: other.sound("two.wav", frequency: 200))
        try meeting.meet()
        let lost = try pointer(to: one.sounds.appending("one.wav"))
        let kept = "conflicts/\(lost.oid.hex).wav"
        // Only the first laptop has the file that lost.
        let place = isHere ? one : other
        #expect(try place.files(of: id) == ["audio.wav", kept, "track.json"])
        let conflict = try #require(try place.session("ana").conflicts().first)
        #expect(conflict.field == "audio" && conflict.others.first?.value?["name"] == "one.wav")
        try failure(.usage) { try place.resolve(id.hex, "audio", .value("x"), as: "ana") }

        let track = try #require(try place.resolve(id.hex, "audio", .other(1), as: "ana").track)
        #expect(track.track.audio.oid == lost.oid && track.isHere == isHere)
        #expect((track.facts != nil) == isHere && (track.track.fields["facts"] != nil) == isHere)
        #expect(track.audioSize == lost.size)
        let problems = try place.problems()
        #expect(problems == [], "but for files that were not carried over")
        #expect(try place.files(of: id) == ["audio.wav", "track.json"])
        try place.session("ana").undo()
        #expect(try place.files(of: id) == ["audio.wav", kept, "track.json"])
        let back = try place.session("ana").show(id.hex).track
        #expect(back.audio.name == "two.wav" && back.facts != nil && back.conflicts.count == 1)
        try place.resolve(id.hex, "audio", .current, as: "ana")
        #expect(try place.files(of: id) == ["audio.wav", "track.json"])
    }
}

extension Place {
    fileprivate func problems() throws -> [String] {
        let request = CheckRequest(scratch: folder.appending("scratch"))
        let found = try Library.check(at: path, request, context: clock.context).problems
        return found.filter { $0.kind != .file }.map { "\($0.what): \($0.detail)" }
    }
}

@Test func aFileThatAnotherConflictNamesKeepsItsPointer() throws {
    try withMeeting { meeting, id in
        _ = try meeting.one.session("ana").replace(id.hex, with: meeting.one.sound("one.wav", frequency: 100))
        try meeting.one.edit(id.hex, "title=One", as: "ana")
        meeting.pass()
        _ = try meeting.other.session("ben").replace(id.hex, with: meeting.other.sound("two.wav", frequency: 200))
        try meeting.other.edit(id.hex, "title=Two", as: "ben")
        try meeting.meet()
        let files = try meeting.one.files(of: id)
        #expect(files.count == 3)
        try meeting.one.resolve(id.hex, "title", .other(1), as: "ana")
        #expect(try meeting.one.files(of: id) == files)
        try meeting.one.resolve(id.hex, "audio", .current, as: "ana")
        #expect(try meeting.one.files(of: id) == ["audio.wav", "track.json"])
    }
}

@Test func aMarkerTakesTheValuesThatLost() throws {
    try withMeeting { meeting, id in
        let marked = try meeting.one.session("ana").addMarker(to: id.hex, at: .frame(10), text: "drop")
        let marker = try #require(marked.tracks.first?.track.markers.first).id
        try meeting.meet()
        for (text, place) in [("one", meeting.one), ("two", meeting.other)] {
            meeting.pass()
            try place.change { draft in
                var track = try #require(try draft.base.track(id)).track
                let at = draft.stamp(after: track.stamp(of: marker.hex, in: "markers"))
                try track.add(marker.hex, to: "markers", at: at, with: ["text": .string(text)])
                try draft.put(track)
            }
        }
        try meeting.meet()
        let field = "markers.\(marker)"
        let conflict = try #require(try meeting.one.session("ana").conflicts().first)
        #expect(conflict.field == field && conflict.current?["text"] == "two")
        try failure(.usage) { try meeting.one.resolve(id.hex, field, .value("x"), as: "ana") }
        try meeting.one.resolve(id.hex, field, .other(1), as: "ana")
        let markers = try meeting.one.session("ana").show(id.hex).track.markers
        #expect(markers.map(\.text) == ["one"] && markers.map(\.frame) == [10])
    }
}

// MARK: Whole records

/// One removes what the other changes, and they meet.
private func withRemoval<R>(
    sharing: Sharing = .everyone, _ body: (Meeting, TrackID) throws -> R
) throws -> R {
    try withMeeting(sharing: sharing) { meeting, id in
        _ = try meeting.one.session("ana").remove([id.hex])
        meeting.pass()
        try meeting.other.edit(id.hex, "title=Kept", as: "ana")
        try meeting.meet()
        return try body(meeting, id)
    }
}

@Test func whatSomebodyRemovedIsKeptOrRemovedAfterAll() throws {
    try withRemoval { meeting, id in
        let conflict = try #require(try meeting.one.session("ana").conflicts().first)
        #expect(conflict.field == "removed" && conflict.current == false)
        #expect(conflict.others.map(\.value) == [true] && conflict.others.map(\.by) == [nil])
        try failure(.usage) { try meeting.one.resolve(id.hex, "removed", .value("x"), as: "ana") }
        try meeting.one.resolve(id.hex, "removed", .current, as: "ana")
        #expect(try meeting.one.session("ana").conflicts().isEmpty)
        #expect(try meeting.one.session("ana").undo().undone.subject == "Keep Kept")
        guard case .removed = try meeting.one.resolve(id.hex, "removed", .other(1), as: "ana").result else {
            Issue.record("it is still there")
            return
        }
        #expect(try meeting.one.session("ana").list(ListRequest()).total == 0)
        try meeting.meet()
        #expect(try meeting.other.session("ana").list(ListRequest()).total == 0)
        #expect(try meeting.one.session("ana").undo().undone.subject == "Remove Kept")
        #expect(try meeting.one.session("ana").show(id.hex).track.conflicts.count == 1)
    }
}

@Test func whoMayNotRemoveOrGiveAwayDoesNotDecideThat() throws {
    try withRemoval(sharing: .workspaces) { meeting, id in
        let place = meeting.one
        try place.share(id, with: place.workspace("band", ["ana", "ben"]))
        #expect(try place.session("ben").conflicts().count == 1)
        let refused = try failure(.notAllowed) { try place.resolve(id.hex, "removed", .other(1), as: "ben") }
        #expect(refused.message.contains("only its owner removes it"))
        try place.resolve(id.hex, "removed", .current, as: "ben")
        #expect(try place.session("ben").conflicts().isEmpty)
    }
    try withMeeting(sharing: .workspaces, people: ["ana", "ben", "zoe"]) { meeting, id in
        let place = meeting.one
        for (owner, place) in [("zoe", place), ("ben", meeting.other)] {
            meeting.pass()
            try place.edit(id.hex, "owner=\(owner)", as: "ana")
        }
        try meeting.meet()
        try failure(.notFound) { try place.resolve(id.hex, "owner", .other(1), as: "zoe") }
        try failure(.notAllowed) { try place.resolve(id.hex, "owner", .value(""), as: "ben") }
        let outcome = try place.resolve(id.hex, "owner", .other(1), as: "ben")
        #expect(outcome.track?.owner == "zoe")
        #expect(try place.session("zoe").show(id.hex).owner == "zoe")
    }
}

@Test func aRecordThatLostAsAWholeTakesItsPlaceBack() throws {
    try withMeeting { meeting, id in
        func fill(_ place: Place, _ word: String) throws {
            try place.change { draft in
                var track = try #require(try draft.base.track(id)).track
                for number in 0..<60 {
                    let text = String(repeating: word, count: 10_000)
                    try track.set("x-\(word)\(number)", to: .string(text), at: draft.stamp())
                }
                try track.set("title", to: .string(word), at: draft.stamp())
                try draft.put(track)
            }
        }
        _ = try meeting.one.session("ana").replace(id.hex, with: meeting.one.sound("a.wav", frequency: 100))
        try fill(meeting.one, "a")
        meeting.pass()
        try fill(meeting.other, "b")
        try #require(Catalog.recordLimit < 1_200_000, "both together are too much")
        try meeting.meet()
        let found = try meeting.one.session("ana").conflicts()
        let conflict = try #require(found.last)
        #expect(found.map(\.field) == ["record"] || found.map(\.field) == ["audio", "record"])
        #expect(conflict.field == "record" && conflict.current?["title"] == "b")
        #expect(conflict.others.first?.value?["title"] == "a" && conflict.others.first?.by == "ana")
        #expect(try meeting.one.files(of: id).contains { $0.hasPrefix("long/") })
        try meeting.one.resolve(id.hex, "record", .other(1), as: "ana")
        let track = try meeting.one.session("ana").show(id.hex).track
        #expect(track.audio.name == "a.wav" && track.facts != nil && track.conflicts.isEmpty)
        #expect(track.title == "a" && track.extensions.allSatisfy { $0.name.hasPrefix("x-a") })
        #expect(try meeting.one.files(of: id) == ["audio.wav", "track.json"])
    }
}

@Test func thePointerBesideAFileThatPlainGitCommittedStays() throws {
    try withTitles { meeting, id in
        let place = meeting.one
        let track = try place.session("ana").show(id.hex).track
        let folder = RecordFolder.track(id).path
        let kept = "conflicts/\(track.audio.oid.hex).wav"
        try place.commitPlainly([
            "\(folder)/audio.wav": Array("the file itself".utf8),
            "\(folder)/\(kept)": Pointer(oid: track.audio.oid, size: track.audio.size).encoded(),
        ])
        try place.resolve(id.hex, "title", .other(1), as: "ana")
        #expect(try place.files(of: id) == ["audio.wav", kept, "track.json"])
    }
}
