import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Checks and repairs in circumstances that a list of single damages does not show.
@Suite struct RepairTests {
    /// What one damage leaves another may need: so whatever comes together, the outcome must hold.
    @Test func severalKindsAtOnce() throws {
        var random = SeededRandom()
        let rounds = getenv("OFFBEAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 3
        for _ in 0..<rounds {
            let damages = (0..<Int.random(in: 2...4, using: &random)).compactMap { _ in
                Damage.all.randomElement(using: &random)
            }
            try DamagedPlace.with { place in
                // What is damaged already may be out of reach for another damage: then that one is left out.
                let done = damages.filter { (try? $0.make(place)) != nil }
                let what = "\(done.map(\.name)); \(random)"
                let repair = try place.studio.check(deep: true, repair: true)
                #expect([0, 6].contains(repair.outcome.status), "\(what): \(repair)")
                let next = try place.studio.check(deep: true)
                let left = repair.problems.filter { $0["repaired"] == false }
                #expect(next.problems.count == left.count, "\(what): \(repair)\n\(next)")
                #expect((next.outcome.status == 0) == left.isEmpty, "\(what): \(next)")
                _ = try place.studio.json("ls").json()
            }
        }
    }

    /// A repair is nobody's operation, not even where nobody's name is asked for.
    @Test func anUndoPassesARepairBy() throws {
        try Studio.with { studio in
            try studio.offbeat("init", "--name", "Band").done()
            _ = try studio.addedTrack("song.wav", seed: 1)
            try studio.offbeat("edit", "song", "artist=Ana").done()
            try studio.commitRemoval(of: ".gitattributes")
            #expect(try studio.check(repair: true).outcome.status == 0)
            let document = try studio.json("undo").done().json()
            #expect(document["undone"]?["subject"]?.asString == "Edit song", "\(document)")
            #expect(try studio.check().outcome.status == 0)
        }
    }

    /// Whatever happens to the files while commands are at work, each comes to its end, and so does a repair afterwards.
    @Test func damageWhileCommandsRun() throws {
        try DamagedPlace.with { place in
            let studio = place.studio
            let file = try studio.file(of: place.tracks[1])
            let words: [[Word]] = [
                ["edit", "Twice", "comment=x"], ["fsck", "--deep"], ["export", "out"], ["user", "add", "ben"],
            ]
            let running = try words.map { try studio.start([Word(Scenarios.program()), "--json"] + $0) }
            try FileSystem.remove(file)
            try FileSystem.write("scribble", to: place.store("lfs/journal"))
            try FileSystem.write("", to: place.store("refs/heads/broken"))
            for command in running {
                let outcome = try command.outcome()
                #expect([0, 1, 3, 6, 75].contains(outcome.status), "\(outcome)")
            }
            let repair = try studio.check(repair: true)
            #expect(repair.problems.contains { $0["kind"] == "file" && $0["repaired"] == false }, "\(repair)")
            try studio.offbeat("add", Word(studio.sound("song 2.wav", seed: 2, frames: 4000))).done()
            try FileSystem.remove(place.store("refs/heads/broken"))
            let next = try studio.check(deep: true)
            #expect(next.outcome.status == 0, "\(next)")
        }
    }

    /// A check beside writers never takes what they are doing for damage.
    @Test func aCheckBesideWriters() throws {
        try DamagedPlace.with { place in
            let studio = place.studio
            let program = Word(try Scenarios.program())
            for number in 0..<4 {
                let sound = Word(try studio.sound(FilePath("new \(number).wav"), seed: 500 + UInt64(number)))
                let writers = try [["add", sound], ["edit", "Twice", "comment=\(number)"]].map {
                    try studio.start([program] + $0)
                }
                while let check = try? studio.check(deep: number % 2 == 0) {
                    #expect(check.outcome.status == 0, "\(check)")
                    if number == 3 { break }
                    if try writers.allSatisfy({ try $0.outcome().status == 0 }) { break }
                }
                if number == 3 { for writer in writers { try writer.outcome().done() } }
            }
        }
    }

    @Test(
        .enabled(if: Scenarios.canTrace, "strace is not there"), arguments: ["rename", "fsync", "unlink", "write"])
    func aRepairThatIsKilledIsFinishedByTheNext(call: String) throws {
        let names = ["flip a record's object", "raw audio", "flip a file", "empty the branch"]
        let damages = Damage.all.filter { names.contains($0.name) }
        for (number, damage) in damages.enumerated() {
            for number in Scenarios.areLongOnesWanted ? Array(1...12) : [1 + 3 * number] {
                try DamagedPlace.with { place in
                    try damage.make(place)
                    let log = place.studio.root.appending("strace")
                    let words: [Word] = [
                        "strace", "-f", "-qq", "-o", Word(log), "-e", "trace=\(call)", "-e",
                        "inject=\(call):signal=SIGKILL:when=\(number)", Word(try Scenarios.program()), "--store",
                        Word(place.studio.store), "fsck", "--deep", "--repair",
                    ]
                    _ = try place.studio.run(words)
                    let repair = try place.studio.check(deep: true, repair: true)
                    let next = try place.studio.check(deep: true)
                    let left = repair.problems.filter { $0["repaired"] == false }
                    #expect(next.problems.count == left.count, "\(damage), \(call) \(number): \(repair)\n\(next)")
                    #expect(try place.studio.tracks().count == 3, "\(damage), \(call) \(number): \(repair)")
                }
            }
        }
    }

    /// What was done is told, and not only that something was.
    @Test func aJournalIsMadeAnewFromTheFiles() throws {
        try DamagedPlace.with { place in
            try FileSystem.remove(place.store("lfs/journal"))
            let problems = try place.studio.check(repair: true).problems
            #expect(
                problems.map { $0["what"] } == ["lfs/journal"] && problems.allSatisfy { $0["repaired"] == true })
            let detail = problems.first?["detail"]?.asString ?? ""
            #expect(detail.hasSuffix("is missing; it was made anew from the files"), "\(detail)")
        }
    }

