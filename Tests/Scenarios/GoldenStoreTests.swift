import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Stores that were made long ago: every later build opens, shows and changes them.
struct GoldenStoreTests {
    private static let stores = ["format-1", "hostile-1"]

    private static let folder: FilePath = {
        let path = #filePath
        return FilePath(path).parent.appending("Golden")
    }()

    /// Calls `body` with a place that has its own copy of the store.
    static func with(_ name: String, _ body: (Studio) throws -> Void) throws {
        try Studio.with { studio in
            try studio.run(["tar", "-xzf", Word(folder.appending("\(name).tar.gz"))]).done()
            try FileSystem.rename(studio.work.appending("store"), to: studio.store)
            try body(studio)
        }
    }

    /// What is asked of each store.
    private func questions(to studio: Studio) throws -> [[Word]] {
        let tracks = try studio.tracks().keys.sorted()
        return [
            ["status"], ["ls"], ["ls", "live"], ["user", "ls"], ["log"], ["config", "ls"],
            ["diff", "HEAD~1", "HEAD"],
        ]
            + tracks.map { ["show", "\($0)"] } + tracks.map { ["log", "\($0)"] }
    }

    @Test(arguments: stores) func itSaysWhatItHasAlwaysSaid(name: String) throws {
        try Self.with(name) { studio in
            var answers = JSONObject()
            for words in try questions(to: studio) {
                let answer = try studio.offbeat(words: ["--json"] + words).done()
                // Only the place differs.
                let text = answer.text.replacing(studio.work.string, with: "")
                let said = try JSON.parse(Array(text.utf8))
                // How an answer came about is no part of it.
                var fields = said.asObject
                fields?["cache"] = nil
                answers[words.map(\.description).joined(separator: " ")] = fields.map(JSON.object) ?? said
            }
            let file = Self.folder.appending("\(name).json")
            if getenv("OFFBEAT_RECORD") != nil, !FileSystem.exists(file) {
                try FileSystem.write(JSON.object(answers).canonical(), to: file)
                Issue.record("recorded \(file)")
            }
            let expected = try JSON.parse(FileSystem.read(file))
            #expect(JSON.object(answers).differences(from: expected) == [])
        }
    }

    @Test(arguments: stores) func whatNobodyTouchesStaysAsItIs(name: String) throws {
        try Self.with(name) { studio in
            let before = try entries(studio)
            let other = try studio.git("rev-parse", "--verify", "--quiet", "other").line
            let tracks = try studio.tracks().keys.sorted()
            for id in tracks { try studio.offbeat("edit", "\(id)", "comment=golden", "+golden").done() }
            let new = try studio.addedTrack("new.wav", seed: 77)
            try studio.offbeat("marker", "add", "\(new)", "9f", "here").done()
            try studio.offbeat("replace", "\(tracks[0])", Word(try studio.sound("other.wav", seed: 78))).done()
            try studio.offbeat("rm", "\(tracks[1])").done()
            let after = try entries(studio)
            for (path, entry) in before where !isTouched(path, by: tracks) {
                #expect(after[path] == entry, "\(name): \(path)")
            }
            #expect(try studio.git("rev-parse", "--verify", "--quiet", "other").line == other)
            for id in tracks where id != tracks[1] {
                #expect(try studio.track(id)["comment"] == "golden")
            }
            #expect(try studio.git("fsck", "--no-dangling").status == 0)
        }
    }

    /// A check finds what it has always found, and a collection takes nothing that any version names, be it in a record
    /// alone: neither from the store as it came, nor from one that somebody has worked on.
    @Test(arguments: stores) func careFindsWhatItHasAlwaysFound(name: String) throws {
        try Self.with(name) { studio in
            let lasting = Self.findings[name] ?? []
            // It was unpacked in another place than it was made in, and without what is derived.
            let found = try studio.findings()
            #expect(found == lasting.union(["journal lfs/journal", "replica replica"]))
            #expect(try filesTakenByCollection(of: studio) == [])
            let tracks = try studio.tracks().keys.sorted()
            for id in tracks { try studio.offbeat("edit", "\(id)", "comment=golden").done() }
            try studio.offbeat("replace", "\(tracks[0])", Word(try studio.sound("other.wav", seed: 78))).done()
            try studio.offbeat("rm", "\(tracks[1])").done()
            #expect(try studio.findings() == lasting)
            #expect(try filesTakenByCollection(of: studio) == [])
        }
    }

