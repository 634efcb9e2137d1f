import Catalog
import Files
import TestSupport
import Testing

/// One system call after the other fails: a command says so or has done its work, and never leaves half of it.
@Suite(.enabled(if: Scenarios.canTrace, "strace is not there"), .serialized) struct BrokenCallTests {
    @Test func addWhenTheDiskFails() throws { try breakEachCall(of: "add", "EIO", "io") }
    @Test func addWhenTheDiskIsFull() throws { try breakEachCall(of: "add", "ENOSPC", "no-space") }
    @Test func editWhenTheDiskFails() throws { try breakEachCall(of: "edit", "EIO", "io") }
    @Test func editWhenTheDiskIsFull() throws { try breakEachCall(of: "edit", "ENOSPC", "no-space") }

    private func breakEachCall(of command: String, _ error: String, _ code: String) throws {
        try Studio.withStore { studio in
            _ = try studio.addedTrack("first.wav", seed: 1)
            var (runs, failures) = (0, 0)
            try FaultPoint.forEach { point in
                runs += 1
                let sound = Word(try studio.sound(FilePath("new \(runs).wav"), seed: 1_000 + UInt64(runs)))
                let words: [Word] = command == "add" ? ["add", sound] : ["edit", "first", "comment=\(runs)"]
                let before = (try studio.head(), try studio.json("ls").out)
                let (outcome, isMet) = try studio.offbeat(["--json"] + words, broken: .error(error), at: point)
                let moved = try studio.head() != before.0
                #expect(outcome.status < 128, "\(point): \(outcome)")
                #expect(outcome.status != 0 || moved, "\(point): said to be done, and is not: \(outcome)")
                if !moved {
                    failures += 1
                    #expect(try studio.json("ls").out == before.1)
                    try expect(code, of: outcome, at: point)
                }
                try studio.expectSound()
                try studio.offbeat(words: words).done()
                return isMet
            }
            #expect(failures > 3, "some calls matter")
            try studio.expectNoLeftovers()
        }
    }

    /// The failure is told by its code, or as the reason why the one file could not be added.
    private func expect(_ code: String, of outcome: Outcome, at point: FaultPoint) throws {
        let document = try outcome.json()
        if let error = document["error"] {
            // SQLite keeps to itself why these failed.
            let codes = ["fdatasync", "ftruncate"].contains(point.call) ? [code, "io"] : [code]
            #expect(codes.contains(error["code"]?.asString ?? ""), "\(point): \(outcome)")
            #expect(outcome.status == 1, "\(point): \(outcome)")
        } else {
            #expect(document["failed"]?.asArray?.count == 1 && outcome.status == 1, "\(point): \(outcome)")
        }
    }
}
