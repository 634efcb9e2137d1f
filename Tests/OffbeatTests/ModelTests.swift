import Catalog
import Files
import Glibc
import TestSupport
import Testing

/// A thousand operations by chance on a real store, and the same on plain values: they agree after each.
@Suite struct ModelTests {
    @Test func randomOperationsAgreeWithTheModel() throws {
        let count = getenv("OFFBEAT_OPERATIONS").flatMap { Int(String(cString: $0)) } ?? 1000
        try withMemory { place in
            var rig = try ModelRig(at: place)
            print("\(count) operations: \(rig.chance)")
            for step in 1...count {
                let what = try rig.step()
                if step % 10 == 0 || step == count { try rig.compareEverything(after: "\(step) \(what)") }
            }
            // Chance must not have left out what matters.
            let done = rig.done
            for what in ["add", "edit", "remove", "replace", "mark", "person", "undo", "restore"] {
                #expect(done[what, default: 0] > count / 100, "\(done)")
            }
        }
    }

    /// Calls `body` with a new directory that lies in memory where there is one such: thousands of flushes would wait
    /// for the disk, and what they are for is tested elsewhere.
    private func withMemory(_ body: (FilePath) throws -> Void) throws {
        guard getenv("TMPDIR") == nil, FileSystem.isWritable("/dev/shm") else {
            return try withTemporaryDirectory(body)
        }
        let place = FilePath("/dev/shm/offbeat-model-\(UInt64.random(in: .min ... .max))")
        try FileSystem.makeDirectory(place, mode: 0o700)
        defer { _ = try? FileSystem.removeTree(place) }
        try body(place)
    }
}
