import CLinux
import Glibc

/// A descriptor of ours, closed with its owner.
final class Handle {
    private(set) var raw: Int32

    /// Takes over a descriptor. It gets a number above those of the standard streams, so that to give it to a program
    /// never overwrites another.
    init(owning raw: Int32, for what: String) throws(ProcessError) {
        guard raw >= 0 else { throw ProcessError(errno, what) }
        guard raw < 3 else {
            self.raw = raw
            return
        }
        self.raw = fcntl(raw, F_DUPFD_CLOEXEC, 3)
        let number = errno
        _ = Glibc.close(raw)
        if self.raw < 0 { throw ProcessError(number, what) }
    }

    deinit { close() }

    func close() {
        if raw >= 0 { _ = Glibc.close(raw) }
        raw = -1
    }
}

/// The reading end of what a program writes.
final class Pipe {
    private let reader: Handle
    private(set) var writer: Handle?
    private(set) var bytes: [UInt8] = []
    /// Only the last bytes are kept where there are more; nil keeps all.
    private let tail: Int?
    /// Hears of what comes, besides.
    var onPiece: ((ArraySlice<UInt8>) -> Void)?

    init(keepingLast tail: Int? = nil) throws(ProcessError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw ProcessError(errno, "make a pipe") }
        let writer: Handle
        do throws(ProcessError) { reader = try Handle(owning: ends[0], for: "make a pipe") } catch {
            _ = Glibc.close(ends[1])
            throw error
        }
        writer = try Handle(owning: ends[1], for: "make a pipe")
        // Ours alone: the end that the program has stays as programs expect it.
        _ = fcntl(reader.raw, F_SETFL, O_NONBLOCK)
        self.writer = writer
        self.tail = tail
    }

    /// The descriptor to wait for; -1 where nothing can come any more.
    var raw: Int32 { reader.raw }

    /// Lets go of the end that the program has now.
    func handOver() { writer = nil }

    /// Reads what is there, up to a few buffers, so that who is asked in between is asked.
    func take() throws(ProcessError) {
        guard raw >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        for _ in 0..<16 {
            let count = try buffer.withUnsafeMutableBufferPointer { room throws(ProcessError) in
                try read(into: UnsafeMutableRawBufferPointer(room))
            }
            guard let count, count > 0 else { return }
            keep(buffer[..<count])
        }
    }

    /// Reads what is there, at most as much as there is room for, and keeps nothing. Nil where there is nothing now, 0
    /// where nothing will come any more.
    func read(into room: UnsafeMutableRawBufferPointer) throws(ProcessError) -> Int? {
        while raw >= 0 {
            let count = Glibc.read(raw, room.baseAddress, room.count)
            if count > 0 { return count }
            if count == 0 {
                reader.close()
            } else if errno == EAGAIN {
                return nil
            } else if errno != EINTR {
                throw ProcessError(errno, "read what a program writes")
            }
        }
        return 0
    }

    private func keep(_ piece: ArraySlice<UInt8>) {
        onPiece?(piece)
        bytes.append(contentsOf: piece)
        if let tail, bytes.count > 2 * tail { bytes.removeFirst(bytes.count - tail) }
    }

    /// Cuts what is kept to the bytes that were asked for.
    func trim() {
        if let tail, bytes.count > tail { bytes.removeFirst(bytes.count - tail) }
    }
}
