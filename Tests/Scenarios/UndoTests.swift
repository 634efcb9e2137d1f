import Catalog
import Files
import TestSupport
import Testing

/// `undo` and `restore` as a whole, under git's eyes.
@Suite struct UndoTests {
    @Test func everyCommandCanBeUndone() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack(seed: 1)
            let steps: [[Word]] = [
                ["edit", "\(id)", "title=Night Train", "+live", "x-mood=calm"],
                ["marker", "add", "\(id)", "40f", "drop"],
                ["replace", "\(id)", Word(try studio.sound("other.wav", seed: 2))],
                ["marker", "rm", "\(id)", "drop"], ["user", "add", "ben"], ["rm", "\(id)"],
            ]
            var states: [[String: JSON]] = []
            for step in steps {
                states.append(try studio.shown())
                try studio.offbeat(words: step).done()
            }
            for state in states.reversed() {
                let document = try studio.json("undo").done().json()
                #expect(document["kept"] == [])
                #expect(try document["version"]?.asString == studio.head())
                #expect(try studio.shown() == state, "\(document)")
                try studio.expectSound()
            }
            try studio.json("undo").done()
            try studio.expectUnchanged { try studio.json("undo").expectFailure(3, "not-found") }
            #expect(try studio.tracks().isEmpty)
            let bodies = try studio.git("log", "--format=%(trailers:key=Offbeat-Undoes,valueonly)").done().text
            #expect(bodies.split(separator: "\n").count == 7)
        }
    }

    @Test func undoSaysWhatItTookBackAndWhatItKept() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            try studio.offbeat("user", "add", "ben").done()
            try studio.offbeat("--user", "ana", "edit", "\(id)", "title=A", "artist=A").done()
            try studio.offbeat("--user", "ben", "edit", "\(id)", "title=B").done()
            let document = try studio.json("--user", "ana", "undo").done().json()
            let undone = document["undone"]
            #expect(undone?["subject"]?.asString == "Edit A" && undone?["at"]?.asString != nil)
            #expect(
                undone?["changes"] == [
                    ["kind": "track", "id": .string(id), "what": "changed", "fields": ["artist"]]
                ])
            #expect(
                document["kept"] == [
                    ["kind": "track", "id": .string(id), "field": "title", "reason": "ben changed it since"]
                ])
            try studio.offbeat("--user", "ana", "edit", "\(id)", "genre=A", "year=1999").done()
            try studio.offbeat("--user", "ben", "edit", "\(id)", "genre=B").done()
            let page = try studio.offbeat("--user", "ana", "--verbose", "undo").done().text
            #expect(page.contains("  put back track \(id): year\n"), "\(page)")
            #expect(page.contains("Kept genre of track \(id.prefix(8)): ben changed it since\n"), "\(page)")
            try studio.offbeat("--user", "ana", "edit", "\(id)", "comment=A").done()
            try studio.offbeat("--user", "ben", "edit", "\(id)", "comment=B").done()
            try studio.expectUnchanged {
                try studio.json("--user", "ana", "undo").expectFailure(4, "wrong-state")
            }
            #expect(try studio.offbeat("--user", "ben", "undo").done().text.contains("Undid Edit B"))
        }
    }

    @Test func restoreTakesATrackBackToAnyVersion() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack("night train.wav", seed: 1)
            let first = try studio.track(id)
            let version = try studio.head()
            try studio.offbeat("edit", "\(id)", "title=B", "+live").done()
            try studio.offbeat("replace", "\(id)", Word(try studio.sound("other.wav", seed: 2))).done()
            try studio.offbeat("rm", "\(id)").done()
            #expect(try studio.json("log", "\(id)").done().json()["entries"]?.asArray?.count == 4)
            let document = try studio.json("restore", "night", "--at", "\(version)").done().json()
            #expect(try document["version"]?.asString == studio.head())
            #expect(try document["track"] == studio.track(id))
            #expect(try studio.shown()[id] == first.withoutTimes)
            #expect(try studio.offbeat("cat", "\(id)").done().out == noise(seed: 1, frames: 800))
            try studio.expectSound()
            try studio.expectUnchanged {
                #expect(try studio.offbeat("restore", "\(id)", "--at", "HEAD").done().status == 0)
                try studio.json("restore", "\(id)", "--at", "HEAD~30").expectFailure(3, "not-found")
                try studio.json("restore", "\(id)").expectFailure(2, "usage")
            }
        }
    }

    @Test func aRecordThatPlainGitBrokeIsMended() throws {
        try Studio.withStore { studio in
            let id = try studio.addedTrack()
            let clone = try studio.clone()
            try FileSystem.write("{", to: clone.appending(trackFolder(id)).appending("track.json"))
            try studio.push(from: clone, because: "Break it")
            let failure = try studio.json("show", "\(id)")
            try failure.expectFailure(6, "damaged")
            #expect(failure.text.contains("offbeat restore \(id) --at"))
            try studio.offbeat("restore", "\(id)", "--at", "HEAD~1").done()
            #expect(try studio.track(id)["title"]?.asString == "song")
            try studio.expectSound()
        }
    }

    @Test func theNewestFormatIsToldAndNothingIsRaised() throws {
        try Studio.withStore { studio in
            try studio.expectUnchanged {
                let document = try studio.json("upgrade").done().json()
                #expect(document == ["format": 1, "merge": 1, "upgraded": false])
                #expect(try studio.offbeat("upgrade").done().status == 0)
            }
        }
    }
}

extension Studio {
    /// All tracks and people, without the times that an undo cannot bring back.
    fileprivate func shown() throws -> [String: JSON] {
        var shown = try tracks().mapValues(\.withoutTimes)
        shown["users"] = try json("user", "ls").done().json()["users"]
        return shown
    }
}

extension JSON {
    fileprivate var withoutTimes: JSON {
        guard var object = asObject else { return self }
        object["modified"] = nil
        return .object(object)
    }
}
