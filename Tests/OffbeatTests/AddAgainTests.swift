import Blobs
import Catalog
import Files
import Offbeat
import Store
import Synchronization
import TestSupport
import Testing

extension Place {
    /// Adds files whose times are believed at once; gives what came of it.
    fileprivate func addAgain(_ paths: FilePath..., as handle: String? = nil) throws -> AddOutcome {
        var request = AddRequest(paths: paths.isEmpty ? [sounds] : paths)
        request.pace.settledAfter = 0
        return try library.session(as: handle).add(request)
    }

    /// Waits until the times of the files are older than what begins now.
    fileprivate func settle() { SystemClock.sleep(seconds: 0.02) }

    /// Makes sounds that were added once, and are known.
    fileprivate func knownSounds(_ count: Int, as handle: String? = nil) throws -> [TrackID] {
        for number in 0..<count { try sound("\(number).wav", frequency: Double(100 + number)) }
        settle()
        return try addAgain(as: handle).added.map(\.id)
    }

    /// Tells a lie about a file to what is known of files.
    fileprivate func poisonKnownFiles(_ name: String, with other: Pointer) throws {
        let path = sounds.appending(name)
        let files = KnownFiles(at: library.knownFiles, settledAfter: 0)
        let status = try (FileSystem.status(of: sounds), FileSystem.status(of: path))
        let sighting = KnownFiles.Sighting(
            folder: status.0, name: FilePath(name), status: status.1, pointer: other)
        files.remember([sighting], readAfter: .distantFuture)
    }
}

@Test func filesThatNobodyTouchedArePresent() throws {
    try withPlace { place in
        let ids = try place.knownSounds(3)
        let before = try place.library.version()
        for _ in 0..<2 {
            let outcome = try place.addAgain()
            #expect(outcome.present == ids && outcome.added.isEmpty && outcome.failed.isEmpty)
            #expect(outcome.version == before)
        }
    }
}

@Test func aKnownFileIsNotHashed() throws {
    try withPlace { place in
        let ids = try place.knownSounds(2)
        // A lie about a file is believed, which only who reads all of it can find out.
        let path = place.sounds.appending("0.wav")
        let one = try pointer(to: place.sounds.appending("1.wav"))
        try place.poisonKnownFiles("0.wav", with: Pointer(oid: one.oid, size: pointer(to: path).size))
        #expect(try place.addAgain(path).present == [ids[1]])
    }
}

@Test func aKnownFileOfARemovedTrackIsAddedAnew() throws {
    try withPlace { place in
        let ids = try place.knownSounds(2)
        _ = try place.session.remove([ids[0].hex])
        let outcome = try place.addAgain()
        #expect(outcome.added.map(\.id) == [ids[0]] && outcome.present == [ids[1]])
        #expect(outcome.added.first?.track.title == "0")
        #expect(try place.addAgain().present == ids)
    }
}

@Test func aKnownFileOfATrackWhoseAudioMovedOnIsAddedAnew() throws {
    try withPlace { place in
        let ids = try place.knownSounds(2)
        let other = place.folder.appending("other.wav")
        try FileSystem.write(wav(seconds: 0.05, frequency: 900, sampleRate: 8000), to: other)
        _ = try place.session.replace(ids[0].hex, with: other)
        let outcome = try place.addAgain()
        #expect(
            outcome.added.map(\.id) == [
                TrackID.of(audio: try pointer(to: place.sounds.appending("0.wav")).oid, salt: 1)
            ])
        #expect(outcome.present == [ids[1]])
        #expect(try place.addAgain(other).present == [ids[0]])
    }
}

@Test func aChangeThatIsNoneOfTheirsLeavesKnownFilesPresent() throws {
    try withPlace { place in
        let ids = try place.knownSounds(3)
        try place.edit(ids[1].hex, "title=other")
        try place.addPerson("ben")
        let outcome = try place.addAgain()
        #expect(try outcome.present == ids && outcome.version == place.library.version())
    }
}

@Test func aKnownFileThatWasChangedIsRead() throws {
    try withPlace { place in
        let ids = try place.knownSounds(2)
        try place.sound("0.wav", frequency: 700)
        let outcome = try place.addAgain()
        #expect(outcome.added.count == 1 && outcome.present == [ids[1]])
    }
}

@Test func aFileThatIsGoneFromTheStoreIsPutThereAgain() throws {
    try withPlace { place in
        let ids = try place.knownSounds(2)
        let track = try place.session.show(ids[0].hex)
        try place.loseFile(of: track)
        #expect(try place.addAgain().present == ids)
        #expect(try place.session.show(ids[0].hex).isHere)
    }
}

