import Files
import TestSupport
import Testing

@Suite struct SharedTemporaryTests {
    private let dead = "offbeat-0123456789abcdef"

    private func leave(in folder: FilePath, owner: String?) throws {
        let path = folder.appending(dead)
        try FileSystem.makeDirectory(path)
        if let owner { try FileSystem.write(owner, to: path.appending("owner")) }
    }

    private static func thisRun() throws -> String {
        String(decoding: try FileSystem.read("/proc/sys/kernel/random/boot_id"), as: UTF8.self)
    }

    @Test(arguments: [true, false])
    func `What this run of the computer has left is swept`(shared: Bool) throws {
        try withTemporaryDirectory { folder in
            let living = try TemporaryDirectory(shared: folder, inside: folder.parent, modes: .unshared)
            try leave(in: folder, owner: Self.thisRun())
            try #expect(!TemporaryDirectory.isAlive(dead, in: folder))
            let swept = try shared ? TemporaryDirectory.sweep(shared: folder) : TemporaryDirectory.sweep(in: folder)
            #expect(swept == 1)
            #expect(FileSystem.exists(living.path))
            try #expect(FileSystem.list(folder).count == 1)
        }
    }

    /// Over a network mount the lock of another computer's program may not be seen.
    @Test(arguments: [true, false])
    func `What another computer has made is left alone, and counts as living`(shared: Bool) throws {
        try withTemporaryDirectory { folder in
            try leave(in: folder, owner: "another computer\n")
            let swept = try shared ? TemporaryDirectory.sweep(shared: folder) : TemporaryDirectory.sweep(in: folder)
            #expect(swept == 0)
            try #expect(TemporaryDirectory.isAlive(dead, in: folder))
            try #expect(FileSystem.list(folder).count == 1, "the file that was made to see the time is gone")
        }
    }

    @Test func `One that has no owner yet is left alone at a shared place`() throws {
        try withTemporaryDirectory { folder in
            try leave(in: folder, owner: nil)
            try #expect(TemporaryDirectory.sweep(shared: folder) == 0)
            try #expect(TemporaryDirectory.sweep(in: folder) == 1)
        }
    }

    @Test(arguments: ["another computer\n", nil] as [String?])
    func `What is a day old is nobody's`(owner: String?) throws {
        try withTemporaryDirectory { folder in
            try leave(in: folder, owner: owner)
            let path = folder.appending(dead).string
            try #require(run(command: "touch", arguments: ["-d", "23 hours ago", path]).status == 0)
            try #expect(TemporaryDirectory.sweep(shared: folder) == 0)
            try #require(run(command: "touch", arguments: ["-d", "25 hours ago", path]).status == 0)
            try #expect(TemporaryDirectory.sweep(shared: folder) == 1)
        }
    }

    @Test func `A pipe in the owner's place makes nobody wait`() throws {
        try withTemporaryDirectory { folder in
            try leave(in: folder, owner: nil)
            let pipe = folder.appending("\(dead)/owner")
            try #require(run(command: "mkfifo", arguments: [pipe.string]).status == 0)
            try #expect(TemporaryDirectory.sweep(shared: folder) == 0)
        }
    }

    @Test func `A day is a day by the same clock, and the future is young`() {
        let now = FileTime(seconds: 1_000_000, nanoseconds: 0)
        for (age, isOld) in [(0, false), (86_399, false), (86_400, true), (-500_000, false)] as [(Int64, Bool)] {
            #expect(FileTime(seconds: now.seconds - age, nanoseconds: 0).isDayOld(at: now) == isOld)
        }
    }

    @Test func `Its permissions are those of the shared repository`() throws {
        try withTemporaryDirectory { folder in
            let modes = SharedModes(configValue: "group")
            let directory = try TemporaryDirectory(shared: folder.appending("a/tmp"), inside: folder, modes: modes)
            for path in [directory.path, folder.appending("a"), folder.appending("a/tmp")] {
                try #expect(FileSystem.status(of: path).mode & 0o2070 == 0o2070)
            }
        }
    }
}
