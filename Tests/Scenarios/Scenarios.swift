import Files
import Glibc
import TestSupport

/// Whole runs of the `offbeat` program on real stores, beside plain git and git-lfs, and under faults.
///
/// What is promised to scripts and to other programs is tested here, from outside: the documents and exit statuses,
/// what git makes of a store, what bad input and a `kill -9` leave behind. Nothing here looks inside the program; what
/// can be tested in a room of its own is tested there.
///
/// To read on: `Studio` is the place that each test gets, `Child` runs a program, `Outcome` is what came of it.
enum Scenarios {
    /// The program under test: the one that `OFFBEAT_BINARY` names, else the one that was built beside these tests.
    static func program() throws -> FilePath {
        if let named = getenv("OFFBEAT_BINARY") { return try FilePath(String(cString: named)).absolute() }
        let built = try FileSystem.realPath("/proc/self/exe").parent.appending("offbeat")
        guard FileSystem.exists(built) else {
            throw Unexpected("there is no \(built): build the product offbeat, or set OFFBEAT_BINARY")
        }
        return built
    }

    /// Whether tests that take minutes are wanted too.
    static var areLongOnesWanted: Bool { getenv("OFFBEAT_LONG") != nil }

    /// Whether these tests may mount small file systems, which only root can.
    static let canMount: Bool = {
        guard geteuid() == 0, isInstalled("mount") else { return false }
        return (try? withTemporaryDirectory { place in try SmallDisk.with(at: place, size: "1m") { _ in true } })
            ?? false
    }()

    /// Whether reading a file that is named can be broken from outside.
    static let canTrace: Bool = {
        guard isInstalled("strace") else { return false }
        return (try? run(command: "strace", arguments: ["-o", "/dev/null", "true"]).status) == 0
    }()

    /// The program that disturbs others, built beside these tests.
    static func disturb() throws -> FilePath {
        try FileSystem.realPath("/proc/self/exe").parent.appending("disturb")
    }

    /// Whether system calls of a program can be disturbed from outside.
    static let canDisturb: Bool = {
        guard let disturb = try? disturb().string else { return false }
        return (try? run(command: disturb, arguments: ["--", "true"]).status) == 0
    }()
}

/// What a test did not expect, so that it cannot go on.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