    // MARK: Copies

    @Test func aCopyIsToldAndGoesOn() throws {
        try DamagedPlace.with { place in
            let copy = place.studio.root.appending("copy")
            try place.studio.run(["cp", "-r", Word(place.studio.store), Word(copy)]).done()
            let check = try place.studio.json("--store", Word(copy), "fsck")
            #expect(check.status == 6 && "\(check)".contains("this is a copy"), "\(check)")
            try place.studio.offbeat("--store", Word(copy), "edit", "Twice", "title=Elsewhere").done()
            try place.studio.offbeat("--store", Word(copy), "fsck", "--deep").done()
        }
    }

    /// What is lost here is found in a remote that is a directory.
    @Test func whatARemoteHasComesBack() throws {
        try DamagedPlace.with { place in
            let studio = place.studio
            let remote = studio.root.appending("remote")
            try studio.run(["cp", "-a", Word(studio.store), Word(remote)]).done()
            try studio.git("config", "remote.origin.url", Word(remote)).done()
            try FileSystem.remove(studio.looseObject(Word("main:\(place.path("track.json"))")))
            try studio.scribble(over: studio.file(of: place.tracks[1]), from: 50)
            let repair = try studio.check(deep: true, repair: true)
            #expect(repair.outcome.status == 0 && repair.problems.count == 2, "\(repair)")
            try studio.expectMended()
            #expect(try studio.track(place.tracks[0])["title"] == "Twice")
            #expect(try studio.offbeat("cat", "song 2").done().out == noise(seed: 2, frames: 4000))
            #expect(try FileSystem.list(place.store("lfs/bad")).count == 1, "the damaged bytes are kept")
        }
    }

    /// What was never fetched is no damage where there is somewhere to fetch it from.
    @Test func aFileThatWasNeverHereIsElsewhere() throws {
        try DamagedPlace.with { place in
            try FileSystem.remove(place.studio.file(of: place.tracks[1]))
            try FileSystem.remove(place.store("lfs/journal"))
            // The next command makes the list anew, and knows nothing of the file.
            try place.studio.offbeat("add", Word(place.studio.sound("new.wav", seed: 50))).done()
            try place.studio.git("config", "remote.origin.url", "https://example.org/band").done()
            let check = try place.studio.check()
            #expect(check.outcome.status == 0 && check.document["checked"]?["elsewhere"] == 1, "\(check)")
        }
    }

