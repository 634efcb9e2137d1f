import Catalog
import Files
import HTTP
import Offbeat
import Serving
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct UploadAPITests {
    @Test func audioIsAddedAsItComes() throws {
        try Stage.with { stage in
            let sound = noise(seed: 1, frames: 300_000)
            let path = "/api/tracks?name=take%201.wav&artist=Trio&tag=live&tag=new"
            let reply = try stage.send(.post, path, .bytes(sound))
            #expect(reply.status == 201)
            let document = try reply.json()
            #expect(document["result"] == "added")
            #expect(document["version"] == .string(try stage.library.version().description))
            let track = try #require(document["track"])
            #expect(track["title"] == "take 1")
            #expect(track["artist"] == "Trio")
            #expect(track["tags"] == ["live", "new"])
            #expect(track["owner"] == "ana")
            #expect(track["here"] == true)
            #expect(track["audio"]?["name"] == "take 1.wav")
            let id = try #require(track["id"]?.asString)
            #expect(try stage.ask(.get, "/api/tracks/\(id)/audio").body == sound)
            // The same again is the same track.
            let again = try stage.send(.post, "/api/tracks?name=other.wav", .bytes(sound)).json()
            #expect(again["result"] == "present")
            #expect(again["track"]?["id"] == .string(id))
            #expect(try stage.leftovers() == [])
        }
    }

    @Test func audioOfUnknownLengthIsAdded() throws {
        try Stage.with { stage in
            let sound = noise(seed: 3, frames: 200_000)
            var sent = 0
            let reply = try stage.send(
                .post, "/api/tracks?name=a.wav",
                .stream(length: nil) { buffer in
                    let count = min(buffer.count, sound.count - sent)
                    buffer.copyBytes(from: sound[sent..<sent + count])
                    sent += count
                    return count
                })
            #expect(reply.status == 201)
            #expect(try reply.json()["track"]?["audio"]?["size"] == .integer(Int64(sound.count)))
        }
    }

    @Test func whatIsNoAudioLeavesNothing() throws {
        try Stage.with { stage in
            let version = try stage.library.version()
            let large = [UInt8](repeating: 0x41, count: 1 << 20)
            let half = Array(noise(seed: 1).prefix(20))
            for bytes in [Array("just words".utf8), [], large, half] {
                let reply = try stage.send(.post, "/api/tracks?name=a.wav", .bytes(bytes))
                #expect(reply.status == 422)
                #expect(try reply.json()["code"] == "not-audio")
                #expect(!reply.text.contains(stage.folder.string))
            }
            #expect(try stage.leftovers() == [])
            #expect(try stage.storedFiles() == 0)
            #expect(try stage.library.version() == version)
        }
    }

    @Test func anUploadThatIsCutOffLeavesNothing() throws {
        try Stage.with { (stage) throws in
            let sound = noise(seed: 1, frames: 400_000)
            var sent = 0
            #expect(throws: HTTPError.self) {
                _ = try stage.send(
                    .post, "/api/tracks?name=a.wav",
                    .stream(length: Int64(sound.count)) { buffer in
                        if sent > sound.count / 2 { return nil }
                        let count = min(buffer.count, sound.count - sent)
                        buffer.copyBytes(from: sound[sent..<sent + count])
                        sent += count
                        return count
                    })
            }
            #expect(try stage.leftovers() == [])
            #expect(try stage.storedFiles() == 0)
            #expect(try stage.ask(.get, "/api/tracks").json()["total"] == 0)
            #expect(try stage.send(.post, "/api/tracks?name=a.wav", .bytes(sound)).status == 201)
        }
    }

    @Test(arguments: [
        "", "name=", "name=..", "name=a%2Fb.wav", "name=%2Fetc%2Fpasswd", "name=a%0Ab.wav", "name=a%00.wav",
        "name=\(String(repeating: "x", count: 300)).wav", "name=a.wav&title=two%0Alines", "name=a.wav&owner=nobody",
    ])
    func namesThatMakeNoSenseAreRefused(_ query: String) throws {
        try Stage.with { stage in
            let reply = try stage.send(.post, "/api/tracks?\(query)", .bytes(noise(seed: 1)))
            #expect((400...404).contains(reply.status))
            #expect(try stage.ask(.get, "/api/tracks").json()["total"] == 0)
            #expect(try stage.leftovers() == [])
        }
    }

    @Test func whoCannotHaveRoomIsToldBeforeItIsSent() throws {
        try Stage.with { stage in
            var wasRead = false
            let arrival = try ArrivingAudio(named: "a.wav", size: 1 << 50) { _ in
                wasRead = true
                return 0
            }
            let session = try stage.library.session()
            let failure = #expect(throws: Failure.self) { try session.add(AddRequest(paths: []), from: arrival) }
            let problem = ProblemAnswer(try #require(failure)).response
            #expect(problem.status == 507)
            #expect(failure?.message.contains(stage.folder.string) == false)
            #expect(!wasRead)
            #expect(try stage.leftovers() == [])
        }
    }

    @Test func partsAreSent() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let path = "/api/tracks/\(id)/audio"
            let whole = try stage.ask(.get, path)
            #expect(whole.headers["Content-Type"] == "audio/wav")
            let tag = try #require(whole.headers["ETag"])
            func part(_ range: String) throws -> Stage.Reply {
                try stage.send(.get, path, .none, headers: ["Range": range])
            }
            let middle = try part("bytes=10-19")
            #expect(middle.status == 206)
            #expect(middle.body == Array(whole.body[10..<20]))
            #expect(middle.headers["Content-Range"] == "bytes 10-19/\(whole.body.count)")
            #expect(try part("bytes=-4").body == Array(whole.body.suffix(4)))
            for wrong in ["bytes=9999999-", "bytes=-0"] { #expect(try part(wrong).status == 416, "\(wrong)") }
            for ignored in ["bytes=5-2", "bytes=a-b", "words=1-2", "bytes=0-1,4-5", "bytes=99999999999999999999-"] {
                #expect(try part(ignored).body == whole.body, "\(ignored)")
            }
            #expect(try stage.send(.get, path, .none, headers: ["If-None-Match": tag]).status == 304)
            #expect(try stage.send(.head, path, .none).headers["Content-Length"] == "\(whole.body.count)")
        }
    }

    @Test func audioIsReplaced() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let other = noise(seed: 9)
            let reply = try stage.send(.put, "/api/tracks/\(id)/audio?name=b.wav", .bytes(other))
            #expect(reply.status == 200)
            #expect(try reply.json()["result"] == "replaced")
            #expect(try stage.ask(.get, "/api/tracks/\(id)/audio").body == other)
            #expect(try stage.send(.put, "/api/tracks/\(id)/audio", .bytes(other)).json()["result"] == "present")
            #expect(try stage.send(.put, "/api/tracks/\(id)/audio", .bytes([1, 2, 3])).status == 422)
            let missing = String(repeating: "0", count: 32)
            #expect(try stage.send(.put, "/api/tracks/\(missing)/audio", .bytes(other)).status == 404)
            #expect(try stage.ask(.get, "/api/tracks/\(missing)/audio").status == 404)
        }
    }

    @Test func stemsComeAndGo() throws {
        try Stage.with { stage in
            let id = try stage.addSound()
            let path = "/api/tracks/\(id)/stems"
            let drums = noise(seed: 5)
            let put = try stage.send(.put, "\(path)/drums?name=d.wav", .bytes(drums))
            #expect(put.status == 201)
            #expect(try put.json()["result"] == "added")
            #expect(try stage.ask(.get, path).json()["stems"]?.asArray?.first?["type"] == "drums")
            #expect(try stage.ask(.get, "\(path)/drums/audio").body == drums)
            #expect(try stage.send(.put, "\(path)/drums", .bytes(drums)).json()["result"] == "unchanged")
            #expect(try stage.send(.put, "\(path)/drums", .bytes(noise(seed: 6))).json()["result"] == "replaced")
            #expect(try stage.send(.put, "\(path)/Drums!", .bytes(drums)).status == 400)
            #expect(try stage.send(.put, "\(path)/master", .bytes(drums)).status == 400)
            #expect(try stage.send(.put, "\(path)/bass", .bytes(Array("words".utf8))).status == 422)
            #expect(try stage.ask(.get, "\(path)/bass/audio").status == 404)
            #expect(try stage.ask(.delete, "\(path)/drums").json()["result"] == "removed")
            #expect(try stage.ask(.delete, "\(path)/drums").status == 404)
            #expect(try stage.leftovers() == [])
        }
    }
}
