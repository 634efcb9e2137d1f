import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// `kill -9` at any moment leaves the version before or the version after, and nothing for a person to mend.
@Suite(.serialized) struct KillTests {
    /// At moments that are spread evenly over the time that the command takes.
    @Test func atRandomMoments() throws {
        let rounds = getenv("OFFBEAT_KILLS").flatMap { Int(String(cString: $0)) } ?? 25
        try Studio.withStore { studio in
            var killer = try Killer(studio, rounds: rounds)
            try killer.run()
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there")) func addAtEachCall() throws {
        try killAtEachCall { studio, number in
            let sound = Word(try studio.sound(FilePath("new \(number).wav"), seed: 1_000 + UInt64(number)))
            return (
                ["add", sound],
                { moved in
                    let document = try studio.json("add", sound).done().json()
                    #expect(document[moved ? "present" : "added"]?.asArray?.count == 1, "\(document)")
                }
            )
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there")) func editAtEachCall() throws {
        try killAtEachCall { studio, number in
            let words: [Word] = ["edit", "first", "title=first \(number)", "artist=first \(number)"]
            return (
                words,
                { _ in
                    let track = try studio.json("show", "first").done().json()
                    #expect(track["title"] == track["artist"] || track["artist"] == .null, "half an edit: \(track)")
                    try studio.offbeat(words: words).done()
                }
            )
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there")) func replaceAtEachCall() throws {
        try killAtEachCall { studio, number in
            let sound = try studio.sound(FilePath("new \(number).wav"), seed: 1_000 + UInt64(number))
            return (
                ["replace", "first", Word(sound)],
                { _ in
                    try studio.offbeat("replace", "first", Word(sound)).done()
                    #expect(try studio.offbeat("cat", "first").done().out == FileSystem.read(sound))
                }
            )
        }
    }

    @Test(.enabled(if: Scenarios.canTrace, "strace is not there")) func removeAtEachCall() throws {
        try killAtEachCall { studio, _ in
            (
                ["rm", "first"],
                { moved in
                    if moved { try studio.offbeat("add", "first.wav").done() }
                    #expect(try studio.tracks().count == 1)
                }
            )
        }
    }

    /// Kills a command at one call after the other. `next` answers the words of a new run, and what looks at the
    /// remains and does the same again, knowing whether the head has moved.
    private func killAtEachCall(
        _ next: (Studio, Int) throws -> (words: [Word], mend: (_ moved: Bool) throws -> Void)
    ) throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack("first.wav", seed: 1)
            var (runs, before, after) = (0, 0, 0)
            try FaultPoint.forEach { point in
                runs += 1
                let (words, mend) = try next(studio, runs)
                let head = try studio.head()
                let (outcome, isMet) = try studio.offbeat(words, broken: .kill, at: point)
                let moved = try studio.head() != head
                if isMet { (before, after) = moved ? (before, after + 1) : (before + 1, after) }
                #expect(outcome.status == (isMet ? 128 + SIGKILL : 0), "\(point): \(outcome)")
                #expect(isMet || moved, "\(point): said to be done, and is not")
                try studio.expectSound()
                try mend(moved)
                return isMet
            }
            #expect(before > 5 && after > 0, "calls on both sides of the move must be met")
            try studio.offbeat("user", "add", "ben").done()
            try studio.expectNoLeftovers()
            try studio.expectSound()
        }
    }

    /// The same with `init`: a place has a whole store or none, and the next `init` makes one.
    @Test(.enabled(if: Scenarios.canTrace, "strace is not there"), arguments: [false, true])
    func initAtEachCall(inADirectory: Bool) throws {
        try Studio.with { studio in
            var runs = 0
            try FaultPoint.forEach { point in
                runs += 1
                let place = studio.work.appending("store-\(runs)")
                if inADirectory { try FileSystem.makeDirectory(place) }
                let words: [Word] = ["init", Word(place), "--user", "ana"]
                let (_, isMet) = try studio.offbeat(words, broken: .kill, at: point)
                if try studio.offbeat("--store", Word(place), "ls").status != 0 {
                    try studio.offbeat(words: words).done()
                }
                let status = try studio.json("--store", Word(place), "status").done().json()
                #expect(status["user"] == "ana", "\(point)")
                #expect(try studio.git("fsck", "--strict", in: place).status == 0, "\(point)")
                return isMet
            }
            #expect(runs > FaultPoint.calls.count + 5, "calls must be met")
        }
    }
}
