import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Ana's and Ben's tracks apart; Zoe is a stranger to both.
private func withNeighbours(_ body: (Place, _ anas: TrackSummary, _ bens: TrackSummary) throws -> Void) throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben", "zoe"]) { place in
        let anas = try place.add("low.wav", frequency: 100, as: "ana")
        let bens = try place.add("high.wav", frequency: 200, as: "ben")
        try body(place, anas, bens)
    }
}

private func subjects(_ session: Session, of name: String? = nil) throws -> [String] {
    var found: [String] = []
    try session.log(of: name) { entry in
        found.append(entry.entry.subject)
        return true
    }
    return found
}

@Test func eachPersonSeesTheirOwnTracks() throws {
    try withNeighbours { place, anas, bens in
        #expect(try titles(place.session("ana")) == ["low"])
        #expect(try titles(place.session("ben")) == ["high"])
        #expect(try titles(place.session("zoe")) == [])
        #expect(try place.session("ana").status().tracks == 1)
        let status = try place.session("zoe").status()
        #expect(status.tracks == 0 && status.files == (0, 0))
        #expect(try place.session("zoe").list(ListRequest()).total == 0)
        #expect(anas.owner == "ana" && bens.owner == "ben")
    }
}

@Test func forAStrangerATrackIsNotThere() throws {
    try withNeighbours { place, anas, _ in
        let (zoe, out) = (try place.session("zoe"), place.folder.appending("out"))
        let expected = try failure(.notFound) { try zoe.show("0123456789abcdef0123456789abcdef") }.message
        for name in [anas.id.hex, String(anas.id.hex.prefix(6)), "low", "owner:ana"] {
            let message = expected.replacing("0123456789abcdef0123456789abcdef", with: name)
            #expect(try failure(.notFound) { try zoe.show(name) }.message == message)
            try failure(.notFound) { try place.edit(name, "title=x", as: "zoe") }
            try failure(.notFound) { try zoe.remove([name]) }
            try failure(.notFound) { try zoe.replace(name, with: place.sound("x.wav")) }
            try failure(.notFound) { try zoe.cat(name) { _ in } }
            try failure(.notFound) { try zoe.addMarker(to: name, at: .frame(0), text: "") }
            try failure(.notFound) { try zoe.removeMarker(from: name, named: "x") }
            try failure(.notFound) { try subjects(zoe, of: name) }
            #expect(try zoe.export(to: out, matching: name).files.isEmpty)
        }
    }
}

@Test func aStrangersPrefixIsNotAmbiguousByHiddenTracks() throws {
    try withNeighbours { place, anas, _ in
        let other = try #require(TrackID(String(anas.id.hex.dropLast()) + (anas.id.hex.hasSuffix("0") ? "1" : "0")))
        try place.copy(anas.id, as: other)
        _ = try place.edit(other.hex, "owner=ben", as: "ana")
        let prefix = String(anas.id.hex.prefix(12))
        #expect(try place.session("ana").show(prefix).id == anas.id)
        #expect(try place.session("ben").show(prefix).id == other)
    }
}

@Test func aHiddenTrackThatCannotBeReadIsNotThereEither() throws {
    try withNeighbours { place, anas, _ in
        try place.commitPlainly([RecordPath.track(anas.id).text: Array("{".utf8)])
        let zoe = try place.session("zoe")
        try failure(.notFound) { try zoe.show(anas.id.hex) }
        #expect(try zoe.status().unreadable.isEmpty)
    }
}

@Test func theLogTellsAStrangerNothing() throws {
    try withNeighbours { place, anas, bens in
        _ = try place.edit(anas.id.hex, "title=secret", as: "ana")
        _ = try place.session("ana").remove([anas.id.hex])
        #expect(try subjects(place.session("ana")).count { $0.contains("secret") } == 2)
        for handle in ["ben", "zoe"] {
            #expect(try !subjects(place.session(handle)).contains { $0.contains("secret") || $0.contains("low") })
        }
        #expect(try subjects(place.session("ben"), of: bens.id.hex) == ["Add 1 track"])
        #expect(try subjects(place.session("zoe")).contains("Add the person zoe"))
    }
}

