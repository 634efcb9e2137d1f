import Blobs
import Catalog
import Digest
import Files
import Offbeat
import Store
import TestSupport
import Testing

/// Which files this computer wants and does not have.
@Suite struct WantedFilesTests {
    private struct Rig {
        let place: Place
        /// By the word that names their track.
        var files: [String: Pointer] = [:]

        /// Adds three tracks, and loses all of their files.
        init(_ place: Place) throws {
            self.place = place
            for (number, name) in ["one", "two", "three"].enumerated() { try add(name, Double(300 + 50 * number)) }
            for file in files.values { try place.lose(file) }
        }

        mutating func add(_ name: String, _ frequency: Double) throws {
            try place.add("\(name).wav", frequency: frequency)
            files[name] = try pointer(to: place.sounds.appending("\(name).wav"))
        }

        /// The words of what is wanted.
        func wanted() throws -> Set<String> {
            let wanted = try place.library.wantedFiles()
            return Set(files.filter { wanted.files.contains($0.value) }.keys)
        }

        func bring(_ name: String) throws {
            let batch = try place.store.blobs.beginBatch(durable: false)
            _ = try batch.put(place.sounds.appending("\(name).wav"))
            try batch.commit()
        }
    }

    private func withRig(_ body: (inout Rig) throws -> Void) throws {
        try withPlace { place in
            var rig = try Rig(place)
            try body(&rig)
        }
    }

    @Test func everythingIsWantedUnlessItIsSaidOtherwise() throws {
        try withRig { rig in
            #expect(try rig.wanted() == ["one", "two", "three"])
            try rig.bring("one")
            #expect(try rig.wanted() == ["two", "three"])
            try rig.place.library.settings.set(.content, to: "none")
            #expect(try rig.wanted() == [])
            try rig.place.library.settings.set(.content, to: "pinned")
            #expect(try rig.wanted() == [])
            _ = try rig.place.session.pin(["two"])
            #expect(try rig.wanted() == ["two"])
        }
    }

    @Test func whatWasDroppedIsNotWantedUntilItIsPinned() throws {
        try withRig { rig in
            try rig.place.addRemote()
            try rig.place.push()
            _ = try rig.place.session.drop(["two"])
            #expect(try rig.wanted() == ["one", "three"])
            _ = try rig.place.session.pin(["title:two"])
            #expect(try rig.wanted() == ["one", "two", "three"])
        }
    }

    @Test func theNextSearchLooksAtWhatChanged() throws {
        try withRig { rig in
            for name in rig.files.keys { try rig.bring(name) }
            let first = try rig.place.library.wantedFiles()
            #expect(first.isWholePass && first.files.isEmpty)
            try rig.add("four", 700)
            // Lost behind everybody's back: only who looks at everything finds it.
            try rig.place.lose(rig.files["one"]!, rig.files["four"]!)
            let second = try rig.place.library.wantedFiles()
            #expect(!second.isWholePass)
            #expect(second.files == [rig.files["four"]])
            try FileSystem.removeTree(rig.place.path.appending("cache"))
            #expect(try rig.wanted() == ["one", "four"])
        }
    }

    /// A file that nobody has any more must not make each sync look at all tracks.
    @Test func whatDidNotComeIsLookedForAgainByItself() throws {
        try withRig { rig in
            let wanted = try rig.place.library.wantedFiles()
            try rig.bring("one")
            try rig.bring("three")
            rig.place.library.remember(wanted)
            let next = try rig.place.library.wantedFiles()
            #expect(!next.isWholePass && next.files == [rig.files["two"]])
            _ = try rig.place.session.remove(["two"])
            #expect(try rig.wanted() == [], "nobody names it any more")
            #expect(try !rig.place.library.wantedFiles().isWholePass)
        }
    }

    @Test func anotherPolicyAndOtherPinsLookAtEverything() throws {
        try withRig { rig in
            for name in rig.files.keys { try rig.bring(name) }
            _ = try rig.place.library.wantedFiles()
            for step in 0..<2 {
                if step == 0 { _ = try rig.place.session.pin(["one"]) }
                if step == 1 { try rig.place.library.settings.set(.content, to: "pinned") }
                #expect(try rig.place.library.wantedFiles().isWholePass)
                #expect(try !rig.place.library.wantedFiles().isWholePass)
            }
        }
    }

    /// The words of a track decide whether it is pinned, and they may change while its file does not.
    @Test func aTrackThatIsPinnedByLaterWordsIsWanted() throws {
        try withRig { rig in
            try rig.place.library.settings.set(.content, to: "pinned")
            _ = try rig.place.session.pin(["tag:gig"])
            #expect(try rig.wanted() == [])
            try rig.place.edit("three", "+gig")
            #expect(try !rig.place.library.wantedFiles().isWholePass)
            #expect(try rig.wanted() == ["three"])
            try rig.place.edit("three", "-gig")
            #expect(try rig.wanted() == [])
        }
    }

    @Test func aQueryThatHangsOnTheClockLooksAtEverything() throws {
        try withRig { rig in
            try rig.place.library.settings.set(.content, to: "pinned")
            _ = try rig.place.session.pin(["-added:-7d"])
            #expect(try rig.wanted() == [])
            rig.place.clock.pass(seconds: 8 * 86_400)
            #expect(try rig.wanted() == ["one", "two", "three"])
        }
    }

