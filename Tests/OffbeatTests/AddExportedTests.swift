import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

private func bytes(_ frequency: Double) -> [UInt8] { wav(seconds: 0.05, frequency: frequency, sampleRate: 8000) }

extension Place {
    fileprivate var out: FilePath { folder.appending("out") }

    /// Adds sounds called `a`, `b`… and exports them; answers their ids.
    fileprivate func exported(_ count: Int = 2) throws -> [TrackID] {
        let ids = try (0..<count).map { number in
            let name = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number)))
            return try add("\(name).wav", frequency: Double(100 + number)).id
        }
        _ = try session.export(to: out, matching: "")
        return ids
    }

    /// Changes a file of the exported folder.
    fileprivate func change(_ name: String, to frequency: Double) throws {
        try FileSystem.write(bytes(frequency), to: out.appending(name))
    }

    fileprivate func addOut(_ paths: FilePath...) throws -> AddOutcome {
        try session.add(AddRequest(paths: paths.isEmpty ? [out] : paths))
    }

    fileprivate func listed(_ name: String) throws -> (id: String?, oid: String?) {
        let entry = try JSON.parse(FileSystem.read(out.appending(".offbeat-export.json")))[name]
        return (entry?["id"]?.asString, entry?["oid"]?.asString)
    }

    fileprivate func oid(_ id: TrackID) throws -> String { try session.show(id.hex).track.audio.oid.hex }
}

@Suite struct AddExportedTests {
    @Test func whatNobodyChangedIsPresent() throws {
        try withPlace { place in
            let ids = try place.exported()
            let before = try place.library.version()
            let list = try FileSystem.status(of: place.out.appending(".offbeat-export.json"))
            let outcome = try place.addOut()
            #expect(outcome.present == ids && outcome.skipped.isEmpty && outcome.missing.isEmpty)
            #expect(try place.library.version() == before)
            #expect(try FileSystem.status(of: place.out.appending(".offbeat-export.json")) == list)
        }
    }

    @Test func aFolderThatIsReachedByTwoPathsIsOne() throws {
        try withPlace { place in
            let ids = try place.exported()
            try FileSystem.symbolicLink(to: place.out, at: place.folder.appending("link"))
            try place.change("a.wav", to: 500)
            let other = place.folder.appending("link/a.wav")
            let outcome = try place.addOut(other, place.out)
            #expect(outcome.replaced.map(\.id) == [ids[0]] && outcome.added.isEmpty && outcome.failed.isEmpty)
            #expect(outcome.missing.isEmpty && outcome.present.contains(ids[1]))
            #expect(try place.listed("a.wav").oid == place.oid(ids[0]))
        }
    }

    @Test func aChangedFileReplacesTheAudioOfItsTrackAgainAndAgain() throws {
        try withPlace { place in
            let ids = try place.exported()
            try place.edit(ids[0].hex, "title=Low Tide", "+live")
            for round in 0..<3 {
                try place.change("a.wav", to: Double(500 + round))
                let outcome = try place.addOut()
                #expect(outcome.replaced.map(\.id) == [ids[0]] && outcome.present == [ids[1]])
                #expect(outcome.added.isEmpty && outcome.failed.isEmpty && outcome.missing.isEmpty)
                let track = try place.session.show(ids[0].hex)
                let held = try pointer(to: place.out.appending("a.wav"))
                #expect(track.track.audio.oid == held.oid && track.isHere && track.facts?.of == held.oid)
                #expect(track.track.title == "Low Tide" && track.track.tags == ["live"])
                #expect(try place.listed("a.wav") == (ids[0].hex, held.oid.hex))
                #expect(try place.session.list(ListRequest()).total == 2)
                #expect(try place.session.export(to: place.out, matching: "").bytes == 0)
            }
        }
    }

