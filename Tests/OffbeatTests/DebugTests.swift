import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

@Test func aVersionIsShownAsGitHasIt() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        try place.edit(track.id.hex, "title=two")
        let version = try place.session.debugVersion("HEAD")
        #expect(try version["version"]?.asString == place.library.version().description)
        #expect(version["subject"] == "Edit two" && version["author"]?["name"] == "ana")
        #expect(version["parents"]?.asArray?.count == 1)
        #expect(
            version["trailers"]?.asArray?.compactMap { $0["key"]?.asString } == [
                "Offbeat-Operation", "Offbeat-Person",
            ])
        let entries = try #require(version["entries"]?.asArray)
        #expect(entries.map { $0["path"]?.asString } == [RecordPath.track(track.id).text])
        #expect(entries[0]["old"] != .null && entries[0]["size"]?.asInteger ?? 0 > 100)
        let first = try place.session.debugVersion("HEAD~2")
        #expect(first["parents"] == [] && first["entries"]?.asArray?.count == 3)
        try failure(.notFound) { try place.session.debugVersion("HEAD~9") }
    }
}

@Test func aRecordIsShownWithItsStamps() throws {
    try withPlace { place in
        let track = try place.add("one.wav") { $0.tags = ["demo"] }
        place.clock.pass(seconds: 1)
        try place.edit(track.id.hex, "title=two", "-demo")
        let record = try place.session.debugRecord("two")
        let fields = try #require(record["fields"]?.asArray)
        func stamp(_ name: String) -> Stamp? {
            fields.first { $0["field"]?.asString == name }?["stamps"]?.asArray?.first?["stamp"]?.asString
                .flatMap { Stamp($0) }
        }
        let (title, owner) = (try #require(stamp("title")), try #require(stamp("owner")))
        #expect(title > owner && owner == track.track.created && record["fault"] == .null)
        let gone = try #require(fields.first { $0["field"] == "tags.demo" })
        #expect(gone["value"] == .null && gone["stamps"]?.asArray?.count == 1)
        #expect(record["files"]?.asArray?.map { $0["here"] } == [true])
        #expect(record["record"]?["title"] == "two")
        #expect(try place.session.debugRecord(track.id.hex, at: "HEAD~1")["record"]?["title"] == "one")
        let person = try #require(try place.session.people().first)
        #expect(try place.session.debugRecord(RecordPath.person(person.id).text)["record"]?["handle"] == "ana")
        #expect(try place.session.debugRecord("offbeat.json")["record"]?["name"] == "Band")
        try failure(.notFound) { try place.session.debugRecord("people/\(track.id.hex).json") }
    }
}

@Test func aBrokenRecordIsShownWithItsFault() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        try place.commitPlainly([RecordPath.track(track.id).text: Array(#"{"title": 7}"#.utf8)])
        let record = try place.session.debugRecord(track.id.hex)
        #expect(record["fault"]?.asString?.contains("missing") == true && record["record"]?["title"] == 7)
        #expect(record["fields"] == [] && record["files"]?.asArray?.count == 1)
        try place.commitPlainly([RecordPath.track(track.id).text: Array("{".utf8)])
        #expect(try place.session.debugRecord(track.id.hex)["record"] == .null)
    }
}

@Test func whatIsHiddenIsHiddenFromDebuggingToo() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let track = try place.add("one.wav", as: "ana")
        let path = RecordPath.track(track.id).text
        #expect(try place.session("ana").debugRecord(path)["path"]?.asString == path)
        for name in [path, track.id.hex, "one"] {
            try failure(.notFound) { try place.session("ben").debugRecord(name) }
        }
        #expect(try place.session("ana").debugVersion("HEAD")["entries"]?.asArray?.count == 2)
        #expect(try place.session("ben").debugVersion("HEAD")["entries"] == [])
    }
}

@Test func theJournalIsShownWithItsDifferences() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let store = try place.store
        let sound = track.track.audio.oid.hex
        let sane = try place.session.debugJournal(copyingTo: place.folder)
        #expect(sane["files"] == 1 && sane["differences"] == [] && sane["fault"] == .null)
        try FileSystem.remove(store.blobs.path(of: track.track.audio.oid))
        let journal = try place.session.debugJournal(copyingTo: place.folder)
        #expect(journal["differences"] == [["what": "missing", "file": .string(sound)]])
    }
}

@Test func aJournalThatIsMissingIsSaidToBe() throws {
    try withPlace { place in
        try place.add("one.wav")
        for suffix in ["", "-wal", "-shm"] { try FileSystem.remove(place.path.appending("lfs/journal\(suffix)")) }
        let journal = try place.session.debugJournal(copyingTo: place.folder)
        #expect(journal["fault"] == "it is missing" && journal["files"] == .null)
    }
}

@Test func theReplicaIsShownWithItsClock() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let replica = try place.session.debugReplica()
        #expect(replica["id"]?.asString == track.track.created.replica.description && replica["own"] == true)
        let clock = try #require(replica["clock"]?.asString.flatMap { Stamp($0) })
        #expect(clock >= track.track.modified)
        let copy = place.folder.appending("copy")
        #expect(try run(command: "cp", arguments: ["-r", place.path.string, copy.string]).status == 0)
        let library = try Library(at: copy, context: place.clock.context)
        #expect(try library.session().debugReplica()["own"] == false)
        try FileSystem.remove(copy.appending("replica"))
        try failure(.notFound) { try library.session().debugReplica() }
    }
}
