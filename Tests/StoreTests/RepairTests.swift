import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import TestSupport
import Testing

extension World {
    /// Mends what can be mended. Sound is what begins with "sound".
    @discardableResult
    func repair(
        deep: Bool = false, bootTime: Int64? = nil, otherCopies: [FilePath] = []
    ) throws -> CheckReport {
        var request = CheckRequest(scratch: folder.appending("scratch"))
        request.isDeep = deep
        let wav = try fileExtension("wav")
        let means = RepairMeans(otherCopies: { otherCopies }) { file in
            guard let bytes = try? file.readAll(), bytes.starts(with: "sound".utf8) else { return nil }
            return (
                RepairMeans.AudioDescription(
                    format: "wav", frames: Int64(bytes.count), sampleRate: 8000, channels: 1, bits: 16), wav
            )
        }
        return try Store.repair(
            at: path, request, with: means, context: surroundings.context(bootTime: bootTime))
    }

    fileprivate func audioPath(_ id: TrackID) throws -> String {
        RecordPath.trackAudio(id, try fileExtension("wav")).text
    }
}

/// What a repair makes of single damages; the whole list of them goes through the program in `Scenarios/DamageTests`.
@Suite struct RepairTests {
    // MARK: Files

    @Test func aFileOfTheHeadComesBackFromQuarantine() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            try setAside([audio(of: "one")], in: world.store)
            let report = try world.repair()
            #expect(report.isSound && report.problems.map(\.kind) == [.file])
            let detail = try #require(report.problems.first).detail
            #expect(detail.contains("its bytes were taken back from quarantine"))
            #expect(try world.store.blobs.verify(audio(of: "one")) == .sound)
            try world.requireSound()
        }
    }

    @Test func aDamagedFileMakesRoomForTheSoundOneInQuarantine() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            try setAside([audio(of: "one")], in: world.store)
            let file = world.store.blobs.path(of: audio(of: "one").oid)
            try FileSystem.makeDirectories(file.parent)
            try FileSystem.write("ONE", to: file)
            let report = try world.repair(deep: true)
            #expect(report.isSound, "\(report.problems)")
            #expect(try FileSystem.read(file) == Array("one".utf8))
            let bad = world.path.appending("lfs/bad").appending(audio(of: "one").oid.hex)
            #expect(try FileSystem.read(bad) == Array("ONE".utf8), "damaged bytes are kept")
        }
    }

    @Test func whatIsDamagedInQuarantineTooIsLost() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            try setAside([audio(of: "one")], in: world.store)
            let item = try #require(try world.store.blobs.quarantine.find(audio(of: "one").oid))
            try FileSystem.remove(item.path)
            try FileSystem.write("ONE", to: item.path)
            let report = try world.repair()
            #expect(!report.isSound && report.problems.first?.detail.contains("lost here") == true)
            #expect(FileSystem.exists(item.path))
        }
    }

    @Test func aFileThatWasMovedAsideByMistakeIsFoundThere() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            let file = world.store.blobs.path(of: audio(of: "one").oid)
            try FileSystem.moveAside(file, to: world.path.appending("lfs/bad"))
            let report = try world.repair()
            #expect(report.isSound && report.problems.contains { $0.detail.contains("taken from lfs/bad") })
            #expect(world.here("one") == [true])
        }
    }

    // MARK: References

    @Test func aSideBranchGoesBackToItsLog() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            try world.git("config", "core.logAllRefUpdates", "always")
            try world.git("branch", "side")
            let version = try world.store.version()
            try world.overwrite("refs/heads/side", with: "\(String(repeating: "1", count: 40))\n")
            let report = try world.repair()
            #expect(report.isSound && report.problems.map(\.name) == ["ref refs/heads/side"], "\(report.problems)")
            #expect(try world.git("rev-parse", "side") == version.description)
        }
    }

    @Test func aSideBranchThatNobodyRemembersIsLeft() throws {
        try withWorld { world in
            try world.overwrite("refs/heads/side", with: "\(String(repeating: "1", count: 40))\n")
            let report = try world.repair()
            #expect(
                !report.isSound
                    && report.problems.first?.detail.contains("no version that it may have been at") == true)
        }
    }

    @Test func withoutItsLogTheBranchIsAtTheLatestVersionThatIsStored() throws {
        try withWorld { world in
            try world.addWithFiles("one")
            try world.addWithFiles("two")
            let latest = try world.store.version()
            try FileSystem.remove(world.path.appending("refs/heads/main"))
            if FileSystem.exists(world.path.appending("logs")) {
                try FileSystem.removeTree(world.path.appending("logs"))
            }
            let report = try world.repair()
            #expect(report.isSound, "\(report.problems)")
            #expect(report.problems.contains { $0.detail.contains("the latest version that can be found") })
            #expect(try world.reopen().version() == latest)
            #expect(try titles(in: world.reopen().snapshot()) == ["one", "two"])
        }
    }

    @Test func aLockFromBeforeThisComputerStartedGoes() throws {
        try withWorld { world in
            try world.overwrite("packed-refs.lock", with: "")
            let now = SystemClock.wallMilliseconds() / 1000
            #expect(try !world.repair(bootTime: now - 3600).isSound, "it may be somebody's")
            let report = try world.repair(bootTime: now + 60)
            #expect(report.isSound && report.problems.map(\.kind) == [.lock], "\(report.problems)")
            #expect(!FileSystem.exists(world.path.appending("packed-refs.lock")))
        }
    }

    // MARK: What plain git committed

    @Test func aStemThatWasCommittedRawIsTakenIn() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            try putFiles("beat", in: world.store)
            let stem = try world.addStem("beat", to: id)
            try world.commitPlainly(["\(stem).wav": Array("sound of drums".utf8)])
            let report = try world.repair()
            #expect(report.isSound, "\(report.problems)")
            let found = try #require(try world.store.snapshot().track(id)?.stems.first)
            #expect(found.audio?.pointer == audio(of: "sound of drums"))
            #expect(found.stem.audio.oid == audio(of: "sound of drums").oid && found.stem.audio.name == "drums.wav")
            #expect(world.here("sound of drums") == [true])
        }
    }

    @Test func whatIsNoAudioGivesWayToTheFileOfTheRecord() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let path = try world.audioPath(id)
            try world.commitPlainly([path: Array("noise".utf8)])
            #expect(try world.repair().isSound)
            #expect(try world.store.snapshot().track(id)?.audio?.pointer == audio(of: "one"))
        }
    }

    @Test func whatIsNoAudioStaysWhereTheFileOfTheRecordIsGone() throws {
        try withWorld { world in
            let id = try world.add("one")[0]
            let path = try world.audioPath(id)
            let noise = Array(String(repeating: "noise ", count: 400).utf8)
            try world.commitPlainly([path: noise])
            let report = try world.repair()
            let problem = try #require(report.problems.first { $0.what == path }, "\(report.problems)")
            #expect(!problem.repaired && problem.detail.contains("is not here"), "\(problem)")
            #expect(try world.git("show", "main:\(path)").hasPrefix("noise"))
        }
    }

    @Test func whatIsKnownOfAudioThatIsNotHereWaits() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let path = try world.audioPath(id)
            try world.commitPlainly([path: audio(of: "sound two").encoded()])
            let report = try world.repair()
            let problem = try #require(report.problems.first { $0.kind == .record }, "\(report.problems)")
            #expect(!problem.repaired && problem.detail.contains("the file is not here"))
            try putFiles("sound two", in: world.store)
            #expect(try world.repair().isSound)
            let track = try #require(try world.store.snapshot().track(id)).track
            #expect(track.audio.oid == audio(of: "sound two").oid && track.facts?.of == audio(of: "sound two").oid)
        }
    }

    @Test func whatIsKnownOfAStemIsReadAnew() throws {
        try withWorld { world in
            let id = try world.addWithFiles("one")[0]
            let stem = try world.addStem("beat", to: id)
            try putFiles("beat", "sound of drums", in: world.store)
            try world.commitPlainly(["\(stem).wav": audio(of: "sound of drums").encoded()])
            #expect(try world.problems() == ["record \(stem).json"])
            let report = try world.repair()
            #expect(report.isSound, "\(report.problems)")
            let found = try #require(try world.store.snapshot().track(id)?.stems.first)
            #expect(found.stem.audio.oid == audio(of: "sound of drums").oid)
        }
    }
}
