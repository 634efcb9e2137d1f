import Digest
import Files

/// The memory that one thread copies and hashes with, the same for every file however large.
///
/// For one thread at a time.
final class Copier: @unchecked Sendable {
    // Sendable: it is handed from thread to thread, but whoever has it, has it alone.

    /// As much as stays in a processor's own cache, so that hashing reads what copying just brought there.
    static let bufferSize = 1 << 18

    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 4096)
    private let digest = SHA256()

    deinit { buffer.deallocate() }

    /// Reads a whole file that fits into the buffer, and answers with what was read.
    ///
    /// The bytes are those of the buffer: valid until the next call.
    func load(_ source: borrowing FileDescriptor, size: Int) throws(FileError) -> UnsafeRawBufferPointer {
        var count = 0
        while count < size {
            let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count..<size]))
            if got == 0 { throw FileError(.changed, "read", source.path) }
            count += got
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    /// Hashes the bytes.
    func hash(_ bytes: UnsafeRawBufferPointer) -> ContentHash {
        digest.reset()
        digest.update(bytes)
        return digest.finish()
    }

    /// Hashes the file from its position to its end, which must come after `size` bytes.
    func hash(_ source: borrowing FileDescriptor, expecting size: Int64) throws(FileError) -> ContentHash {
        try pass(source, size: size) { _ throws(FileError) in }
    }

    /// Copies the file from its position to its end, which must come after `size` bytes, and hashes it on the way.
    func copy(
        _ source: borrowing FileDescriptor, to target: borrowing FileDescriptor, size: Int64
    ) throws(FileError) -> ContentHash {
        var written: Int64 = 0
        var begun: Int64 = 0
        return try pass(source, size: size) { bytes throws(FileError) in
            try target.write(all: bytes)
            written += Int64(bytes.count)
            // The disk begins while the rest is still being hashed.
            if written - begun >= Self.writebackStep {
                target.startWriteback(offset: begun, length: written - begun)
                begun = written
            }
        }
    }

    /// Copies the file from its position to its end, wherever that is, and tells its hash.
    func copy(
        _ source: borrowing FileDescriptor, to target: borrowing FileDescriptor
    ) throws(FileError) -> ContentHash {
        digest.reset()
        while true {
            let got = try source.read(into: buffer)
            if got == 0 { return digest.finish() }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            digest.update(bytes)
            try target.write(all: bytes)
        }
    }

    private static let writebackStep: Int64 = 1 << 23

    private func pass(
        _ source: borrowing FileDescriptor, size: Int64, _ each: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) -> ContentHash {
        source.expectSequentialReading()
        digest.reset()
        var count: Int64 = 0
        while true {
            let got = try source.read(into: buffer)
            count += Int64(got)
            if got == 0 || count > size { break }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            digest.update(bytes)
            try each(bytes)
        }
        guard count == size else { throw FileError(.changed, "read", source.path) }
        return digest.finish()
    }
}