    @Test func imagesOfPostsAreWantedUnlessNoneAre() throws {
        try withRig { rig in
            let image = Pointer(oid: try #require(rig.files["one"]).oid, size: 77)
            let (workspace, post) = (String(repeating: "1", count: 32), String(repeating: "2", count: 32))
            try rig.place.commitPlainly([
                "workspaces/\(workspace)/posts/22/\(post)/image.png": image.encoded(), "notes.bin": image.encoded(),
            ])
            for (policy, isWanted) in [("all", true), ("pinned", true), ("none", false)] {
                try rig.place.library.settings.set(.content, to: policy)
                #expect(try rig.place.library.wantedFiles().files.contains(image) == isWanted, "\(policy)")
            }
        }
    }

    @Test func stemsAndWhatLostAMergeBelongToTheirTrack() throws {
        try withRig { rig in
            let id = try rig.place.session.show("two").id
            let folder = RecordFolder.track(id).path
            let more = [rig.files["one"]!, rig.files["three"]!].map { Pointer(oid: $0.oid, size: 99) }
            try rig.place.commitPlainly([
                "\(folder)/stems/drums.wav": more[0].encoded(),
                "\(folder)/conflicts/\(more[1].oid.hex).wav": more[1].encoded(),
            ])
            try rig.place.library.settings.set(.content, to: "pinned")
            _ = try rig.place.session.pin([id.hex])
            #expect(try Set(rig.place.library.wantedFiles().files) == Set(more + [rig.files["two"]!]))
        }
    }

    /// Very many that a remote does not have are not asked of it each time, only what changes.
    @Test func whatIsWantedInVainIsNotLookedForEachTime() throws {
        try withPlace { place in
            let library = place.library
            func add(_ numbers: Range<Int>) throws {
                try place.store.write(by: nil) { draft in
                    for number in numbers { try draft.addAbsent("track \(number)") }
                    return "Add"
                }
            }
            try add(0..<1100)
            let first = try library.wantedFiles(at: "/here.git")
            #expect(first.files.count == 1100 && first.isWholePass && first.inVain == 0)
            library.remember(first, askedAt: "/here.git")
            let again = try library.wantedFiles(at: "/here.git")
            #expect(again.files.isEmpty && again.inVain == 1100 && !again.isWholePass)
            try add(1100..<1102)
            #expect(try library.wantedFiles(at: "/here.git").files.count == 2)
            #expect(try library.wantedFiles(at: "/stick.git").files.count == 1102)
            place.clock.pass(seconds: 601)
            #expect(try library.wantedFiles(at: "/here.git").isWholePass)
        }
    }

    /// What an old disk does not have, the new one may: it is the place that was asked, not the name.
    @Test func aRemoteThatHasMovedIsAskedForWhatItLackedBefore() throws {
        try withPlace { place in
            try place.store.write(by: nil) { draft in
                for number in 0..<1100 { try draft.addAbsent("track \(number)") }
                return "Add"
            }
            try place.add("one.wav")
            let file = try pointer(to: place.sounds.appending("one.wav"))
            for name in ["origin", "spare"] { try place.addRemote(name) }
            try place.push(withFiles: false)
            try place.push(to: "spare")
            try place.lose(file)
            #expect(try place.library.sync().absent == 1101)
            _ = try place.library.removeRemote("spare")
            _ = try place.library.setRemote("origin", at: place.remote("spare").string, from: place.folder)
            #expect(try place.library.sync().downloaded.files == 1)
            #expect(try place.isHere(file))
        }
    }

    @Test func filesOfAnalysesAreWantedWithEverythingElse() throws {
        try withRig { rig in
            let blob = Pointer(oid: try #require(rig.files["one"]).oid, size: 55)
            try rig.place.commitPlainly(["a.oba": blob.encoded()])
            try rig.place.git("branch", "analyses", "main")
            try rig.place.git("update-ref", "refs/heads/main", "main~1")
            #expect(try rig.place.library.wantedFiles().files.contains(blob))
            try rig.place.library.settings.set(.content, to: "pinned")
            #expect(try !rig.place.library.wantedFiles().files.contains(blob))
        }
    }

    @Test func aPolicyThatIsNoneOfThemIsRefused() throws {
        try withPlace { place in
            try failure(.usage) { try place.library.settings.set(.content, to: "some") }
            try place.git("config", "offbeat.content", "some")
            try failure(.usage) { try place.library.wantedFiles() }
        }
    }
}

extension Draft {
    /// Puts a new track whose audio is nowhere.
    fileprivate func addAbsent(_ title: String) throws {
        let pointer = Pointer(oid: ContentHash(of: Array(title.utf8)), size: Int64(title.utf8.count))
        let track = Track(
            id: TrackID.of(audio: pointer.oid),
            audio: AudioReference(oid: pointer.oid, size: pointer.size, name: "\(title).wav"),
            facts: Facts(of: pointer.oid, format: "wav", frames: 1, sampleRate: 44_100, channels: 1),
            created: stamp())
        let wav = try #require(FileExtension("wav"))
        try put(track, audio: .init(pointer: pointer, fileExtension: wav), mayBeAbsent: true)
    }
}
