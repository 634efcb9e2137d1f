import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// Histories by chance: whatever people and computers do, no post is handed over twice, or without an approval.
@Suite(.enabled(if: isInstalled("git"))) struct PublishingModelTests {
    /// `OFFBEAT_PUBLISHINGS` says how many, `OFFBEAT_SEED` which is the first.
    @Test func noHistoryPublishesTwiceOrUnapproved() throws {
        let count = getenv("OFFBEAT_PUBLISHINGS").flatMap { Int(String(cString: $0)) } ?? 1
        let first = Seed.current
        var done: [String: Int] = [:]
        for number in 0..<UInt64(count) {
            try withMemory { place in
                let rig = try PublishingRig(in: place, seed: first &+ number)
                for _ in 0..<150 where !rig.isBroken { try rig.step() }
                if !rig.isBroken { try rig.finish() }
                done.merge(rig.done, uniquingKeysWith: +)
            }
        }
        print("\(count) histories, OFFBEAT_SEED=\(first): \(done.sorted { $0.key < $1.key })")
    }

    /// Calls `body` with a new directory that lies in memory where there is one such.
    private func withMemory(_ body: (FilePath) throws -> Void) throws {
        guard getenv("TMPDIR") == nil, FileSystem.isWritable("/dev/shm") else {
            return try withTemporaryDirectory(body)
        }
        let place = FilePath("/dev/shm/offbeat-publishing-\(UInt64.random(in: .min ... .max))")
        try FileSystem.makeDirectory(place, mode: 0o700)
        defer { if getenv("OFFBEAT_KEEP") == nil { _ = try? FileSystem.removeTree(place) } }
        try body(place)
    }
}
