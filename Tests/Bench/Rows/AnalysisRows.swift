import Files

extension Row {
    private static let seconds = 240

    static let analysis = Row(name: "analysis", summary: "the whole analysis of four minutes of music") {
        workshop in
        let song = try madeSong(workshop)
        var findings = [
            Finding(
                row: "analysis", what: "four minutes of WAV, a core",
                ours: Sample(try workshop.work("analyse", song.string)), unit: .seconds,
                goal: .atMost(Double(seconds) / 300), note: "300 times as fast as it is played")
        ]
        for (peer, words) in peers(song) where Workshop.has(words[0]) {
            findings.append(
                Finding(
                    row: "analysis", what: "the same by others, for orientation", ours: findings[0].ours,
                    unit: .seconds, other: (peer, try times(words, workshop)), goal: .none))
        }
        guard Workshop.has("ffmpeg") else { return findings }
        for (format, encoder) in [
            ("flac", "flac"), ("mp3", "libmp3lame"), ("ogg", "libvorbis"), ("opus", "libopus"),
        ] {
            let packed = song.parent.appending("song.\(format)")
            try workshop.finish(["ffmpeg", "-v", "error", "-i", song.string, "-c:a", encoder, packed.string])
            findings.append(
                Finding(
                    row: "analysis", what: "the same as \(format)",
                    ours: Sample(try workshop.work("analyse", packed.string)), unit: .seconds,
                    goal: .atMost(Double(seconds) / 300)))
        }
        let ogg = song.parent.appending("song.ogg").string
        let decoding = Contestant(name: Workshop.ours) {
            try workshop.time([workshop.bench, "--work", "decode", ogg])
        }
        let peer = Contestant(name: "ffmpeg") {
            try workshop.time([
                "ffmpeg", "-v", "error", "-threads", "1", "-i", ogg, "-f", "f32le", "-y", "/dev/null",
            ])
        }
        return try findings
            + Pairs.measure(flushing: false, [decoding, peer]).findings(
                "analysis", .init("decoding Ogg alone, the process", against: "ffmpeg", .times(1 / 0.8)))
    }

    static let analysisMemory = Row(name: "analysis-memory", summary: "two hours of music, analysed") { workshop in
        let song = workshop.path("long.wav")
        try MadeSong.write(seconds: 7200, to: song)
        return [
            Finding(
                row: "analysis-memory", what: "analysed, packed, unpacked",
                ours: Sample(try workshop.work("analyse-once", song.string)), unit: .bytes,
                goal: .atMost(Double(100 << 20)))
        ]
    }

    static let analysisBlob = Row(name: "analysis-blob", summary: "the blob of an analysis of four minutes") {
        workshop in
        let song = try madeSong(workshop)
        let figures = try workshop.work("pack-analysis", song.string)
        guard figures.count == 24 else { throw BenchError("figures are missing") }
        let (blob, raw, json) = (figures[0], figures[1], figures[2])
        var findings = [
            Finding(
                row: "analysis-blob", what: "its size", ours: Sample([blob]), unit: .bytes,
                other: ("plain JSON", Sample([json])), goal: .times(0.12)),
            Finding(
                row: "analysis-blob", what: "packing a million bytes of what it holds",
                ours: Sample(figures[3...].map { $0 / raw * 1e6 }), unit: .seconds, goal: .atMost(0.02)),
        ]
        for (peer, words) in [
            ("gzip -6", ["gzip", "-6"]), ("zstd -19", ["zstd", "-q", "-19"]), ("xz -6", ["xz", "-6"]),
        ]
        where Workshop.has(words[0]) {
            let packed = workshop.path("packed")
            try workshop.finish(words + ["-c", song.string + ".json"], writing: packed)
            let size = Double(try FileSystem.status(of: packed).size)
            findings.append(
                Finding(
                    row: "analysis-blob", what: "its size", ours: Sample([blob]), unit: .bytes,
                    other: ("JSON by \(peer)", Sample([size])), goal: .none))
        }
        return findings
    }

    static let analysisRead = Row(
        name: "analysis-read", summary: "the analysis of four minutes, read by a process at work"
    ) {
        workshop in
        let song = try madeSong(workshop)
        let store = workshop.path("store")
        try workshop.makeStore(at: store)
        try workshop.finish([workshop.offbeat, "--store", store.string, "--quiet", "add", song.string])
        func finding(_ what: String, _ place: String, _ goal: Double) throws -> Finding {
            Finding(
                row: "analysis-read", what: what,
                ours: Sample(try workshop.work("read-analyses", store.string, place)),
                unit: .seconds, goal: .atMost(goal))
        }
        return try [finding("from memory", "memory", 0.000_02), finding("from a warm disk", "disk", 0.000_5)]
    }

    private static func madeSong(_ workshop: Workshop) throws -> FilePath {
        let song = workshop.path("song.wav")
        try MadeSong.write(seconds: seconds, to: song)
        return song
    }

    private static func peers(_ song: FilePath) -> [(name: String, words: [String])] {
        [
            (
                "ffmpeg, loudness alone",
                [
                    "ffmpeg", "-v", "error", "-threads", "1", "-i", song.string, "-af", "ebur128=peak=true", "-f",
                    "null", "-",
                ]
            ),
            ("aubio, onsets alone", ["aubio", "onset", song.string]),
            ("aubio, beats alone", ["aubio", "beat", song.string]),
        ]
    }

    private static func times(_ words: [String], _ workshop: Workshop) throws -> Sample {
        Sample(try (0..<3).map { _ in try workshop.time(words).seconds })
    }
}