    @Test func allThatWasChangedMakesOneVersion() throws {
        try withPlace { place in
            let ids = try place.exported(3)
            try place.change("a.wav", to: 500)
            try place.change("b.wav", to: 600)
            try place.change("new.wav", to: 700)
            let before = try place.library.version()
            let outcome = try place.addOut()
            #expect(outcome.replaced.map(\.id) == [ids[0], ids[1]] && outcome.present == [ids[2]])
            #expect(outcome.added.map(\.track.title) == ["new"])
            var log: [LogEntry] = []
            try place.session.log { entry in
                log.append(entry)
                return log.count < 2
            }
            #expect(
                log[0].entry.subject == "Add 1 track and replace the audio of 2 tracks"
                    && log[1].entry.version == before)
            #expect(try place.listed("new.wav").id == outcome.added[0].id.hex)
            // The new file is one of the folder now.
            try place.change("new.wav", to: 800)
            #expect(try place.addOut().replaced.map(\.id) == outcome.added.map(\.id))
        }
    }

    @Test func oneChangedFileMayBeNamed() throws {
        try withPlace { place in
            let ids = try place.exported()
            try FileSystem.remove(place.out.appending("b.wav"))
            try place.change("a.wav", to: 500)
            let outcome = try place.addOut(place.out.appending("a.wav"))
            #expect(outcome.replaced.map(\.id) == [ids[0]])
            // Nobody asked for the others.
            #expect(outcome.missing.isEmpty)
        }
    }

    @Test func whatChangedOnBothSidesIsAFailureAndLosesNothing() throws {
        try withPlace { place in
            let ids = try place.exported()
            try place.change("a.wav", to: 500)
            let mine = try FileSystem.read(place.out.appending("a.wav"))
            _ = try place.session.replace(ids[0].hex, with: place.sound("other.wav", frequency: 600))
            let before = try place.oid(ids[0])
            for _ in 0..<2 {
                let outcome = try place.addOut()
                #expect(outcome.failed.map(\.path) == [place.out.appending("a.wav")])
                #expect(
                    outcome.failed.first?.failure.hint?.contains("offbeat replace \(ids[0].hex.prefix(8))") == true)
                #expect(outcome.replaced.isEmpty && outcome.added.isEmpty)
                #expect(try place.oid(ids[0]) == before)
                #expect(try FileSystem.read(place.out.appending("a.wav")) == mine)
            }
            #expect(try place.session.export(to: place.out, matching: "").failed.map(\.id) == [ids[0]])
        }
    }

    @Test func aTrackThatWasReplacedSinceLeavesAnUnchangedFilePresent() throws {
        try withPlace { place in
            let ids = try place.exported()
            _ = try place.session.replace(ids[0].hex, with: place.sound("other.wav", frequency: 600))
            let outcome = try place.addOut()
            #expect(outcome.present == ids && outcome.added.isEmpty)
            #expect(try place.session.export(to: place.out, matching: "").bytes > 0)
        }
    }

    @Test func aChangedFileOfARemovedTrackIsANewTrack() throws {
        try withPlace { place in
            let ids = try place.exported()
            _ = try place.session.remove([ids[0].hex])
            try place.change("a.wav", to: 500)
            let outcome = try place.addOut()
            #expect(outcome.added.count == 1 && outcome.added[0].id != ids[0] && outcome.present == [ids[1]])
            #expect(try place.listed("a.wav").id == outcome.added[0].id.hex)
        }
    }

    @Test func filesThatAreGoneAreNamedAndNothingIsRemoved() throws {
        try withPlace { place in
            let ids = try place.exported(3)
            for name in ["a.wav", "b.wav", "c.wav"] { try FileSystem.remove(place.out.appending(name)) }
            _ = try place.session.remove([ids[2].hex])
            let outcome = try place.addOut()
            #expect(outcome.missing.map(\.path.lastComponent) == ["a.wav", "b.wav"])
            #expect(outcome.missing.map(\.id) == [ids[0], ids[1]])
            #expect(try place.session.list(ListRequest()).total == 2)
            #expect(try place.session.export(to: place.out, matching: "").files.count == 2)
        }
    }

    // MARK: Names that changed

    @Test func aRenamedFileIsPresentAndReplacesUnderItsNewName() throws {
        try withPlace { place in
            let ids = try place.exported()
            try FileSystem.rename(place.out.appending("a.wav"), to: place.out.appending("z.wav"))
            let outcome = try place.addOut()
            #expect(outcome.present.sorted() == ids.sorted() && outcome.missing.isEmpty && outcome.added.isEmpty)
            #expect(try place.listed("z.wav").id == ids[0].hex && place.listed("a.wav").id == nil)
            try place.change("z.wav", to: 500)
            #expect(try place.addOut().replaced.map(\.id) == [ids[0]])
        }
    }

    @Test func twoFilesThatChangedNamesStayWhatTheyAre() throws {
        try withPlace { place in
            let ids = try place.exported()
            try place.change("a.wav", to: 101)
            try place.change("b.wav", to: 100)
            let outcome = try place.addOut()
            #expect(outcome.present == [ids[1], ids[0]] && outcome.missing.isEmpty && outcome.replaced.isEmpty)
            #expect(try place.listed("a.wav").id == ids[1].hex && place.listed("b.wav").id == ids[0].hex)
            try place.change("a.wav", to: 500)
            #expect(try place.addOut().replaced.map(\.id) == [ids[1]])
        }
    }

    @Test func aFileThatAnotherWasMovedOverIsMissing() throws {
        try withPlace { place in
            let ids = try place.exported()
            try FileSystem.rename(place.out.appending("b.wav"), to: place.out.appending("a.wav"))
            let outcome = try place.addOut()
            #expect(outcome.present == [ids[1]] && outcome.missing.map(\.id) == [ids[0]])
        }
    }

    @Test func aCopyThatIsChangedIsANewTrack() throws {
        try withPlace { place in
            let ids = try place.exported(1)
            try place.change("a remix.wav", to: 100)
            #expect(try place.addOut().present == [ids[0], ids[0]])
            try place.change("a remix.wav", to: 500)
            let outcome = try place.addOut()
            #expect(outcome.added.map(\.track.title) == ["a remix"] && outcome.replaced.isEmpty)
        }
    }

    // MARK: Lists and files that are not what they should be

    @Test func aFileThatIsNoAudioAnyMoreIsAFailure() throws {
        try withPlace { place in
            let ids = try place.exported()
            try FileSystem.write("no audio", to: place.out.appending("a.wav"))
            try FileSystem.write("no audio", to: place.out.appending("notes.txt"))
            let outcome = try place.addOut()
            #expect(outcome.failed.map(\.path.lastComponent) == ["a.wav"])
            #expect(outcome.skipped.map(\.lastComponent) == ["notes.txt"])
            #expect(outcome.present == [ids[1]] && outcome.missing.isEmpty)
        }
    }

    @Test(arguments: ["[]", "{", ""])
    func aDamagedListIsRefusedAndNothingChanges(_ text: String) throws {
        try withPlace { place in
            _ = try place.exported()
            try place.change("a.wav", to: 500)
            try FileSystem.write(text, to: place.out.appending(".offbeat-export.json"))
            let before = try place.library.version()
            let failure = try failure(.damaged) { try place.addOut() }
            #expect(failure.message.contains(".offbeat-export.json"))
            #expect(try place.library.version() == before)
        }
    }

    @Test func anUnknownTrackInTheListIsNone() throws {
        try withPlace { place in
            let ids = try place.exported(1)
            let unknown = String(repeating: "7", count: 32)
            let list = try FileSystem.read(place.out.appending(".offbeat-export.json"))
            let text = String(decoding: list, as: UTF8.self).split(
                separator: ids[0].hex, omittingEmptySubsequences: false)
            try FileSystem.write(text.joined(separator: unknown), to: place.out.appending(".offbeat-export.json"))
            try place.change("a.wav", to: 500)
            let outcome = try place.addOut()
            #expect(outcome.added.count == 1 && outcome.missing.isEmpty && outcome.failed.isEmpty)
        }
    }

    @Test func aHiddenTrackIsNotReplacedAndNotTold() throws {
        try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
            let id = try place.add("a.wav", as: "ana").id
            try place.add("b.wav", frequency: 300, as: "ana")
            _ = try place.session("ana").export(to: place.out, matching: "")
            try place.change("a.wav", to: 500)
            try FileSystem.remove(place.out.appending("b.wav"))
            let outcome = try place.session("ben").add(AddRequest(paths: [place.out]))
            #expect(outcome.replaced.isEmpty && outcome.missing.isEmpty && outcome.failed.isEmpty)
            #expect(outcome.added.count == 1 && outcome.added[0].owner == "ben")
            #expect(
                try place.session("ana").show(id.hex).track.audio.oid
                    != pointer(to: place.out.appending("a.wav")).oid)
        }
    }

    @Test func aTitleIsForNewTracksAlone() throws {
        try withPlace { place in
            let ids = try place.exported(1)
            try place.change("a.wav", to: 500)
            var request = AddRequest(paths: [place.out.appending("a.wav")])
            request.title = "other"
            request.artist = "other"
            let outcome = try place.session.add(request)
            #expect(outcome.replaced.map(\.id) == ids && outcome.replaced[0].track.title == "a")
            #expect(outcome.replaced[0].track.artist == nil)
        }
    }

    /// Whatever is done in the folder: what was exported is never a new track, and every file is some track afterwards.
    @Test func anyHistoryOfAFolderKeepsItsTracks() throws {
        var random = SeededRandom()
        for _ in 0..<3 {
            try withPlace { place in
                let ids = Set(try place.exported(4))
                for round in 0..<8 {
                    let names = try FileSystem.list(place.out).map(\.name.string).filter { $0.hasSuffix(".wav") }
                    let changed = names.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))
                    for (number, name) in changed.enumerated() {
                        try place.change(name, to: Double(1000 + round * 10 + number))
                    }
                    if let name = names.randomElement(using: &random), !changed.contains(name) {
                        try FileSystem.rename(
                            place.out.appending(name), to: place.out.appending("round \(round).wav"))
                    }
                    let outcome = try place.addOut()
                    #expect(outcome.added.isEmpty && outcome.failed.isEmpty && outcome.missing.isEmpty, "\(random)")
                    #expect(outcome.replaced.count == changed.count, "\(random)")
                    #expect(Set(outcome.present + outcome.replaced.map(\.id)) == ids, "\(random)")
                    #expect(try place.session.export(to: place.out, matching: "").bytes == 0, "\(random)")
                }
            }
        }
    }
}
