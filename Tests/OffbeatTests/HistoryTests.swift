import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

private func log(_ session: Session, of name: String? = nil) throws -> [LogEntry] {
    var found: [LogEntry] = []
    try session.log(of: name) { entry in
        found.append(entry)
        return true
    }
    return found
}

@Test func theLogSaysWhoDidWhat() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        let id = try place.add("one.wav", as: "ben").id.hex
        try place.edit(id, "title=two", as: "ana")
        try place.commitPlainly(["x": [1]])
        let entries = try log(place.session)
        #expect(
            entries.map(\.entry.subject) == [
                "By hand", "Edit two", "Add 1 track", "Add the person ben", "Create the library Band",
            ])
        #expect(entries.map(\.by) == ["Somebody", "ana", "ben", "ana", "ana"])
        #expect(entries.map(\.changes) == [1, 1, 1, 1, 3])
    }
}

@Test func theLogOfATrackHasOnlyWhatChangedIt() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100).id.hex
        let two = try place.add("two.wav", frequency: 200).id.hex
        try place.edit(one, "+live")
        #expect(try log(place.session, of: one).map(\.entry.subject) == ["Edit one", "Add 1 track"])
        #expect(try log(place.session, of: two).count == 1)
        try failure(.notFound) { try log(place.session, of: "nothing such") }
    }
}

@Test func theLogStopsWhenNoMoreIsWanted() throws {
    try withPlace { place in
        try place.add("one.wav")
        var count = 0
        try place.session.log { _ in
            count += 1
            return false
        }
        #expect(count == 1)
    }
}

@Test func subjectsSayWhatWasDone() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100).id.hex
        let two = try place.add("two.wav", frequency: 200).id.hex
        try place.edit(one, "title=\(String(repeating: "long ", count: 30))", "artist=")
        _ = try place.session.addMarker(to: two, at: .frame(0), text: "")
        _ = try place.session.removeMarker(from: two, named: "0f")
        _ = try place.session.replace(two, with: place.sound("x.wav", frequency: 300))
        try place.edit(two, "title=")
        _ = try place.session.remove([one, two])
        let subjects = try log(place.session).map(\.entry.subject)
        #expect(
            subjects.prefix(5) == [
                "Remove 2 tracks", "Edit 1 track", "Replace the audio of two", "Remove a mark from two",
                "Mark a place in two",
            ])
        #expect(subjects[5].hasSuffix("…") && subjects[5].count <= 70)
    }
}

@Test func aDiffNamesTheFields() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100)
        try place.edit(one.id.hex, "title=two", "artist=Shore", "+live")
        let change = try #require(try place.session.diff("HEAD~1", "HEAD").first)
        #expect(change.kind == "track" && change.id == one.id.hex && change.change.kind == .changed)
        #expect(change.fields == ["artist", "tags", "title"])
        let back = try #require(try place.session.diff("HEAD", "HEAD~1").first)
        #expect(back.fields == change.fields)
        #expect(try place.session.diff("HEAD", "HEAD").isEmpty)
    }
}

@Test func aDiffNamesEveryKindOfRecord() throws {
    try withPlace { place in
        let first = try place.library.version().description
        try place.addPerson("ben")
        let workspace = try place.workspace("band", ["ana"])
        let (post, text) = ("ab23456789abcdef0123456789abcdef", Array("{}".utf8))
        var info = try place.library.info().fields
        info["name"] = "Other"
        try place.commitPlainly([
            "workspaces/\(workspace)/posts/ab/\(post)/post.json": text, "later/x": [1],
            "offbeat.json": JSON.object(info).canonical(),
        ])
        try place.add("one.wav")
        let changes = try place.session.diff(first, "HEAD")
        #expect(Set(changes.map(\.kind)) == ["person", "workspace", "post", "other", "store", "track"])
        let ids = Dictionary(uniqueKeysWithValues: changes.map { ($0.kind, $0.id) })
        #expect(ids["workspace"] == workspace.hex && ids["post"] == post)
        #expect(ids["other"] == "later/x" && ids["store"] == "offbeat.json")
        #expect(ids["person"]?.utf8.count == 32)
        #expect(changes.first { $0.kind == "store" }?.fields == ["name"])
        #expect(changes.first { $0.kind == "other" }?.fields == [])
    }
}

@Test func aDiffOfAVersionThatIsNotThereIsNotFound() throws {
    try withPlace { place in
        try failure(.notFound) { try place.session.diff("HEAD~7", "HEAD") }
        try failure(.notFound) { try place.session.diff("HEAD", "nonsense") }
    }
}
