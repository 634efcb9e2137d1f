import Catalog
import Files
import TestSupport
import Testing

/// `analyze`, `analysis get` and `analysis set` with the built command.
@Suite struct AnalysisCommandTests {
    private static func with(_ body: (Studio, String) throws -> Void) throws {
        try Studio.withStore { studio in try body(studio, studio.addedTrack(frames: 20_000)) }
    }

    @Test func aSecondProcessFindsItReady() throws {
        try Self.with { studio, id in
            let done = try studio.json("analyze").done().json()
            #expect(done["analyzed"]?.asArray?.first?["cache"] == "computed" && done["failed"] == [])
            #expect(try studio.json("analyze").done().json()["analyzed"] == [])
            #expect(
                try studio.json("analyze", "\(id)").done().json()["analyzed"]?.asArray?.first?["cache"] == "hit")
            let got = try studio.json("analysis", "get", "\(id)", "--cached").done().json()
            #expect(got["cache"] == "hit" && got["id"] == .string(id))
            let stats = try studio.cacheStats()
            #expect(stats["entries"] == 1 && (stats["hits"]?.asInteger ?? 0) > 0)
            #expect(try studio.track(id)["analyses"]?.asArray?.first?["analyzer"] == "offbeat")
            try studio.git("lfs", "fsck").done()
        }
    }

    @Test func theSameAudioInAnotherStoreComesWithASync() throws {
        try Self.with { studio, id in
            try studio.offbeat("analyze").done()
            let remote = Word(studio.root.appending("remote.git"))
            try studio.offbeat("remote", "add", "origin", remote).done()
            try studio.offbeat("sync").done()
            let other = Word(studio.root.appending("other"))
            try studio.offbeat("clone", remote, other, "--user", "ben").done()
            let got = try studio.json("--store", other, "analysis", "get", "\(id)", "--cached").done().json()
            #expect(got["cache"] == "hit" || got["cache"] == "fetched")
            // Other audio is a miss.
            try studio.offbeat("replace", "--no-analyze", "\(id)", Word(try studio.sound("new.wav", seed: 8)))
                .done()
            try studio.json("analysis", "get", "\(id)", "--cached").expectFailure(3, "not-found")
        }
    }

    @Test func formatsAreWrittenAsTheyAre() throws {
        try Self.with { studio, id in
            func bytes(_ format: Word, _ more: Word...) throws -> [UInt8] {
                try studio.offbeat(words: ["analysis", "get", "\(id)", "--format", format] + more).done().out
            }
            #expect(try bytes("oba").starts(with: Array("OBA1".utf8)))
            #expect(try bytes("png", "--width", "64").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(try bytes("audiowaveform").starts(with: [1, 0, 0, 0, 1, 0, 0, 0]))
            let got = try studio.json("analysis", "get", "\(id)").done().json()
            #expect(try got["rawSize"]?.asInteger == Int64(bytes("json").count))
            #expect(try studio.offbeat("analysis", "get", "\(id)").done().text.contains("Duration"))
            try studio.json("analysis", "get", "\(id)", "--format", "mp3").expectFailure(2, "usage")
            let facts = try studio.json("debug", "oba", Word(try file(studio, bytes("oba")))).done().json()
            #expect(facts["codec"] == "zlib" && facts["arrays"]?.asArray?.isEmpty == false)
        }
    }

    private func file(_ studio: Studio, _ bytes: [UInt8]) throws -> FilePath {
        let path = studio.work.appending("kept.oba")
        try FileSystem.write(bytes, to: path)
        return path
    }

    @Test func anotherProgramsResultIsKept() throws {
        try Self.with { studio, id in
            let found = studio.work.appending("found.json")
            try FileSystem.write(#"{"bpm": 120, "mood": "calm"}"#, to: found)
            let kept = try studio.json(
                "analysis", "set", "\(id)", Word(found), "--analyzer", "essentia", "--analyzer-version", "2"
            ).done().json()
            #expect(kept["analyzer"] == "essentia" && kept["version"] == "2")
            let got = try studio.json("analysis", "get", "\(id)", "--analyzer", "essentia").done().json()
            #expect(got["mood"] == "calm" && got["cache"] == "hit")
            try studio.json(
                "analysis", "set", "\(id)", Word(found), "--analyzer", "offbeat", "--analyzer-version", "1"
            ).expectFailure(4, "not-allowed")
        }
    }

    @Test func whatIsNoAudioAnyMoreIsToldAndTheRestIsDone() throws {
        try Self.with { studio, id in
            let other = try studio.addedTrack("other.wav", seed: 5)
            let oid = try #require(try studio.track(id)["audio"]?["oid"]?.asString)
            let path = studio.store.appending(
                FilePath("lfs/objects/\(oid.prefix(2))/\(oid.dropFirst(2).prefix(2))/\(oid)"))
            let size = try FileSystem.read(path).count
            try FileSystem.remove(path)
            try FileSystem.write([UInt8](repeating: 65, count: size), to: path)
            let outcome = try studio.json("analyze")
            #expect(outcome.status == 1)
            let document = try outcome.json()
            #expect(document["analyzed"]?.asArray?.map { $0["id"] } == [.string(other)])
            #expect(document["failed"]?.asArray?.map { $0["id"] } == [.string(id)])
        }
    }
}
