import Blobs
import Catalog
import Digest
import Files
import Glibc
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

private func names(in folder: FilePath) throws -> [String] {
    try FileSystem.list(folder).map(\.name.string).filter { $0 != ".offbeat-export.json" }
}

private func manifest(in folder: FilePath) throws -> JSON {
    try JSON.parse(FileSystem.read(folder.appending(".offbeat-export.json")))
}

extension Place {
    /// Where the tests export to.
    fileprivate var out: FilePath { folder.appending("out") }

    @discardableResult
    fileprivate func export(_ query: String = "") throws -> ExportOutcome {
        try session.export(to: out, matching: query)
    }
}

@Test func playableFilesAreWrittenUnderNamesThatPeopleKnow() throws {
    try withPlace { place in
        let file = try place.sound("one.wav", frequency: 100)
        let one = try place.add("one.wav", frequency: 100) { $0.artist = "Shore" }
        try place.add("two.wav", frequency: 200)
        let outcome = try place.export()
        #expect(outcome.files.map(\.name) == ["Shore - one.wav", "two.wav"] && outcome.failed.isEmpty)
        #expect(outcome.version == (try place.library.version()) && outcome.means != nil)
        #expect(try names(in: place.out) == ["Shore - one.wav", "two.wav"])
        let bytes = try FileSystem.read(file)
        #expect(try FileSystem.read(place.out.appending("Shore - one.wav")) == bytes)
        #expect(outcome.bytes == Int64(2 * bytes.count))
        let entry = try manifest(in: place.out)["Shore - one.wav"]
        #expect(entry?["id"]?.asString == one.id.hex && entry?["oid"]?.asString == one.track.audio.oid.hex)
        #expect(entry?["size"]?.asInteger == one.track.audio.size)
    }
}

@Test func onlyWhatAQueryMatchesIsExported() throws {
    try withPlace { place in
        try place.add("one.wav", frequency: 100)
        try place.add("two.wav", frequency: 200)
        #expect(try place.export("two").files.map(\.name) == ["two.wav"])
        #expect(try place.export("one").files.map(\.name) == ["one.wav"])
        #expect(try names(in: place.out) == ["one.wav", "two.wav"])
        #expect(try manifest(in: place.out).asObject?.count == 2)
    }
}

@Test func anotherExportWritesNothingAgain() throws {
    try withPlace { place in
        try place.add("one.wav")
        try place.export()
        let before = try FileSystem.status(of: place.out.appending("one.wav"))
        let outcome = try place.export()
        #expect(outcome.bytes == 0 && outcome.means == nil && outcome.files.count == 1)
        #expect(try FileSystem.status(of: place.out.appending("one.wav")) == before)
    }
}

@Test func aFileKeepsItsNameThoughTheTrackIsRenamed() throws {
    try withPlace { place in
        let id = try place.add("one.wav").id.hex
        try place.export()
        _ = try place.edit(id, "title=other")
        #expect(try place.export().files.map(\.name) == ["one.wav"])
        #expect(try names(in: place.out) == ["one.wav"])
    }
}

@Test func otherAudioOfATrackTakesThePlaceOfItsFile() throws {
    try withPlace { place in
        let id = try place.add("one.wav", frequency: 100).id.hex
        try place.export()
        let file = try place.sound("two.wav", frequency: 200)
        _ = try place.session.replace(id, with: file)
        #expect(try place.export().bytes > 0)
        #expect(try FileSystem.read(place.out.appending("one.wav")) == FileSystem.read(file))
        #expect(try names(in: place.out) == ["one.wav"])
    }
}

@Test func aFileOfAnExportThatSomebodyChangedIsNotOverwritten() throws {
    try withPlace { place in
        let id = try place.add("one.wav", frequency: 100).id.hex
        try place.export()
        let mine = wav(seconds: 0.1, frequency: 300, sampleRate: 8000)
        try FileSystem.write(mine, to: place.out.appending("one.wav"))
        for _ in 0..<2 {
            let outcome = try place.export()
            #expect(outcome.failed.map(\.id.hex) == [id])
            #expect(outcome.failed.first?.reason.contains("one.wav") == true)
            #expect(try FileSystem.read(place.out.appending("one.wav")) == mine)
            // What the list says of the file stays, so that a later look can tell that it was changed.
            #expect(try manifest(in: place.out)["one.wav"]?["id"]?.asString == id)
            _ = try place.session.replace(id, with: place.sound("two.wav", frequency: 200))
        }
    }
}

