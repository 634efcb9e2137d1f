import Catalog
import Files
import TestSupport
import Testing

/// `OFFBEAT_TRACE`, and the commands that look below tracks and versions.
@Suite struct TraceTests {
    @Test func whatIsAskedForIsToldAndNothingElse() throws {
        try Studio.withStore { studio in
            let sound = Word(try studio.sound("song.wav", seed: 1))
            let all = try studio.json("add", sound, adding: ["OFFBEAT_TRACE": "all"]).done()
            _ = try all.json()
            let lines = all.complaint.split(separator: "\n").map(String.init)
            #expect(lines.allSatisfy { $0.contains(/^trace (files|git|store): .*, \d+\.\d ms$/) }, "\(lines)")
            for part in [
                "store: opened", "store: waited for the lock", "store: read the head", "store: moved the head to",
                "store: wrote a version", "git: wrote", "git: objects read: ",
                "files: files hashed and put: 1 in all",
                "files: made 1 new files durable", "files: calls of the journal",
            ] {
                #expect(lines.contains { $0.hasPrefix("trace \(part)") }, "\(part) in \(lines)")
            }
            let git = try studio.json("ls", adding: ["OFFBEAT_TRACE": "git,sync"]).done().complaint
            #expect(git.hasPrefix("trace git: objects read: ") && git.split(separator: "\n").count == 1)
            #expect(try studio.json("ls").done().complaint.isEmpty)
        }
    }

    @Test func whatCannotBeTracedIsRefusedWithWhatCan() throws {
        try Studio.withStore { studio in
            let outcome = try studio.json("ls", adding: ["OFFBEAT_TRACE": "git,gti"])
            try outcome.expectFailure(2, "usage")
            #expect(outcome.text.contains("cache, files, git, store, sync, all"))
        }
    }

    @Test func debuggingChangesNothing() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("edit", "\(id)", "title=New").done()
            let before = try studio.files()
            for words in [
                ["version"], ["version", "HEAD~1"], ["record", "\(id)"], ["record", "new", "--at", "HEAD"],
                ["journal"], ["replica"],
            ] as [[Word]] {
                let document = try studio.offbeat(words: ["--json", "debug"] + words).done().json()
                // For people the same document is laid out.
                #expect(try studio.offbeat(words: ["debug"] + words).done().out == document.canonical())
            }
            #expect(try studio.files() == before)
            try studio.json("debug", "record", "nothing such").expectFailure(3, "not-found")
            try studio.json("debug", "version", "HEAD~30").expectFailure(3, "not-found")
        }
    }
}

extension Studio {
    /// Every file of the store, with its bytes; what is only derived or counted does not matter.
    fileprivate func files() throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        let cache = store.appending("cache").string
        for case .file(let path) in DirectoryWalk(store) where !path.string.hasPrefix(cache) {
            found[path.string] = try FileSystem.read(path)
        }
        return found
    }
}
