import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

@Test func aTrackIsFoundByItsIdAndByAPrefix() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        for count in [4, 7, 31, 32] {
            #expect(try place.session.show(String(track.id.hex.prefix(count))).id == track.id)
        }
        try failure(.notFound) { try place.session.show(String(track.id.hex.prefix(3))) }
        try failure(.notFound) { try place.session.show(track.id.hex + "0") }
    }
}

@Test func aTrackIsFoundByAQueryWithOneMatch() throws {
    try withPlace { place in
        let track = try place.add("low tide.wav", frequency: 100)
        try place.add("high tide.wav", frequency: 200)
        #expect(try place.session.show("low").id == track.id)
        #expect(try place.session.show("title:low").id == track.id)
        try failure(.notFound) { try place.session.show("middle") }
        let failure = try failure(.ambiguous) { try place.session.show("tide") }
        #expect(failure.message.contains(String(track.id.hex.prefix(8))) && failure.message.contains("high tide"))
    }
}

@Test func aTitleThatLooksLikeAnIdIsFoundToo() throws {
    try withPlace { place in
        let track = try place.add("cafe.wav")
        #expect(try place.session.show("cafe").id == track.id)
    }
}

@Test(arguments: ["", " ", "&", "\"\""])
func aWordThatSaysNothingNamesNoTrackThoughThereIsButOne(_ word: String) throws {
    try withPlace { place in
        try place.add("one.wav")
        #expect(throws: Failure.self) { try place.session.show(word) }
        #expect(throws: Failure.self) { try place.session.remove([word]) }
        #expect(try place.session.list(ListRequest()).total == 1)
    }
}

@Test func aWordThatManyTracksMatchNamesTenOfThem() throws {
    try withPlace { place in
        for number in 0..<12 { try place.add("tide \(number).wav", frequency: Double(100 + number)) }
        let failure = try failure(.ambiguous) { try place.session.show("tide") }
        #expect(failure.message.hasSuffix("…"))
        #expect(failure.message.split(separator: ",").count == 11)
    }
}

@Test func aPrefixOfSeveralTracksIsAmbiguous() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let other = try #require(
            TrackID(String(track.id.hex.dropLast()) + (track.id.hex.hasSuffix("0") ? "1" : "0")))
        try place.copy(track.id, as: other)
        let failure = try failure(.ambiguous) { try place.session.show(String(track.id.hex.prefix(8))) }
        #expect(failure.hint?.contains("more digits") == true)
        #expect(try place.session.show(track.id.hex).id == track.id)
    }
}

@Test func aQueryThatCannotBeReadIsRefused() throws {
    try withPlace { place in
        try failure(.usage) { try place.session.show("colour:red") }
        try failure(.usage) { try place.session.list(ListRequest(query: "year:soon")) }
    }
}

@Test func aTrackWhoseRecordCannotBeReadIsNamedAsDamaged() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        try place.commitPlainly([RecordPath.track(track.id).text: Array("{".utf8)])
        let failure = try failure(.damaged) { try place.session.show(track.id.hex) }
        #expect(failure.message.contains("track.json"))
    }
}

// MARK: Lists

@Test func aListIsSortedAndCutIntoPages() throws {
    try withPlace { place in
        for (number, name) in ["b", "c", "a", "e", "d"].enumerated() {
            try place.add("\(name).wav", frequency: Double(100 + number))
            place.clock.pass(seconds: 1)
        }
        var request = ListRequest()
        #expect(try place.session.list(request).tracks.map(\.track.title) == ["d", "e", "a", "c", "b"])
        request.sort = .title
        request.limit = 2
        var titles: [String?] = []
        while true {
            let page = try place.session.list(request)
            #expect(page.total == 5)
            titles += page.tracks.map(\.track.title)
            guard let next = page.next else { break }
            request.cursor = next
        }
        #expect(titles == ["a", "b", "c", "d", "e"])
    }
}