@Test func aFileThatIsNobodysIsNotTouched() throws {
    try withPlace { place in
        try place.add("one.wav")
        try FileSystem.makeDirectories(place.out)
        try FileSystem.write("mine", to: place.out.appending("one.wav"))
        symlink("nowhere", place.out.appending("one (2).wav").string)
        let outcome = try place.export()
        #expect(outcome.files.map(\.name) == ["one (3).wav"])
        #expect(try FileSystem.read(place.out.appending("one.wav")) == Array("mine".utf8))
        let link = try FileSystem.status(of: place.out.appending("one (2).wav"), followingLinks: false)
        #expect(link.kind == .link)
    }
}

@Test func tracksOfOneTitleGetDifferentNames() throws {
    try withPlace { place in
        for number in 0..<3 {
            try place.add("\(number).wav", frequency: Double(100 + number)) { $0.title = "tide" }
        }
        #expect(try place.export().files.map(\.name) == ["tide (2).wav", "tide (3).wav", "tide.wav"])
        #expect(try place.export().bytes == 0)
    }
}

@Test(arguments: [
    ("../../up", "_.._up.wav"), ("a/b\\c:d", "a_b_c_d.wav"), ("...", nil), ("-rf", "rf.wav"),
    ("what?*", "what__.wav"),
    ("\u{202E}x", nil), (String(repeating: "é", count: 300), nil),
])
func aTitleThatIsNoFileNameIsMadeOne(_ title: String, _ expected: String?) throws {
    try withPlace { place in
        try place.add("one.wav") { $0.title = title }
        let name = try #require(try place.export().files.first).name
        if let expected { #expect(name == expected) }
        #expect(try names(in: place.out) == [name])
        #expect(!name.hasPrefix(".") && !name.hasPrefix("-") && name.utf8.count < 256)
    }
}

@Test func aTrackWhoseFileIsNotHereIsNamed() throws {
    try withPlace { place in
        let one = try place.add("one.wav", frequency: 100)
        try place.add("two.wav", frequency: 200)
        try place.loseFile(of: one)
        let outcome = try place.export()
        #expect(outcome.failed.map(\.id) == [one.id] && outcome.files.count == 1)
        #expect(outcome.failed.first?.reason.contains("not on this computer") == true)
    }
}

@Test func aTrackWithoutAPointerIsNamed() throws {
    try withPlace { place in
        let one = try place.add("one.wav")
        try place.commitPlainly([:], removing: ["\(RecordFolder.track(one.id).path)/audio.wav"])
        #expect(try place.export().failed.map(\.reason) == ["it has no audio"])
        try failure(.damaged) { try place.session.cat("one") { _ in } }
    }
}

// MARK: The list of an export

@Test func aListThatIsNoListIsRefused() throws {
    try withPlace { place in
        try place.add("one.wav")
        try FileSystem.makeDirectories(place.out)
        try FileSystem.write("[]", to: place.out.appending(".offbeat-export.json"))
        let failure = try failure(.damaged) { try place.export() }
        #expect(failure.message.contains(".offbeat-export.json") && failure.hint != nil)
        #expect(try names(in: place.out).isEmpty)
    }
}

@Test func entriesOfAListThatMakeNoSenseArePassedOver() throws {
    try withPlace { place in
        try place.add("one.wav")
        try FileSystem.makeDirectories(place.out)
        try FileSystem.write(#"{"a.wav":1,"b.wav":{"id":"x"}}"#, to: place.out.appending(".offbeat-export.json"))
        #expect(try place.export().files.map(\.name) == ["one.wav"])
    }
}

@Test(arguments: ["../one.wav", "sub/one.wav", "/tmp/offbeat-one.wav"])
func aListLeadsToNothingOutsideItsFolder(_ name: String) throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        try FileSystem.makeDirectories(place.out.appending("sub"))
        let entry: JSON = [
            "id": .string(track.id.hex), "oid": .string(String(repeating: "0", count: 64)), "size": 1,
        ]
        try FileSystem.write(
            JSON.object(JSONObject([(name, entry)])).canonical(), to: place.out.appending(".offbeat-export.json"))
        #expect(try place.export().files.map(\.name) == ["one.wav"])
        #expect(!FileSystem.exists(place.folder.appending("one.wav")))
    }
}

