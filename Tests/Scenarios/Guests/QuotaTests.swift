import Catalog
import Files
import TestSupport
import Testing

/// A guest that wants more than it may is told so, keeps nothing of it, and works on.
@Suite struct QuotaTests {
    private static func files(of guest: Guest) throws -> [String] {
        DirectoryWalk(guest.store.appending("lfs")).compactMap { item in
            guard case .file(let path) = item, !path.bytes.starts(with: guest.store.appending("lfs/journal").bytes)
            else { return nil }
            return path.string
        }
    }

    /// Expects that something is too much, and that neither what the guest sees nor a file of it differs then.
    private static func expectTooMuch(
        _ guest: Guest, _ words: [Word], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try (files(of: guest), guest.at("log").done().text, guest.at("ls").done().json()["tracks"])
        let outcome = try guest.run(words)
        try outcome.expectFailure(4, "over-limit", sourceLocation: sourceLocation)
        #expect(outcome.text.contains("offbeat gc"), "\(outcome)", sourceLocation: sourceLocation)
        let after = try (files(of: guest), guest.at("log").done().text, guest.at("ls").done().json()["tracks"])
        #expect(before.0 == after.0 && before.1 == after.1 && before.2 == after.2, sourceLocation: sourceLocation)
        try guest.at("fsck", "--deep").done()
    }

    @Test func tooManyBytes() throws {
        try GuestHouse.with { house in
            let guest = try house.guest(of: "ana", "--quota", "200k")
            let (small, large) = (
                Word(try house.studio.sound("small.wav", seed: 31, frames: 10_000)),
                Word(try house.studio.sound("large.wav", seed: 32, frames: 200_000))
            )
            let many = house.studio.work.appending("many")
            for number in 0..<20 {
                try house.studio.sound(
                    many.appending(FilePath("\(number).wav")), seed: UInt64(40 + number), frames: 10_000)
            }
            let image = house.studio.work.appending("large.png")
            try FileSystem.write(
                [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 7, count: 300_000), to: image)
            var random = SeededRandom(seed: 1)
            let digits = random.bytes(300_000).map { String($0, radix: 16) }.joined()
            let found = house.studio.work.appending("found.json")
            try FileSystem.write("{\"found\":\"\(digits)\"}", to: found)
            let calls: [[Word]] = [
                ["add", "--no-analyze", large], ["add", "--no-analyze", Word(many)],
                ["replace", "--no-analyze", "ana-0", large],
                ["stem", "add", "--no-analyze", "--type", "bass", "ana-0", large],
                ["stem", "separate", "ana-0", "--with", "sh -c 'cp \"$0\" \"$2/bass.wav\"' \(large) {in} {out}"],
                ["post", "new", "-w", "band", "--image", Word(image), "x"],
                ["analysis", "set", "ana-0", Word(found), "--analyzer", "other", "--analyzer-version", "1"],
            ]
            try house.expectNoTrace {
                for words in calls { try Self.expectTooMuch(guest, words) }
                try guest.at("add", "--no-analyze", small).done()
                for words in calls { try Self.expectTooMuch(guest, words) }
                let usage = try house.at("guest", "ls").done().json()["guests"]?.asArray?.first?["bytes"]?.asInteger
                #expect((1..<100_000).contains(usage ?? 0), "\(usage ?? 0)")
            }
        }
    }

    @Test func whatIsRemovedMakesRoom() throws {
        try GuestHouse.with { house in
            let guest = try house.guest(of: "ana", "--quota", "60k")
            let sounds = try (0..<3).map { number in
                Word(
                    try house.studio.sound(
                        FilePath("new-\(number).wav"), seed: UInt64(60 + number), frames: 20_000))
            }
            try house.expectNoTrace {
                try guest.at("add", "--no-analyze", sounds[0]).done()
                try Self.expectTooMuch(guest, ["add", "--no-analyze", sounds[1]])
                try guest.at("rm", "new-0").done()
                // It could still be undone.
                try Self.expectTooMuch(guest, ["add", "--no-analyze", sounds[1]])
                #expect(try guest.at("gc").done().json()["deleted"] == 1)
                try guest.at("add", "--no-analyze", sounds[1]).done()
                try Self.expectTooMuch(guest, ["add", "--no-analyze", sounds[2]])
                // What the library holds takes no room.
                try guest.at("rm", "ana-1").done()
                #expect(try guest.at("gc").done().json()["deleted"] == 0)
                try guest.at("undo").done()
                try guest.at("cat", "ana-1").done()
                try guest.at("fsck", "--deep").done()
            }
        }
    }

    /// Who may make nothing more may still remove.
    @Test func removingNeedsNoRoom() throws {
        try GuestHouse.with { house in
            let guest = try house.guest(of: "ana", "--quota", "1")
            try house.expectNoTrace {
                try Self.expectTooMuch(guest, ["edit", "ana-0", "title=x"])
                try guest.at("rm", "ana-0").done()
                #expect(try !guest.titles().contains("ana-0"))
            }
        }
    }

    @Test func tooManyRecords() throws {
        try GuestHouse.with { house in
            let guest = try house.guest(of: "ana", "--records", "2")
            let sounds = try (0..<3).map { number in
                Word(try house.studio.sound(FilePath("new-\(number).wav"), seed: UInt64(70 + number)))
            }
            try house.expectNoTrace {
                try Self.expectTooMuch(guest, ["add", "--no-analyze"] + sounds)
                try guest.at("add", "--no-analyze", sounds[0], sounds[1]).done()
                let stem: [Word] = ["stem", "add", "--no-analyze", "--type", "bass", "ana-0", sounds[2]]
                for words: [Word] in [
                    ["add", "--no-analyze", sounds[2]], ["edit", "ana-0", "title=x"], ["rm", "ana-0"], stem,
                    ["replace", "--no-analyze", "ana-0", sounds[2]], ["post", "new", "-w", "band", "x"],
                ] { try Self.expectTooMuch(guest, words) }
                try guest.at("edit", "new-0", "title=mine").done()
                try guest.at("rm", "new-1").done()
                try guest.at("add", "--no-analyze", sounds[2]).done()
                try guest.at("stem", "add", "--no-analyze", "--type", "bass", "mine", sounds[1]).done()
            }
        }
    }
}
