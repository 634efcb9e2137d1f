public import Files
import Glibc

/// What the tests are made with: places to write, chance that can be repeated, programs to run, sounds to feed in.
///
/// It asserts nothing and knows nothing of what is tested.
public enum TestSupport {}

/// Calls `body` with a new directory, and removes that with all that is in it afterwards.
///
/// It lies in the directory that `TMPDIR` names, else in `/tmp`.
public func withTemporaryDirectory<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let parent = getenv("TMPDIR").map { FilePath(String(cString: $0)) } ?? "/tmp"
    let path = parent.appending("offbeat-test-" + String(UInt64.random(in: .min ... .max), radix: 36))
    try FileSystem.makeDirectory(path, mode: 0o700)
    defer { _ = try? FileSystem.removeTree(path) }
    return try body(path)
}

extension FileSystem {
    /// Makes a file that says `bytes`, replacing what was there.
    public static func write(_ bytes: [UInt8], to path: FilePath, mode: UInt32 = 0o644) throws(FileError) {
        let file = try FileDescriptor.open(path, .write, create: .ifMissing, mode: mode, truncate: true)
        try file.write(all: bytes)
    }

    /// Makes a file that says `text`, replacing what was there.
    public static func write(_ text: String, to path: FilePath, mode: UInt32 = 0o644) throws(FileError) {
        try write(Array(text.utf8), to: path, mode: mode)
    }
}
