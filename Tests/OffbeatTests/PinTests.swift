import Blobs
import Catalog
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Which tracks this computer keeps.
@Suite struct PinTests {
    private func withTracks(_ body: (Place, [String: TrackID]) throws -> Void) throws {
        try withPlace { place in
            var ids: [String: TrackID] = [:]
            for (number, name) in ["one", "two"].enumerated() {
                ids[name] = try place.add("\(name).wav", frequency: Double(300 + 50 * number)).id
            }
            try body(place, ids)
        }
    }

    private func document(_ place: Place) throws -> String {
        String(decoding: try FileSystem.read(place.path.appending("pins")), as: UTF8.self)
    }

    @Test func theyAreWrittenDownInCanonicalForm() throws {
        try withTracks { place, ids in
            let one = try #require(ids["one"])
            let pinned = try place.session.pin([one.hex])
            #expect(pinned.changed == [one] && pinned.bytes == 0)
            _ = try place.session.pin(["tag:gig"])
            #expect(
                try document(place)
                    == "{\n  \"dropped\": [],\n  \"pinned\": [\n    \"\(one.hex)\"\n  ],\n  \"queries\": [\n    \"tag:gig\"\n  ]\n}\n"
            )
        }
    }

    @Test func whatIsPinnedAlreadyChangesNothing() throws {
        try withTracks { place, ids in
            _ = try place.session.pin(["one"])
            #expect(try place.session.pin(["one"]).changed.isEmpty)
            #expect(try place.session.pin([try #require(ids["one"]).hex]).changed.isEmpty, "the query pins it")
        }
    }

    @Test func missingBytesAreTold() throws {
        try withTracks { place, _ in
            let file = try pointer(to: place.sounds.appending("one.wav"))
            try place.lose(file)
            #expect(try place.session.pin(["one"]).bytes == file.size)
            #expect(try place.session.unpin(["one"]).bytes == 0)
        }
    }

    @Test func wordsThatNothingHasAreASlipAndATagIsAPlan() throws {
        try withTracks { place, _ in
            try failure(.notFound) { try place.session.pin(["nothing"]) }
            try failure(.notFound) { try place.session.pin(["ffff"]) }
            try failure(.usage) { try place.session.pin([""]) }
            try failure(.usage) { try place.session.pin(["bpm:fast"]) }
            #expect(!FileSystem.exists(place.path.appending("pins")))
            #expect(try place.session.pin(["tag:gig"]).changed.isEmpty)
            #expect(try document(place).contains("tag:gig"))
        }
    }

    @Test func aQueryAboutWhatIsHerePinsWhatItMatchesNow() throws {
        try withTracks { place, ids in
            let pinned = try place.session.pin(["here:yes"])
            #expect(Set(pinned.changed) == Set(ids.values))
            #expect(try document(place).contains("\"queries\": []"))
        }
    }

    @Test func aTrackThatAQueryPinsIsLetGoWithTheQuery() throws {
        try withTracks { place, ids in
            try place.edit("one", "+gig")
            let one = try #require(ids["one"])
            _ = try place.session.pin(["tag:gig"])
            let refused = try place.session.unpin([one.hex])
            #expect(refused.changed.isEmpty && refused.refused.map(\.id) == [one])
            #expect(refused.refused[0].reason.contains("tag:gig"))
            let file = try pointer(to: place.sounds.appending("one.wav"))
            let loose = try place.session.unpin(["tag:gig"])
            #expect(loose.changed == [one] && loose.bytes == file.size && loose.refused.isEmpty)
            _ = try place.session.pin(["tag:later"])
            #expect(try place.session.unpin(["tag:later"]).changed.isEmpty, "though nothing has the tag")
        }
    }

    @Test func severalIdsAreTracksAndOtherWordsAQuery() throws {
        try withTracks { place, ids in
            #expect(
                try Set(place.session.pin(ids.values.map { String($0.hex.prefix(8)) }).changed) == Set(ids.values))
            _ = try place.session.unpin(ids.values.map(\.hex))
            try place.edit("one", "title=beef beef")
            #expect(try place.session.pin(["beef", "beef"]).changed == [try #require(ids["one"])])
        }
    }

    @Test func aFileThatCannotBeReadIsTold() throws {
        try withTracks { place, _ in
            for text in ["nonsense", "{\"pinned\": [1]}", "{\"dropped\": [\"12\"]}", "[]"] {
                try FileSystem.write(text, to: place.path.appending("pins"))
                let error = try failure(.damaged) { try place.session.pin(["one"]) }
                #expect(error.message.contains("pins"))
            }
            try FileSystem.write("{}", to: place.path.appending("pins"))
            #expect(try place.session.pin(["one"]).changed.count == 1)
        }
    }

    @Test func nobodyPinsWhatTheyDoNotSee() throws {
        try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
            let id = try place.add("one.wav", as: "ana").id
            try failure(.notFound) { try place.library.session(as: "ben").pin([id.hex]) }
            try failure(.notFound) { try place.library.session(as: "ben").drop(["one"]) }
            try failure(.notFound) { try place.library.session(as: "ben").fetch(["one"]) }
            #expect(try place.library.session(as: "ana").pin([id.hex]).changed == [id])
        }
    }
}
