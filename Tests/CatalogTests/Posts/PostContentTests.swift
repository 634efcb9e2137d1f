import Catalog
import Digest
import Testing

/// Which fields a decision about a post speaks of.
@Suite struct PostContentTests {
    private func bench() throws -> PostBench {
        var bench = try PostBench()
        bench.track = try Samples.track(["title": "Song", "artist": "Ana", "year": 1999])
        return bench
    }

    @Test func itsFormIsSettled() throws {
        var bench = try bench()
        try bench.post.set("title", to: "News", at: Samples.stamp(1_000))
        try bench.post.add("x", to: "platforms", at: Samples.stamp(1_000))
        let values: JSON = [
            "audio": .string(Samples.audio.hex), "platforms": ["x"], "text": "Out now", "title": "News",
            "track.artist": "Ana", "track.title": "Song", "track.year": 1999,
        ]
        #expect(bench.content.hash == ContentHash(of: values.canonical()))
        let fields = [
            "audio", "image", "platforms.x", "text", "title", "track", "track.album", "track.artist",
            "track.comment", "track.genre", "track.title", "track.year",
        ]
        let stamps = JSON.object(JSONObject(fields.map { ($0, .string("\(Samples.stamp(1_000))")) }))
        #expect(bench.content.stamps == ContentHash(of: stamps.canonical()))
    }

    @Test func eachOfItsFieldsCountsAndPuttingItBackDoesNotHelp() throws {
        let before = try bench()
        let edits: [(String, (inout PostBench, Bool) throws -> Void)] = [
            ("text", { try $0.post.set("text", to: $1 ? "Other" : "Out now", at: $0.stamp()) }),
            ("title", { try $0.post.set("title", to: $1 ? "Other" : nil, at: $0.stamp()) }),
            ("image", { try $0.post.setImage($1 ? Samples.audio : nil, at: $0.stamp()) }),
            (
                "platforms",
                { bench, isThere in
                    if isThere {
                        try bench.post.add("x", to: "platforms", at: bench.stamp())
                    } else {
                        try bench.post.remove("x", from: "platforms", at: bench.stamp())
                    }
                }
            ),
            (
                "track",
                { bench, isGone in
                    try bench.post.set(
                        "track", to: isGone ? nil : .string(Samples.track().id.hex), at: bench.stamp())
                    bench.track = isGone ? nil : try self.bench().track
                }
            ),
            (
                "audio",
                { bench, isOther in
                    let oid = isOther ? ContentHash(of: []) : Samples.audio
                    let audio = AudioReference(oid: oid, size: 9, name: "song.flac")
                    let at = bench.stamp()
                    try bench.track?.setAudio(audio, facts: nil, at: at)
                }
            ),
        ]
        let ofTrack = ["album", "artist", "comment", "genre", "title"].map { field in
            (
                field,
                { (bench: inout PostBench, isOther: Bool) throws in
                    let was = try self.bench().track?.fields[field]
                    let at = bench.stamp()
                    try bench.track?.set(field, to: isOther ? "Other" : was, at: at)
                }
            )
        }
        for (name, edit) in edits + ofTrack {
            var bench = before
            try edit(&bench, true)
            #expect(bench.content.hash != before.content.hash, "\(name)")
            #expect(bench.content.stamps != before.content.stamps, "\(name)")
            try edit(&bench, false)
            #expect(bench.content.hash == before.content.hash, "\(name)")
            #expect(bench.content.stamps != before.content.stamps, "\(name)")
        }
    }

    @Test func nothingElseCounts() throws {
        let before = try bench()
        var bench = before
        try bench.setTime("2027-01-01T00:00:00")
        try bench.decide(.submitted)
        try bench.post.set("x-mood", to: "calm", at: bench.stamp())
        let at = bench.stamp()
        for (field, value) in [("bpm", JSON(120)), ("rating", 3), ("key", "A minor"), ("trackNumber", 2)] {
            try bench.track?.set(field, to: value, at: at)
        }
        try bench.track?.add("live", to: "tags", at: at)
        #expect(bench.content == before.content)
    }

    @Test func aTrackThatIsGoneIsAContentOfItsOwn() throws {
        let post = try bench().post
        let contents = [PostContent.Subject.none, .absent, .track(Samples.track(), audio: Samples.audio)]
            .map { PostContent(of: post, image: nil, about: $0).hash }
        #expect(Set(contents).count == 3)
    }

    @Test func thePointerSaysWhichFileItIs() throws {
        let bench = try bench()
        let other = ContentHash(of: [1])
        let track = try #require(bench.track)
        #expect(PostContent(of: bench.post, image: other, about: .none).hash != bench.content.hash)
        let withOther = PostContent(of: bench.post, image: nil, about: .track(track, audio: other))
        #expect(withOther.hash != bench.content.hash && withOther.stamps == bench.content.stamps)
    }
}
