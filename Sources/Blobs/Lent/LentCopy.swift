public import Files
import SQLite

/// A copy of another store's database with its log, as they were at one moment, made without a lock.
///
/// Others may write to the database meanwhile: that only makes the log longer, whose sound beginning is what counts. What
/// they must not have done is bring the log into the file, or begin the log anew; then it is copied again.
public struct LentCopy {
    private static let tries = 4
    /// A log begins with what tells it from the one before it.
    private static let headSize = 32
    private static let bufferSize = 1 << 18

    private let original: FilePath

    /// Takes the database's name; nothing is looked at yet.
    public init(of original: FilePath) { self.original = original }

    /// Makes the copy; false where there is no database, or it does not stay still for long enough.
    public func make(at copy: FilePath) throws -> Bool {
        for _ in 0..<Self.tries {
            guard let file = try SettledFile.look(at: original) else { continue }
            let head = try head(of: file.log)
            try copyDatabase(to: copy)
            // A log that comes to be later holds nothing that is in the file.
            if !head.isEmpty { try copyLog(file.log, to: SettledFile.log(of: copy)) }
            if file.isStill, try self.head(of: file.log).starts(with: head) { return true }
            _ = try FileSystem.remove(SettledFile.log(of: copy))
        }
        return false
    }

    /// What a log begins with; nothing where there is none, or nothing in it.
    private func head(of log: FilePath) throws(FileError) -> [UInt8] {
        guard FileSystem.exists(log) else { return [] }
        do throws(FileError) {
            let file = try FileDescriptor.open(log, .read, noFollow: true, nonBlocking: true)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.headSize, alignment: 8)
            defer { buffer.deallocate() }
            return try file.pread(into: buffer, at: 0) == Self.headSize ? Array(buffer) : []
        } catch {
            if error.isAbsent { return [] }
            throw error
        }
    }

    private func copyDatabase(to target: FilePath) throws {
        let copy = try FileDescriptor.open(target, .write, create: .ifMissing, truncate: true)
        try Database(path: original.bytes, mode: .immutable).readFile { try copy.write(all: $0) }
    }

    private func copyLog(_ log: FilePath, to target: FilePath) throws(FileError) {
        let source = try FileDescriptor.open(log, .read, noFollow: true, nonBlocking: true)
        let copy = try FileDescriptor.open(target, .write, create: .ifMissing, truncate: true)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSize, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return }
            try copy.write(all: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }
}