@Test func theDiffTellsAStrangerNothing() throws {
    try withNeighbours { place, anas, _ in
        _ = try place.edit(anas.id.hex, "title=secret", as: "ana")
        try place.commitPlainly(["\(RecordFolder.track(anas.id).path)/later.bin": [1]])
        let last = "HEAD~4"
        #expect(try place.session("ana").diff(last, "HEAD").contains { $0.id == anas.id.hex })
        #expect(try !place.session("zoe").diff(last, "HEAD").contains { $0.id.contains(anas.id.hex) })
        #expect(try !place.session("ben").diff(last, "HEAD").contains { $0.change.path.contains(anas.id.hex) })
    }
}

@Test func aStoreThatBecameStricterHidesItsPastToo() throws {
    try withPlace(people: ["ana", "zoe"]) { place in
        let track = try place.add("low.wav", as: "ana")
        try place.store.write(by: nil) { draft in
            var info = try draft.base.info()
            try info.set("sharing", to: "workspaces", at: draft.stamp(after: info.stamp(of: "sharing")))
            try draft.put(info)
            return "Keep tracks apart"
        }
        #expect(try titles(place.session("ana")) == ["low"])
        #expect(try titles(place.session("zoe")).isEmpty)
        #expect(try !subjects(place.session("zoe")).contains("Add 1 track"))
        #expect(try subjects(place.session("ana")).contains("Add 1 track"))
        #expect(try !place.session("zoe").diff("HEAD~2", "HEAD").contains { $0.id == track.id.hex })
    }
}

@Test func aSessionThatIsOpenLearnsThatTheStoreBecameStricter() throws {
    try withPlace(people: ["ana", "zoe"]) { place in
        let track = try place.add("low.wav", as: "ana")
        let zoe = try place.session("zoe")
        try place.store.write(by: nil) { draft in
            var info = try draft.base.info()
            try info.set("sharing", to: "workspaces", at: draft.stamp(after: info.stamp(of: "sharing")))
            try draft.put(info)
            return "Keep tracks apart"
        }
        try failure(.notFound) { try zoe.remove([track.id.hex]) }
        #expect(try !subjects(zoe).contains("Add 1 track"))
    }
}

@Test func aSharedTrackIsSeenByTheMembersOfTheWorkspace() throws {
    try withNeighbours { place, anas, _ in
        let band = try place.workspace("band", ["ana", "ben"])
        try place.share(anas.id, with: band)
        #expect(try titles(place.session("ben")) == ["high", "low"])
        #expect(try titles(place.session("zoe")) == [])
        #expect(try place.edit(anas.id.hex, "+live", as: "ben").tracks.first?.track.tags == ["live"])
        let failure = try failure(.notAllowed) { try place.session("ben").remove([anas.id.hex]) }
        #expect(failure.message.contains(anas.id.hex))
        try OffbeatTests.failure(.notAllowed) { try place.edit(anas.id.hex, "owner=ben", as: "ben") }
        #expect(try place.session("ana").remove([anas.id.hex]).tracks.count == 1)
    }
}

@Test func theSameFileIsATrackOfItsOwnForEachPerson() throws {
    try withNeighbours { place, anas, _ in
        let bens = try place.add("low.wav", frequency: 100, as: "ben")
        #expect(bens.id != anas.id && bens.track.audio.oid == anas.track.audio.oid)
        #expect(
            try place.session("ana").add(AddRequest(paths: [place.sound("low.wav", frequency: 100)])).present == [
                anas.id
            ])
    }
}

@Test func audioOfAHiddenTrackIsNotSaidToBeThere() throws {
    try withNeighbours { place, anas, bens in
        let file = try place.sound("low.wav", frequency: 100)
        _ = try place.edit(anas.id.hex, "owner=ben", as: "ana")
        let outcome = try place.session("ana").add(AddRequest(paths: [file]))
        #expect(outcome.present.isEmpty && outcome.added.count == 1)
        #expect(outcome.added.first?.id != anas.id)
        #expect(bens.id != anas.id)
    }
}

@Test func nobodyAddsForAnotherWhereTracksAreKeptApart() throws {
    try withNeighbours { place, _, _ in
        let failure = try failure(.notAllowed) {
            try place.add("x.wav", frequency: 300, as: "zoe") { $0.owner = "ana" }
        }
        #expect(failure.hint?.contains("ana") == true)
        #expect(try place.add("x.wav", frequency: 300, as: "zoe") { $0.owner = "zoe" }.owner == "zoe")
    }
}
