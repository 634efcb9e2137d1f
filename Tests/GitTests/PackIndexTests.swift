import Files
import TestSupport
import Testing

@testable import Git

private func entries(_ random: inout SeededRandom, step: Int) throws -> [PackIndex.Entry] {
    try (0..<300).map { number in
        PackIndex.Entry(
            id: try #require(ObjectID(bytes: random.bytes(20))),
            checksum: UInt32.random(in: 0 ... .max, using: &random),
            offset: 12 + number * step)
    }
}

@Test func indexesComeBackAsTheyWereBeyondFourGigabytes() throws {
    var random = SeededRandom()
    for step in [30, 1 << 23, 1 << 27] {
        let entries = try entries(&random, step: step)
        let bytes = PackIndex.encoded(entries, packChecksum: random.bytes(20))
        let size = 12 + 300 * step + 20
        let again = try PackIndex.decode(bytes, of: "pack-x", packSize: size)
        #expect(again.map(\.id) == entries.map(\.id), "\(random)")
        #expect(again.map(\.offset) == entries.map(\.offset), "\(random)")
        #expect(again.map(\.checksum) == entries.map(\.checksum), "\(random)")
    }
}

@Test(.enabled(if: hasGit, needsGit)) func gitReadsOffsetsBeyondTwoGigabytes() throws {
    try withTemporaryDirectory { folder throws in
        var random = SeededRandom()
        let entries = try entries(&random, step: 1 << 24)
        let bytes = PackIndex.encoded(entries, packChecksum: random.bytes(20))
        let shown = try run(
            command: "git", arguments: ["show-index"], environment: hermeticEnvironment(home: folder), input: bytes)
        let lines = Set(
            shown.stdout.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") })
        #expect(lines == Set(entries.map { "\($0.offset) \($0.id)" }), "\(random)")
    }
}

private func refuses(_ change: (inout [UInt8]) -> Void, sealing: Bool = true) throws -> String {
    var random = SeededRandom()
    var bytes = PackIndex.encoded(try entries(&random, step: 30), packChecksum: random.bytes(20))
    change(&bytes)
    if sealing, bytes.count > 20 {
        bytes.removeLast(20)
        bytes += try fixtureHash(bytes)
    }
    let error = try gitError { try PackIndex.decode(bytes, of: "pack-x", packSize: 12 + 300 * 30 + 20) }
    #expect(error.code == .corrupt)
    #expect(error.subject == "pack-x")
    return error.message
}

@Test func anIndexOfAnotherVersionIsRefused() throws { #expect(try refuses { $0[7] = 3 }.contains("version")) }
@Test func anEmptyIndexIsRefused() throws { #expect(try refuses({ $0 = [] }, sealing: false).contains("version")) }
@Test func anIndexWithAFlippedBitIsRefused() throws {
    #expect(try refuses({ $0[2000] ^= 1 }, sealing: false).contains("checksum"))
}
@Test func anIndexOfTooManyObjectsIsRefused() throws {
    #expect(try refuses { $0[8 + 255 * 4] = 0x7F }.contains("cut off"))
}
@Test func anIndexWithAnOffsetTwiceIsRefused() throws {
    #expect(try refuses { bytes in for index in 0..<8 { bytes[1032 + 300 * 24 + index] = 0 } }.contains("offset"))
}
@Test func anIndexWithAnOffsetBeyondThePackIsRefused() throws {
    #expect(try refuses { $0[1032 + 300 * 24] = 0x70 }.contains("offset"))
}
@Test func anIndexWithoutALargeOffsetIsRefused() throws {
    #expect(try refuses { $0[1032 + 300 * 24] = 0x80 }.contains("missing"))
}
