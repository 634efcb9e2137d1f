import Blobs
import Catalog
import Files
import Glibc
import Offbeat
import Store
import TestSupport
import Testing

extension Place {
    fileprivate func move(_ paths: FilePath...) throws -> AddOutcome {
        var request = AddRequest(paths: paths.isEmpty ? [sounds] : paths)
        request.movesOriginals = true
        request.pace.settledAfter = 0
        return try session.add(request)
    }
}

@Suite struct AddMoveTests {
    @Test func originalsGoOnceTheyAreInTheLibrary() throws {
        try withPlace { place in
            let files = [
                try place.sound("one.wav", frequency: 100), try place.sound("two.wav", frequency: 200),
                try place.sound("below/three.wav", frequency: 300),
            ]
            try FileSystem.write("no audio", to: place.sounds.appending("notes.txt"))
            let outcome = try place.move()
            #expect(Set(outcome.moved) == Set(files) && outcome.added.count == 3 && outcome.failed.isEmpty)
            #expect(files.allSatisfy { !FileSystem.exists($0) })
            #expect(FileSystem.exists(place.sounds.appending("notes.txt")))
            #expect(outcome.added.allSatisfy { $0.isHere })
        }
    }

    @Test func anOriginalThatIsPresentGoesToo() throws {
        try withPlace { place in
            try place.add("one.wav")
            for _ in 0..<2 {
                let file = try place.sound("one.wav")
                #expect(try place.move().moved == [file])
            }
        }
    }

    @Test func severalNamesOfOneFileAllGo() throws {
        try withPlace { place in
            let file = try place.sound("one.wav")
            let second = place.sounds.appending("two.wav")
            let elsewhere = place.folder.appending("elsewhere.wav")
            for name in [second, elsewhere] { try FileSystem.link(file, to: name) }
            let outcome = try place.move(file, second, file)
            #expect(outcome.moved == [file, second] && outcome.failed.isEmpty)
            #expect(FileSystem.exists(elsewhere))
        }
    }

    @Test func aLinkAndWhatItLeadsToStay() throws {
        try withPlace { place in
            let file = try place.sound("one.wav")
            let link = place.folder.appending("link.wav")
            try FileSystem.symbolicLink(to: file, at: link)
            let outcome = try place.move(link)
            #expect(outcome.added.count == 1 && outcome.moved.isEmpty)
            #expect(outcome.failed.map(\.path) == [link] && outcome.failed[0].failure.code == .notAllowed)
            #expect(FileSystem.exists(file) && FileSystem.exists(link))
        }
    }

    @Test func whatLiesInTheLibraryStays() throws {
        try withPlace { place in
            try place.add("one.wav")
            let stored = try place.store.blobs.path(of: pointer(to: place.sounds.appending("one.wav")).oid)
            let outcome = try place.move(stored)
            #expect(outcome.moved.isEmpty && outcome.failed.map(\.path) == [stored])
            #expect(FileSystem.exists(stored))
        }
    }

    /// What is known of a file says that it is here; what is here is damaged.
    @Test(arguments: [false, true])
    func anOriginalStaysWhereTheStoredBytesAreDamaged(_ isKnown: Bool) throws {
        try withPlace { place in
            let file = try place.sound("one.wav")
            var request = AddRequest(paths: [file])
            request.pace.settledAfter = isKnown ? 0 : 1_000_000
            SystemClock.sleep(seconds: 0.02)
            _ = try place.session.add(request)
            let stored = try place.store.blobs.path(of: pointer(to: file).oid)
            var bytes = try FileSystem.read(stored)
            bytes[bytes.count - 1] ^= 1
            try FileSystem.remove(stored)
            try FileSystem.write(bytes, to: stored)
            let outcome = try place.move(file)
            #expect(outcome.moved.isEmpty && outcome.failed.first?.failure.code == .damaged)
            #expect(FileSystem.exists(file))
        }
    }

    @Test func anOriginalThatChangedMeanwhileStays() throws {
        try withPlace { place in
            let file = try place.sound("one.wav")
            var request = AddRequest(paths: [file])
            request.movesOriginals = true
            let changing = Progress(receive: { report in
                if report.what == "Verifying" { _ = try? FileSystem.write("mine", to: file) }
            })
            let outcome = try place.session.add(request, progress: changing)
            #expect(outcome.added.count == 1 && outcome.moved.isEmpty)
            #expect(outcome.failed.first?.failure.code == .changed)
            #expect(try FileSystem.read(file) == Array("mine".utf8))
        }
    }

    @Test func anInterruptionLeavesTheOriginals() throws {
        try withPlace { place in
            let file = try place.sound("one.wav")
            var request = AddRequest(paths: [file])
            request.movesOriginals = true
            let library = place.library
            let before = try library.version()
            let stopping = Progress(stop: { (try? library.version()) != before })
            try failure(.interrupted) { try place.session.add(request, progress: stopping) }
            #expect(FileSystem.exists(file))
            #expect(try place.session.list(ListRequest()).total == 1)
        }
    }

    @Test func whatAListNamesIsForgottenWhenItWasMoved() throws {
        try withPlace { place in
            try place.add("one.wav")
            let out = place.folder.appending("out")
            _ = try place.session.export(to: out, matching: "")
            #expect(try place.move(out).moved.count == 1)
            #expect(try place.move(out).missing.isEmpty)
        }
    }
}