@Test func anExportThatIsStoppedRemembersWhatItWrote() throws {
    try withPlace { place in
        try place.add("one.wav", frequency: 100)
        try place.add("two.wav", frequency: 200)
        let asked = Mutex(0)
        let progress = Progress(stop: {
            asked.withLock {
                $0 += 1
                return $0 > 1
            }
        })
        try failure(.interrupted) {
            try place.session.export(to: place.out, matching: "", progress: progress)
        }
        #expect(try names(in: place.out).count == 1)
        try place.export()
        #expect(try names(in: place.out) == ["one.wav", "two.wav"])
    }
}

@Test func anExportReportsItsProgress() throws {
    try withPlace { place in
        try place.add("one.wav")
        let reports = Reports()
        _ = try place.session.export(to: place.out, matching: "", progress: reports.progress)
        #expect(reports.all.map(\.what) == ["Exporting"] && reports.all.map(\.done) == [1])
    }
}

@Test func anExportToWhereAFileIsFails() throws {
    try withPlace { place in
        try FileSystem.write("mine", to: place.out)
        #expect(throws: Failure.self) { try place.export() }
        #expect(try FileSystem.read(place.out) == Array("mine".utf8))
    }
}

// MARK: The bytes of a file

@Test func theBytesOfATrackComeInPieces() throws {
    try withPlace { place in
        let file = try place.sound("long.wav", seconds: 20)
        _ = try place.session.add(AddRequest(paths: [file]))
        var bytes: [UInt8] = []
        var pieces = 0
        try place.session.cat("long") { piece in
            bytes += piece
            pieces += 1
        }
        #expect(try bytes == FileSystem.read(file))
        #expect(pieces > 1)
    }
}

@Test func theBytesOfAStemAreAskedForByItsType() throws {
    try withPlace { place in
        let track = try place.add("one.wav")
        let none = try failure(.notFound) { try place.session.cat("one", stem: "drums") { _ in } }
        #expect(none.hint == "it has no stems")
        try place.addStem("drums", to: track)
        try place.addStem("bass", to: track, withPointer: false)
        var bytes: [UInt8] = []
        try place.session.cat("one", stem: "drums") { bytes += $0 }
        #expect(bytes == Array("the sound of drums".utf8))
        let failure = try failure(.notFound) { try place.session.cat("one", stem: "vocals") { _ in } }
        #expect(failure.hint == "it has: bass, drums")
        try OffbeatTests.failure(.damaged) { try place.session.cat("one", stem: "bass") { _ in } }
    }
}

@Test func theBytesOfAFileThatIsNotHereAreNotFound() throws {
    try withPlace { place in
        try place.loseFile(of: place.add("one.wav"))
        let failure = try failure(.notFound) { try place.session.cat("one") { _ in } }
        #expect(!failure.message.isEmpty)
    }
}

// MARK: An export that is cut off

/// Leaves the folder as an export does that is killed before it writes its list: files, and notes of them.
private func cutOff(_ place: Place) throws {
    let list = try #require(try manifest(in: place.out).asObject)
    let notes = list.entries.map { JSON.object(JSONObject([("name", .string($0.key)), ("file", $0.value)])) }
    try FileSystem.makeDirectory(place.out.appending(".offbeat-export"))
    try FileSystem.write(
        notes.flatMap { $0.canonical() + [0] } + Array("{\"na".utf8),
        to: place.out.appending(".offbeat-export/notes"))
    try FileSystem.remove(place.out.appending(".offbeat-export.json"))
}

@Test func whatAnExportWroteBeforeItWasCutOffIsItsOwn() throws {
    try withPlace { place in
        try place.add("one.wav", frequency: 100)
        try place.export()
        try cutOff(place)
        try FileSystem.makeDirectories(place.out.appending(".offbeat-export/offbeat-0123456789abcdef/0"))
        let outcome = try place.export()
        #expect(outcome.bytes == 0 && outcome.files.map(\.name) == ["one.wav"])
        #expect(try names(in: place.out) == ["one.wav"], "and what it left is swept")
    }
}

@Test func aFileThatSomebodyPutWhereACutOffExportWasIsNotItsOwn() throws {
    try withPlace { place in
        try place.add("one.wav", frequency: 100)
        try place.export()
        try cutOff(place)
        let size = try FileSystem.status(of: place.out.appending("one.wav")).size
        try FileSystem.write([UInt8](repeating: 7, count: Int(size)), to: place.out.appending("one.wav"))
        #expect(try place.export().files.map(\.name) == ["one (2).wav"])
        #expect(try FileSystem.read(place.out.appending("one.wav")).allSatisfy { $0 == 7 })
    }
}
