import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Files that cannot be added: each is told, the others are added, and the store stays sound.
@Suite struct BadFileTests {
    /// Adds a file that cannot be added: alone, beside a good one, and in a folder.
    private func expectRefusal(
        of name: FilePath = "bad.wav", in studio: Studio, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try studio.expectUnchanged(sourceLocation: sourceLocation) {
            let outcome = try studio.json("add", "./\(name.string)")
            let failed = try outcome.json()["failed"]?.asArray
            #expect(outcome.status == 1 && failed?.count == 1, "\(outcome)", sourceLocation: sourceLocation)
            #expect(failed?.first?["reason"]?.asString?.isEmpty == false, sourceLocation: sourceLocation)
        }
        try studio.sound("good.wav", seed: 99)
        let outcome = try studio.json("add", "./\(name.string)", "good.wav")
        let added = try outcome.json()["added"]?.asArray
        #expect(outcome.status == 1 && added?.count == 1, "\(outcome)", sourceLocation: sourceLocation)
        try studio.expectSound(sourceLocation: sourceLocation)
    }

    @Test func missing() throws {
        try Studio.withStore { try expectRefusal(in: $0) }
    }

    @Test func empty() throws {
        try Studio.withStore { studio in
            try FileSystem.write("", to: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test func noAudio() throws {
        try Studio.withStore { studio in
            try FileSystem.write("just words", to: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test func onlyAHeader() throws {
        try Studio.withStore { studio in
            try FileSystem.write(Array(noise(seed: 1).prefix(30)), to: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test func aSocket() throws {
        try Studio.withStore { studio in
            let script = "import socket, sys; socket.socket(socket.AF_UNIX).bind('bad.wav')"
            try studio.run(["python3", "-c", "\(script)"]).done()
            try expectRefusal(in: studio)
        }
    }

    @Test func aPipe() throws {
        try Studio.withStore { studio in
            try studio.run(["mkfifo", "bad.wav"]).done()
            try expectRefusal(in: studio)
        }
    }

    @Test func aDevice() throws {
        try Studio.withStore { studio in
            try FileSystem.symbolicLink(to: "/dev/zero", at: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test func aLinkThatLeadsNowhere() throws {
        try Studio.withStore { studio in
            try FileSystem.symbolicLink(to: "nowhere", at: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test func aLinkToItself() throws {
        try Studio.withStore { studio in
            try FileSystem.symbolicLink(to: "bad.wav", at: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test func aFileThatCannotBeRead() throws {
        try Studio.withStore { studio in
            // Reading the beginning of a process's memory fails for root too.
            try FileSystem.symbolicLink(to: "/proc/self/mem", at: studio.work.appending("bad.wav"))
            try expectRefusal(in: studio)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything")) func aFileThatOthersMayNotRead() throws {
        try Studio.withStore { studio in
            try FileSystem.setMode(of: studio.sound("bad.wav", seed: 1), to: 0)
            try expectRefusal(in: studio)
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there")) func aFileThatMayNotBeOpened() throws {
        try Studio.withStore { studio in
            let bad = try studio.sound("bad.wav", seed: 1)
            let outcome = try studio.breaking("openat", with: "EACCES", path: bad, ["--json", "add", Word(bad)])
            #expect(try outcome.status == 1 && outcome.json()["failed"]?.asArray?.count == 1, "\(outcome)")
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there"))
    func aFileThatVanishesBetweenListingAndReading() throws {
        try Studio.withStore { studio in
            let bad = try studio.sound("in/bad.wav", seed: 1)
            try studio.sound("in/good.wav", seed: 2)
            let outcome = try studio.breaking(
                "openat", with: "ENOENT", path: bad, ["--json", "add", Word(bad.parent)])
            let document = try outcome.json()
            #expect(document["added"]?.asArray?.count == 1, "\(outcome)")
            #expect([0, 1].contains(outcome.status))
            try studio.expectSound()
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there")) func aFileWhoseDiskFails() throws {
        try Studio.withStore { studio in
            let bad = try studio.sound("bad.wav", seed: 1, frames: 500_000)
            try studio.expectUnchanged {
                for number in 1...3 {
                    let outcome = try studio.breaking(
                        "read,pread64,copy_file_range", with: "EIO:when=\(number)+", path: bad,
                        ["--json", "add", Word(bad)])
                    #expect(outcome.status == 1, "\(outcome)")
                }
            }
        }
    }

    @Test func aFileThatGrowsWhileItIsRead() throws {
        try Studio.withStore { studio in
            let song = try studio.sound("bad.wav", seed: 1, frames: 20 << 20)
            let writer = try studio.start(["sh", "-c", "while :; do printf x; done >> \"$0\"", Word(song)])
            defer { writer.child.kill() }
            try studio.expectUnchanged {
                let outcome = try studio.json("add", Word(song))
                let failed = try outcome.json()["failed"]?.asArray
                #expect(outcome.status == 1 && failed?.count == 1, "\(outcome)")
            }
        }
    }

    @Test func filesThatComeAndGoWhileTheirFolderIsWalked() throws {
        try Studio.withStore { studio in
            for number in 0..<60 { try studio.sound(FilePath("in/\(number).wav"), seed: UInt64(number)) }
            let script = "while :; do for f in 1*.wav; do mv \"$f\" moved.wav && mv moved.wav \"$f\"; done; done"
            let mover = try studio.start(["sh", "-c", "\(script)"], in: studio.work.appending("in"))
            defer { mover.child.kill() }
            let outcome = try studio.json("add", "in")
            #expect([0, 1].contains(outcome.status), "\(outcome)")
            let document = try outcome.json()
            let stayed = Set((0..<60).map(String.init).filter { !$0.hasPrefix("1") })
            let titles = document["added"]?.asArray?.compactMap { $0["title"]?.asString } ?? []
            #expect(stayed.isSubset(of: titles))
            try studio.expectSound()
        }
    }

    @Test func theStoreItself() throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack()
            try FileSystem.remove(studio.work.appending("song.wav"))
            try studio.expectUnchanged {
                for words in [["add", "."], ["add", Word(studio.work)]] as [[Word]] {
                    let document = try studio.offbeat(words: ["--json"] + words).done().json()
                    #expect(document["added"] == [] && document["present"] == [])
                }
            }
        }
    }

    @Test func aFolderThatCannotBeEntered() throws {
        try Studio.withStore { studio in
            try studio.sound("in/good.wav", seed: 1)
            try FileSystem.symbolicLink(to: "..", at: studio.work.appending("in/round"))
            let document = try studio.json("add", "in").done().json()
            #expect(document["added"]?.asArray?.count == 1, "a link to a folder is not followed")
        }
    }

    @Test func theSameFileTwice() throws {
        try Studio.withStore { studio in
            let song = try studio.sound("a.wav", seed: 1)
            try FileSystem.link(song, to: studio.work.appending("b.wav"))
            let document = try studio.json("add", "a.wav", "b.wav", "./a.wav").done().json()
            #expect(document["added"]?.asArray?.count == 1)
            #expect(try studio.tracks().count == 1)
        }
    }
}

extension Studio {
    /// Runs `offbeat` while some of its system calls fail: those of these names, on `path` if one is given.
    func breaking(_ calls: String, with error: String, path: FilePath? = nil, _ words: [Word]) throws -> Outcome {
        let only: [Word] = path.map { ["-P", Word($0)] } ?? []
        return try run(
            ["strace", "-f", "-qq", "-o", "/dev/null"] + only + [
                "-e", "trace=\(calls)", "-e", "inject=\(calls):error=\(error)",
            ]
                + [Word(Scenarios.program())] + words)
    }
}
