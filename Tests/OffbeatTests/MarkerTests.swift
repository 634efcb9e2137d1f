import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

@Test(arguments: [
    ("1:02.5", MarkerPosition.seconds(62.5)), ("1:00:00", .seconds(3600)), ("62.5", .seconds(62.5)),
    ("2755000f", .frame(2_755_000)), ("0", .seconds(0)), ("0f", .frame(0)), ("90:00", .seconds(5400)),
])
func aPlaceIsReadAsATimeOrAFrame(_ text: String, _ expected: MarkerPosition) throws {
    #expect(try MarkerPosition(parsing: text) == expected)
}

@Test(arguments: [
    "", "soon", "-1", "1:60", "1:2:3:4", "1::2", "1e3", "inf", "-5f", "f", "0x10", ".", "1.2.3", "1:-2",
    "99999999999999999999f",
])
func whatIsNoPlaceIsRefused(_ text: String) throws {
    let failure = try failure(.usage) { try MarkerPosition(parsing: text) }
    #expect(failure.message.contains(text))
}

@Test func aMarkerStandsAtItsFrame() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        _ = try place.session.addMarker(to: id, at: .seconds(0.02), text: "drop")
        _ = try place.session.addMarker(to: id, at: .frame(8), text: "intro")
        let markers = try place.session.show(id).track.markers
        #expect(markers.map(\.frame) == [8, 160] && markers.map(\.text) == ["intro", "drop"])
        #expect(try markers.allSatisfy { try $0.by == place.session.person?.id })
    }
}

@Test func aPlaceBehindTheEndIsRefused() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        for position in [MarkerPosition.seconds(0.06), .frame(401), .seconds(1e30)] {
            let failure = try failure(.usage) { try place.session.addMarker(to: id, at: position, text: "") }
            #expect(failure.hint?.contains("400 frames") == true)
        }
        #expect(
            try place.session.addMarker(to: id, at: .frame(400), text: "").tracks.first?.track.markers.count == 1)
    }
}

@Test func aMarkersTextIsOneLine() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try failure(.usage) { try place.session.addMarker(to: id, at: .frame(0), text: "a\nb") }
    }
}

@Test func aMarkerIsTakenAwayByTextTimeOrId() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        for number in [8, 80, 160] {
            _ = try place.session.addMarker(to: id, at: .frame(Int64(number)), text: "at \(number)")
        }
        let last = try #require(try place.session.show(id).track.markers.last)
        #expect(try place.session.removeMarker(from: id, named: "at 8").tracks.first?.track.markers.count == 2)
        #expect(try place.session.removeMarker(from: id, named: "80f").tracks.first?.track.markers.count == 1)
        let byID = try place.session.removeMarker(from: id, named: String(last.id.hex.prefix(6)))
        #expect(byID.tracks.first?.track.markers.isEmpty == true)
    }
}

@Test func aMarkerThatIsNotThereIsNotFound() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        let failure = try failure(.notFound) { try place.session.removeMarker(from: id, named: "drop") }
        #expect(failure.message.contains("drop") && failure.hint?.contains("offbeat show") == true)
    }
}

@Test func aTextOfTwoMarkersIsAmbiguous() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        for frame in [8, 80] { _ = try place.session.addMarker(to: id, at: .frame(Int64(frame)), text: "drop") }
        let failure = try failure(.ambiguous) { try place.session.removeMarker(from: id, named: "drop") }
        #expect(failure.message.contains("2 markers"))
        #expect(try place.session.show(id).track.markers.count == 2)
    }
}