    /// A later check counts it as being there, so the repair itself must not call it mended.
    @Test func aFileThatIsLostHereIsToldThoughThereIsARemote() throws {
        try DamagedPlace.with { place in
            try place.studio.git("config", "remote.origin.url", "https://example.org/band").done()
            try place.studio.scribble(over: place.studio.file(of: place.tracks[1]), from: 50)
            let repair = try place.studio.check(deep: true, repair: true)
            #expect(repair.outcome.status == 6 && repair.problems.count == 1, "\(repair)")
            #expect(repair.problems.first?["repaired"] == false, "\(repair)")
            #expect(repair.problems.first?["detail"]?.asString?.contains("lost here") == true, "\(repair)")
            let check = try place.studio.check()
            #expect(check.outcome.status == 0 && check.document["checked"]?["elsewhere"] == 1, "\(check)")
        }
    }

    /// Adding it before the repair would not look at bytes that have the right size.
    @Test func aFileThatIsLostComesBackByAddingItAgain() throws {
        try Studio.withStore { studio in
            let track = try studio.addedTrack("song.wav", frames: 4000)
            try studio.scribble(over: studio.file(of: track), from: 50)
            let check = try studio.check(deep: true)
            #expect(check.problems.first?["detail"]?.asString?.contains("--repair`, and add it again") == true)
            #expect(try studio.check(deep: true, repair: true).outcome.status == 6)
            let again = try studio.json("add", "song.wav").done().json()
            #expect(again["present"] == again["returned"] && again["returned"]?.asArray?.count == 1, "\(again)")
            #expect(try studio.check(deep: true).outcome.status == 0)
            #expect(try studio.json("add", "song.wav").done().json()["returned"] == .array([]))
            let text = try studio.offbeat("add", "song.wav").done()
            #expect(text.text + text.complaint == "1 file here already\n")
        }
    }

    // MARK: Places

    @Test func aFolderThatIsSyncedIsWarnedOf() throws {
        try DamagedPlace.with { place in
            try FileSystem.makeDirectory(place.studio.work.appending(".stfolder"))
            try FileSystem.write("x", to: place.store("refs/heads/main.sync-conflict-1"))
            try FileSystem.remove(place.store("refs/heads/main.sync-conflict-1"))
            try FileSystem.write("x", to: place.store("config.sync-conflict-20260101"))
            let check = try place.studio.json("fsck")
            #expect(check.status == 0 && check.complaint.contains("Syncthing"), "\(check)")
            #expect(check.complaint.contains("config.sync-conflict"), "\(check)")
        }
    }

    @Test(.enabled(if: Scenarios.canMount, "only root can mount a small disk")) func aDiskThatMayNotBeWritten()
        throws
    {
        try withTemporaryDirectory { root in
            try SmallDisk.with(at: FileSystem.realPath(root), size: "4m") { disk in
                let studio = try Studio(root: FileSystem.realPath(root), work: disk.path.appending("work"))
                try studio.offbeat("init", "--user", "ana").done()
                let id = try studio.addedTrack()
                try disk.setReadOnly(true)
                try studio.offbeat("fsck", "--deep").done()
                try disk.setReadOnly(false)
                try FileSystem.remove(studio.file(of: id))
                try disk.setReadOnly(true)
                #expect(try studio.json("fsck").status == 6)
                try studio.json("fsck", "--repair").expectFailure(1, "read-only")
                try disk.setReadOnly(false)
            }
        }
    }

    @Test(.enabled(if: Scenarios.canMount, "only root can mount a small disk")) func aFullDisk() throws {
        try withTemporaryDirectory { root in
            try SmallDisk.with(at: FileSystem.realPath(root), size: "4m") { disk in
                let studio = try Studio(root: FileSystem.realPath(root), work: disk.path.appending("work"))
                try studio.offbeat("init", "--user", "ana").done()
                let id = try studio.addedTrack()
                try studio.commitRemoval(of: "\(trackFolder(id))/audio.wav")
                let ballast = try disk.fill(leaving: 0)
                #expect(try studio.json("fsck").status == 6)
                try studio.json("fsck", "--repair").expectFailure(1, "no-space")
                try FileSystem.remove(ballast)
                try studio.offbeat("fsck", "--repair").done()
                try studio.expectSound()
            }
        }
    }

    // MARK: Words

    @Test func whatIsNoShareIsRefused() throws {
        try DamagedPlace.with { place in
            for share in ["0", "101", "x"] {
                try place.studio.json("fsck", "--percent", "\(share)").expectFailure(2, "usage")
            }
            try place.studio.json("--store", Word(place.studio.work), "fsck").expectFailure(3, "not-a-store")
            let text = try place.studio.offbeat("fsck", "--verbose").done().text
            #expect(text.contains("All is well") && text.contains("tracks: 3"), "\(text)")
        }
    }
}
