import Glibc

/// An open regular file that belongs to the caller, read by place through a window.
///
/// The descriptor's own position is neither used nor moved. Headers are read in many small pieces close to each
/// other; the window makes one system call of them. Not safe for use from two threads at once.
final class Source {
    let size: Int64
    /// Where libsndfile stands.
    var position: Int64 = 0
    private let descriptor: Int32
    private let opened: stat
    /// Why the system could not read, the first time; who asked was only handed fewer bytes.
    private var failure: Int32?
    private var window: [UInt8] = []
    private var windowStart: Int64 = 0
    private static let windowLength = 1 << 15

    /// Looks at a descriptor; it must be of a regular file that is not empty.
    init(descriptor: Int32) throws(AudioError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw AudioError(.io, "cannot be looked at: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw AudioError(.notRegular, "is no regular file") }
        guard status.st_size > 0 else { throw AudioError(.notAudio, "is empty") }
        self.descriptor = descriptor
        size = Int64(status.st_size)
        opened = status
        var first: UInt8 = 0
        guard pread(descriptor, &first, 1, 0) >= 0 else {
            throw AudioError(.io, "cannot be read: \(String(cString: strerror(errno)))")
        }
    }

    /// Whether the file has the size and the time of its last change that it had at first.
    var isUnchanged: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_size == opened.st_size
            && status.st_mtim.tv_sec == opened.st_mtim.tv_sec && status.st_mtim.tv_nsec == opened.st_mtim.tv_nsec
    }

    /// Throws if some bytes could not be read: whatever was made of the others may be wrong.
    func checkReadable() throws(AudioError) {
        if let failure { throw AudioError(.io, "cannot be read: \(String(cString: strerror(failure)))") }
    }

    /// Hands on what `body` says, unless the system could not read what it looked at: then that is the reason for all.
    func whileReadable<R: ~Copyable>(_ body: () throws(AudioError) -> R) throws(AudioError) -> R {
        let result: R
        do throws(AudioError) { result = try body() } catch {
            try checkReadable()
            throw error
        }
        try checkReadable()
        return result
    }

    /// Reads bytes from a place; fewer where the file ends or cannot be read.
    func bytes(at offset: Int64, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Reads bytes from a place, and returns how many there were.
    func read(at offset: Int64, into target: UnsafeMutableRawBufferPointer) -> Int {
        guard (0..<size).contains(offset), !target.isEmpty else { return 0 }
        if target.count >= Self.windowLength { return readFile(at: offset, into: target) }
        let inWindow = offset >= windowStart && offset + Int64(target.count) <= windowStart + Int64(window.count)
        if !inWindow {
            windowStart = offset
            window = [UInt8](unsafeUninitializedCapacity: Self.windowLength) { buffer, filled in
                filled = readFile(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        let found = window[Int(offset - windowStart)...].prefix(target.count)
        target.copyBytes(from: found)
        return found.count
    }

    private func readFile(at offset: Int64, into target: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while filled < target.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: target[filled...])
            let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + filled)
            if got < 0 {
                let number = errno
                if number == EINTR { continue }
                failure = failure ?? number
            }
            if got <= 0 { break }
            filled += got
        }
        return filled
    }
}
