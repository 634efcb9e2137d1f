import Files
import SQLite

/// A copy of a database and its log, as they were at one moment.
struct JournalCopy {
    let original: FilePath

    init(of original: FilePath) { self.original = original }

    /// Answers false where there is no such database.
    ///
    /// When somebody writes to it meanwhile it is copied again; the last try counts in any case.
    func make(at copy: FilePath) throws -> Bool {
        for _ in 0..<20 {
            let before = try state()
            guard before[0] != nil else { return false }
            for suffix in ["", "-wal"] { try copyFile(suffix, to: copy) }
            if try state() == before { return true }
            SystemClock.sleep(seconds: 0.02)
        }
        return true
    }

    private func state() throws -> [FileStatus?] {
        try ["", "-wal"].map { try FileSystem.statusIfExists(of: path(original, $0)) }
    }

    private func copyFile(_ suffix: String, to copy: FilePath) throws {
        let target = path(copy, suffix)
        try FileSystem.remove(target)
        guard FileSystem.exists(path(original, suffix)) else { return }
        guard try FileSystem.status(of: path(original, suffix)).kind == .regular else { return }
        let destination = try FileDescriptor.open(target, .write, create: .exclusive)
        if suffix.isEmpty {
            // This process may have it open, and would let go of its locks if it opened and closed the file itself.
            try Database(path: original.bytes, mode: .immutable).readFile { try destination.write(all: $0) }
            return
        }
        let source = try FileDescriptor.open(path(original, suffix), .read, nonBlocking: true)
        _ = try Copier().copy(source, to: destination)
    }

    private func path(_ path: FilePath, _ suffix: String) -> FilePath { FilePath(bytes: path.bytes + suffix.utf8) }
}
