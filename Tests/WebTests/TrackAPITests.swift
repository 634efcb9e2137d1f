import Catalog
import HTTP
import Offbeat
import Testing

@testable import Web

@Suite struct TrackAPITests {
    @Test func whatIsKnownIsChangedByADocument() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let reply = try stage.ask(
                .patch, "/api/tracks/\(id)",
                [
                    "title": "Intro = 1", "bpm": 128.5, "year": 1999, "rating": 4, "key": "a minor",
                    "tags": ["live"],
                    "comment": "two\nlines", "owner": "ana", "x-mood": "calm",
                ])
            #expect(reply.status == 200)
            let track = try reply.json()
            #expect(track["title"] == "Intro = 1")
            #expect(track["bpm"] == 128.5)
            #expect(track["key"] == "A minor")
            #expect(track["tags"] == ["live"])
            #expect(track["x-mood"] == "calm")
            let cleared = try stage.ask(.patch, "/api/tracks/\(id)", ["bpm": .null, "tags": [], "title": "x"])
                .json()
            #expect(cleared["bpm"] == .null)
            #expect(cleared["tags"] == [])
            #expect(cleared["year"] == 1999)
            // What changes nothing is no error.
            #expect(try stage.ask(.patch, "/api/tracks/\(id)", ["title": "x"]).json()["title"] == "x")
        }
    }

    @Test func theSecondOfTwoTabsIsToldThatTheRecordChanged() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let authorization = "Bearer \(stage.server.token)"
            func tag() throws -> String { try #require(try stage.ask(.get, "/api/tracks/\(id)").headers["ETag"]) }
            func edit(_ title: String, _ tag: String) throws -> Stage.Reply {
                try stage.ask(
                    .patch, "/api/tracks/\(id)", ["title": .string(title)],
                    headers: ["Authorization": authorization, "If-Match": tag])
            }
            let seen = try tag()
            let first = try edit("one", seen)
            #expect(first.status == 200)
            let second = try edit("two", seen)
            #expect(second.status == 412)
            #expect(second.headers["Content-Type"] == "application/problem+json")
            #expect(second.headers["ETag"] == first.headers["ETag"])
            #expect(try stage.ask(.get, "/api/tracks/\(id)").json()["title"] == "one")
            #expect(try edit("three", try #require(second.headers["ETag"])).status == 200)
            #expect(try edit("four", "*").status == 200)
            let headers: HTTPHeaders = ["Authorization": authorization, "If-Match": seen]
            #expect(try stage.ask(.delete, "/api/tracks/\(id)", headers: headers).status == 412)
            #expect(try stage.ask(.delete, "/api/tracks/\(id)").status == 204)
            #expect(try stage.ask(.get, "/api/tracks/\(id)").status == 404)
        }
    }

    @Test func whatAnAnalysisFindsOutStandsInNobodysWay() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let before = try #require(try stage.ask(.get, "/api/tracks/\(id)").headers["ETag"])
            _ = try stage.library.session().analyze()
            let authorization = "Bearer \(stage.server.token)"
            let known: HTTPHeaders = ["Authorization": authorization, "If-None-Match": before]
            #expect(try stage.ask(.get, "/api/tracks/\(id)", headers: known).status == 200)
            let match: HTTPHeaders = ["Authorization": authorization, "If-Match": before]
            #expect(try stage.ask(.patch, "/api/tracks/\(id)", ["title": "x"], headers: match).status == 200)
            let now = try #require(try stage.ask(.get, "/api/tracks/\(id)").headers["ETag"])
            let again: HTTPHeaders = ["Authorization": authorization, "If-None-Match": now]
            #expect(try stage.ask(.get, "/api/tracks/\(id)", headers: again).status == 304)
        }
    }

    @Test func onlyAWholeIdNamesATrack() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let gone = try stage.addSound("other", seed: 2)
            // The remaining track speaks of the one that goes.
            #expect(try stage.ask(.patch, "/api/tracks/\(id)", ["comment": .string("like \(gone)")]).status == 200)
            #expect(try stage.ask(.delete, "/api/tracks/\(gone)").status == 204)
            #expect(try stage.ask(.delete, "/api/tracks/\(gone)").status == 404)
            for wrong in [
                "song", String(id.prefix(8)), "..%2F..%2Fconfig", "%00", "title:song", String(id.dropLast()) + "g",
            ] {
                let reply = try stage.ask(.delete, "/api/tracks/\(wrong)")
                #expect(reply.status == 404 || reply.status == 400, "\(wrong)")
            }
            #expect(try stage.ask(.get, "/api/tracks").json()["total"] == 1)
        }
    }

    @Test func documentsThatMakeNoSenseChangeNothing() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let version = try stage.library.version()
            let wrong: [JSON] = [
                [:], [], "title", ["title": 5], ["year": "1999"], ["year": 1.5], ["bpm": -1], ["bpm": "fast"],
                ["rating": 99], ["tags": "live"], ["tags": [1]], ["tags": .null], ["nothing": "x"], ["id": "x"],
                ["key": ["a"]], ["key": "H flat"], ["owner": "nobody"], ["owner": 1], ["grid": 5],
                ["title": .string(String(repeating: "x", count: 100_000))], ["title": "two\nlines"],
            ]
            for document in wrong {
                let reply = try stage.ask(.patch, "/api/tracks/\(id)", document)
                #expect(reply.status == 400 || reply.status == 413, "\(document)")
                #expect(reply.headers["Content-Type"] == "application/problem+json")
            }
            let deep = Array(String(repeating: "[", count: 50_000).utf8)
            let json: HTTPHeaders = ["Content-Type": "application/json"]
            for bytes in [deep, Array("{\"title\":".utf8), [0xFF, 0xFE], []] {
                #expect(try stage.send(.patch, "/api/tracks/\(id)", .bytes(bytes), headers: json).status == 400)
            }
            let large = [UInt8](repeating: 0x20, count: 2 << 20)
            #expect(try stage.send(.patch, "/api/tracks/\(id)", .bytes(large), headers: json).status == 413)
            #expect(try stage.send(.patch, "/api/tracks/\(id)", .bytes(Array("{}".utf8))).status == 415)
            #expect(try stage.library.version() == version)
        }
    }

    @Test func placesAreMarked() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let path = "/api/tracks/\(id)/markers"
            #expect(try stage.ask(.post, path, ["text": "A", "frame": 10]).status == 201)
            #expect(try stage.ask(.post, path, ["text": "B", "seconds": 0.01]).status == 201)
            let track = try stage.ask(.post, path, ["text": "C", "at": "0:00.005"]).json()
            let markers = track["markers"]?.asArray ?? []
            #expect(markers.map { $0["frame"]?.asInteger }.sorted { ($0 ?? 0) < ($1 ?? 0) } == [10, 221, 441])
            let marker = try #require(markers.first?["id"]?.asString)
            #expect(try stage.ask(.delete, "\(path)/\(marker)").json()["markers"]?.asArray?.count == 2)
            #expect(try stage.ask(.delete, "\(path)/\(marker)").status == 404)
            for wrong: JSON in [
                [:], ["text": "x"], ["text": 1, "frame": 1], ["text": "x", "frame": -1],
                ["text": "x", "seconds": 1e300],
                ["text": "x", "at": "soon"], ["text": "x", "frame": 1_000_000], ["text": "x", "frame": "1"],
            ] { #expect(try stage.ask(.post, path, wrong).status == 400, "\(wrong)") }
        }
    }

    @Test func theDescriptionNamesWhatIsRequired() throws {
        try Stage.with { stage in
            let document = try stage.ask(.get, "/api/openapi.json", headers: [:]).json()
            let upload = document["paths"]?["/api/tracks"]?["post"]?["parameters"]?.asArray ?? []
            #expect(upload.first { $0["name"] == "name" }?["required"] == true)
            #expect(upload.first { $0["name"] == "title" }?["required"] == false)
            let id = try stage.addSound()
            let track = try stage.ask(.get, "/api/tracks/\(id)").json()
            let wanted = document["components"]?["schemas"]?["Track"]?["required"]?.asArray ?? []
            #expect(Set(wanted.compactMap(\.asString)) == Set(track.asObject?.keys ?? []))
        }
    }
}