@Test func whatIsHiddenIsNotToldByKnownFiles() throws {
    try withPlace(sharing: .workspaces, people: ["ana", "ben"]) { place in
        let ids = try place.knownSounds(1, as: "ana")
        let bens = try place.addAgain(as: "ben")
        #expect(bens.present.isEmpty && bens.added.count == 1 && bens.added.first?.id != ids[0])
        #expect(try place.addAgain(as: "ana").present == ids)
        #expect(try place.addAgain(as: "ben").present == bens.added.map(\.id))
    }
}

@Test(arguments: [true, false])
func whatWasKnownMayBeDeletedOrDamaged(_ isDeleted: Bool) throws {
    try withPlace { place in
        let ids = try place.knownSounds(2)
        let cache = place.library.knownFiles
        if isDeleted {
            try FileSystem.removeTree(cache.parent)
        } else {
            try FileSystem.write(String(repeating: "damage ", count: 10_000), to: cache)
        }
        #expect(try place.addAgain().present == ids)
        #expect(try place.addAgain().present == ids)
        #expect(FileSystem.exists(cache))
    }
}

/// Whatever is done to files and tracks, adding with what is known gives what adding without it gives.
@Test func knownFilesNeverChangeWhatComesOfAnAddition() throws {
    var random = SeededRandom()
    for _ in 0..<4 {
        try withPlace { place in
            var frequencies = (0..<6).map { 100 + $0 }
            _ = try place.knownSounds(6)
            for _ in 0..<8 {
                for _ in 0..<Int.random(in: 0...2, using: &random) {
                    let number = Int.random(in: 0..<6, using: &random)
                    let tracks = try place.session.list(ListRequest()).tracks
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0:
                        frequencies[number] = Int.random(in: 100..<110, using: &random)
                        try place.sound("\(number).wav", frequency: Double(frequencies[number]))
                    case 1:
                        guard let track = tracks.randomElement(using: &random) else { continue }
                        _ = try place.session.remove([track.id.hex])
                    case 2:
                        guard let track = tracks.randomElement(using: &random) else { continue }
                        _ = try place.session.replace(
                            track.id.hex, with: place.sounds.appending("\(number).wav"))
                    case 3:
                        guard let track = tracks.randomElement(using: &random) else { continue }
                        if track.isHere { try place.loseFile(of: track) }
                    default:
                        guard let track = tracks.randomElement(using: &random) else { continue }
                        try place.edit(track.id.hex, "title=\(number)")
                    }
                }
                place.settle()
                let outcome = try place.addAgain()
                #expect(outcome.failed.isEmpty, "\(random)")
                let tracks = try place.session.list(ListRequest()).tracks
                for number in 0..<6 {
                    let held = try pointer(to: place.sounds.appending("\(number).wav"))
                    let holders = tracks.filter { $0.track.audio.oid == held.oid }
                    #expect(!holders.isEmpty && holders.allSatisfy(\.isHere), "\(number), \(random)")
                    #expect(
                        holders.contains { (outcome.present + outcome.added.map(\.id)).contains($0.id) },
                        "\(number), \(random)")
                }
            }
        }
    }
}

// MARK: Going on

@Test(arguments: [1, 3])
func anAdditionThatWasStoppedGoesOn(_ rounds: Int64) throws {
    try withPlace { place in
        for number in 0..<12 { try place.sound("\(number).wav", frequency: Double(100 + number)) }
        place.settle()
        let size = try pointer(to: place.sounds.appending("0.wav")).size
        let before = try place.library.version()
        var request = AddRequest(paths: [place.sounds])
        request.pace.bytes = size * rounds
        request.pace.settledAfter = 0
        let done = Mutex(0)
        let stopping = Progress(
            receive: { _ in done.withLock { $0 += 1 } }, stop: { done.withLock { $0 >= 8 } })
        try failure(.interrupted) { try place.session.add(request, progress: stopping) }
        #expect(try place.library.version() == before)
        let stored = try place.library.storedFiles()
        #expect(stored >= 3 && stored < 12, "what was settled is there already")
        let outcome = try place.session.add(request)
        #expect(outcome.added.count == 12 && outcome.failed.isEmpty)
        #expect(try place.library.storedFiles() == 12)
        #expect(try place.addAgain().present == outcome.added.map(\.id))
    }
}

extension Library {
    /// How many files are in the store.
    fileprivate func storedFiles() throws -> Int {
        try BlobStore(directory: path.appending("lfs")).journal.totals().files
    }
}