@Test(arguments: [(0, 0), (-1, 0), (1, 1), (3, 3), (4, 3), (Int.max, 3)])
func aListHasNoMoreThanItsLimit(_ limit: Int, _ expected: Int) throws {
    try withPlace { place in
        for number in 0..<3 { try place.add("\(number).wav", frequency: Double(100 + number)) }
        var request = ListRequest()
        request.limit = limit
        #expect(try place.session.list(request).tracks.count == expected)
        request.cursor = try place.session.list(ListRequest()).tracks.first?.id.hex
        #expect(try place.session.list(request).tracks.count == min(expected, 2))
    }
}

@Test func aCursorThatIsGoneIsNotFound() throws {
    try withPlace { place in
        try place.add("one.wav")
        for cursor in ["nonsense", "0123456789abcdef0123456789abcdef"] {
            var request = ListRequest()
            request.cursor = cursor
            let failure = try failure(.notFound) { try place.session.list(request) }
            #expect(failure.message.contains(cursor) && failure.hint != nil)
        }
    }
}

@Test func aListIsNarrowedByOwnerAndTags() throws {
    try withPlace(people: ["ana", "ben"]) { place in
        try place.add("one.wav", frequency: 100, as: "ana") { $0.tags = ["live", "demo"] }
        try place.add("two.wav", frequency: 200, as: "ben") { $0.tags = ["live"] }
        var request = ListRequest()
        request.tags = ["live", "demo"]
        #expect(try place.session("ana").list(request).tracks.map(\.track.title) == ["one"])
        request.tags = ["live"]
        request.owner = "ben"
        #expect(try place.session("ana").list(request).tracks.map(\.track.title) == ["two"])
        #expect(try titles(place.session("ana"), "owner:ana") == ["one"])
    }
}

@Test func whatIsHereIsAskedOfTheFiles() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        try place.add("two.wav", frequency: 200)
        try place.loseFile(of: track)
        #expect(try titles(place.session, "here:no") == ["one"])
        #expect(try titles(place.session, "here:yes") == ["two"])
        #expect(try !place.session.show(track.id.hex).isHere)
    }
}

@Test func factsOfAudioThatPlainGitReplacedAreHidden() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let other = try pointer(to: place.sound("two.wav", frequency: 200))
        try place.commitPlainly(["\(RecordFolder.track(track.id).path)/audio.wav": other.encoded()])
        let shown = try place.session.show(track.id.hex)
        #expect(shown.facts == nil && shown.durationMs == nil && shown.audioSize == other.size)
        #expect(shown.json["audio"]?["oid"]?.asString == other.oid.hex)
        #expect(shown.json["audio"]?["frames"] == .null)
        #expect(try titles(place.session, "duration:0..10").isEmpty)
        #expect(try titles(place.session, "format:wav").isEmpty)
        try failure(.wrongState) { try place.session.addMarker(to: "one", at: .seconds(0.01), text: "") }
    }
}

// MARK: What is shown

@Test func aTracksDocumentHasEveryKey() throws {
    try withPlace { place in
        let id = try place.add("one.wav") { $0.tags = ["live"] }.id.hex
        _ = try place.edit(id, "x-mood=grey", "bpm=120")
        _ = try place.session.addMarker(to: id, at: .frame(8), text: "drop")
        let json = try place.session.show(id).json
        let keys = [
            "album", "analyses", "artist", "audio", "bpm", "comment", "conflicts", "created", "genre", "here", "id",
            "key", "markers", "modified", "owner", "rating", "stems", "tags", "title", "trackNumber", "x-mood",
            "year",
        ]
        #expect(json.asObject?.keys == keys)
        #expect(json["created"]?.asString == "2027-01-15T08:00:00.000Z")
        #expect(json["audio"]?.asObject?.keys.contains("durationMs") == true)
        #expect(json["bpm"] == 120 && json["album"] == .null && json["tags"] == ["live"])
        #expect(json["markers"]?.asArray?.first?["text"] == "drop")
    }
}

@Test func aTracksDocumentNamesItsStems() throws {
    try withPlace { place in
        let track = try place.add("one.wav", frequency: 100)
        let stem = try place.addStem("drums", to: track)
        let shown = try place.session.show(track.id.hex)
        #expect(shown.stemTypes == ["drums"])
        #expect(shown.json["stems"]?.asArray?.first?["oid"]?.asString == stem.oid.hex)
    }
}