    /// What a check says of each store, by kind and place.
    private static let findings: [String: Set<String>] = [
        "hostile-1": [
            "file af419b1ff4360538fdae7fba6a8bfbbf9d31b80f26df1f99e6205db5eae230fc",
            "file b98cbd7e6dfb9f38cfe759ff4c37bd07ac48f69e299b3902d66c427c80d6928f",
            "pointer tracks/a/0/4/a047770f74ac956c8023c79baa05c300/audio",
            "pointer tracks/b/f/e/bfea2fd2876a23e77aa8d8a2a37ef0b7/audio.wav",
            "pointer tracks/c/c/d/ccdf89a989dac17216ecb53eedd83b29/audio.wav",
            "record tracks/0/0/0/00000000000000000000000000000000/track.json",
            "record tracks/1/1/1/11111111111111111111111111111111/track.json",
            "record tracks/2/2/2/22222222222222222222222222222222/track.json",
            "record tracks/3/3/3/33333333333333333333333333333333/track.json",
            "record tracks/4/4/4/44444444444444444444444444444444/track.json",
            "record tracks/5/5/5/55555555555555555555555555555555/track.json",
            "record tracks/6/6/6/66666666666666666666666666666666/track.json",
            "record tracks/d/9/f/d9f742a8d3df89691b35e3299fa04b52/track.json",
            "record workspaces/abcdef0123456789abcdef0123456789/workspace.json",
        ]
    ]

    /// The files that are gone after a collection far in the future, when nothing is kept for its age.
    private func filesTakenByCollection(of studio: Studio) throws -> Set<String> {
        let before = try files(of: studio)
        try studio.offbeat("gc", adding: ["OFFBEAT_NOW": "2041-01-01T00:00:00Z"]).done()
        return try before.subtracting(files(of: studio))
    }

    private func files(of studio: Studio) throws -> Set<String> {
        Set(DirectoryWalk(studio.store.appending("lfs/objects")).compactMap { $0.path.lastComponent?.string })
    }

    /// Mode and id of each entry of the head, by path.
    private func entries(_ studio: Studio) throws -> [String: String] {
        let list = try studio.git("ls-tree", "-r", "-z", "main").done().out.split(separator: 0)
        let pairs = list.map { String(decoding: $0, as: UTF8.self).split(separator: "\t", maxSplits: 1) }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[1]), String($0[0])) })
    }

    /// The records of all tracks are edited, the first one's audio is replaced, the second is removed.
    private func isTouched(_ path: String, by tracks: [String]) -> Bool {
        let folders = tracks.map {
            "tracks/\($0.prefix(1))/\($0.dropFirst().prefix(1))/\($0.dropFirst(2).prefix(1))/\($0)"
        }
        return folders.contains { path == "\($0)/track.json" } || path.hasPrefix("\(folders[0])/audio.")
            || path.hasPrefix("\(folders[1])/")
    }

    @Test func everyFileComesOutAsItWentIn() throws {
        try Self.with("format-1") { studio in
            for (id, track) in try studio.tracks() {
                let bytes = try studio.offbeat("cat", "\(id)").done().out
                #expect(Int64(bytes.count) == track["audio"]?["size"]?.asInteger)
            }
            try studio.offbeat("export", "out").done()
            #expect(
                try FileSystem.list(studio.work.appending("out")).count == 6, "five tracks and the list of them")
        }
    }
}

extension Studio {
    /// What a check finds, by kind and place.
    fileprivate func findings() throws -> Set<String> {
        Set(
            try check(deep: true).problems.map { problem in
                "\(problem["kind"]?.asString ?? "") \(problem["what"]?.asString ?? "")"
            })
    }
}

extension JSON {
    /// Where this says something else than `expected`; members that are new do not count.
    fileprivate func differences(from expected: JSON, at path: String = "") -> [String] {
        switch (self, expected) {
        case (.object(let own), .object(let others)):
            return others.entries.flatMap { entry in
                let place = "\(path)/\(entry.key)"
                return own[entry.key]?.differences(from: entry.value, at: place) ?? ["\(place) is missing"]
            }
        case (.array(let own), .array(let others)) where own.count == others.count:
            return zip(own, others).enumerated().flatMap { $1.0.differences(from: $1.1, at: "\(path)/\($0)") }
        default: return self == expected ? [] : ["\(path): \(self) instead of \(expected)"]
        }
    }
}
