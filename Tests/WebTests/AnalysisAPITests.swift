import Catalog
import Files
import HTTP
import Offbeat
import Synchronization
import TestSupport
import Testing

@testable import Web

@Suite struct AnalysisAPITests {
    @Test func anAnalysisIsComputedOnceAndThenThere() throws {
        try Stage.with { stage in
            let path = "/api/tracks/\(try stage.addSound())/analysis/master"
            #expect(try stage.ask(.get, path + "?cached=true").status == 404)
            let first = try stage.ask(.get, path)
            #expect(first.headers["Offbeat-Cache"] == "computed")
            let second = try stage.ask(.get, path + "?cached=true")
            #expect(second.status == 200)
            #expect(second.headers["Offbeat-Cache"] == "cached")
            #expect(try second.json()["stem"] == "master")
            #expect(try stage.ask(.get, path + "?format=jams").json()["annotations"] != nil)
            #expect(try stage.ask(.get, path + "?format=audiowaveform").body.count > 20)
            #expect(try stage.ask(.get, path + "?format=png").headers["Content-Type"] == "image/png")
            let blob = try stage.ask(.get, path + "?format=oba").body
            #expect(blob.count == Int(try second.json()["size"]?.asInteger ?? 0))
            #expect(try stage.ask(.delete, path).json()["count"] == 1)
            #expect(try stage.ask(.get, path + "?cached=true").status == 404)
        }
    }

    @Test func manyWhoAskAtOnceHaveItComputedOnce() throws {
        try Stage.with { stage in
            let path = "/api/tracks/\(try stage.addSound())/analysis/master"
            let words = Mutex<[String]>([])
            try Parallel.forEach(count: 8, workers: 8) { _ in
                let word = try stage.ask(.get, path).headers["Offbeat-Cache"] ?? ""
                words.withLock { $0.append(word) }
            }
            #expect(words.withLock { $0.count { $0 == "computed" } } == 1)
            #expect(words.withLock { $0.count { $0 == "cached" } } == 7)
        }
    }

    @Test func anotherProgramsAnalysisIsKept() throws {
        try Stage.with { stage in
            let path = "/api/tracks/\(try stage.addSound())/analysis/master"
            let said = HTTPRequest.Body.bytes(Array(#"{"bpm":120}"#.utf8))
            let put = try stage.send(.put, path + "?analyzer=listener&version=2.0", said)
            #expect(put.status == 201)
            #expect(try put.json()["analyzer"] == "listener")
            let read = try stage.ask(.get, path + "?analyzer=listener")
            #expect(try read.json()["bpm"] == 120)
            #expect(try stage.send(.put, path, said).status == 400)
            #expect(try stage.send(.put, path + "?analyzer=../x&version=1", said).status == 400)
            #expect(try stage.send(.put, path + "?analyzer=offbeat&version=1", said).status == 403)
            for wrong in ["", "[1]", "{", "OBA"] {
                let body = HTTPRequest.Body.bytes(Array(wrong.utf8))
                #expect(try stage.send(.put, path + "?analyzer=a&version=1", body).status == 400, "\(wrong)")
            }
        }
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        try Stage.with { stage in
            let path = "/api/tracks/\(try stage.addSound())/analysis"
            #expect(try stage.ask(.get, path + "/master?format=mp3").status == 400)
            #expect(try stage.ask(.get, path + "/master?cached=yes").status == 400)
            #expect(try stage.ask(.get, path + "/master?samples=0").status == 400)
            #expect(try stage.ask(.get, path + "/master?format=audiowaveform&samples=3").status == 400)
            #expect(try stage.ask(.get, path + "/drums").status == 404)
            #expect(try stage.ask(.get, path + "/master?analyzer=nobody").status == 404)
        }
    }
}
