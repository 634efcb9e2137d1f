import Glibc
import Synchronization

/// A stream that text goes out by: standard output, standard error, or memory.
///
/// Buffered; safe to use from several threads, each call's bytes stay together.
final class Output: Sendable {
    private let descriptor: Int32?
    private let pretended: (isTerminal: Bool, columns: Int)
    private let buffer = Mutex<[UInt8]>([])
    private static let capacity = 1 << 16

    /// Makes a stream over a descriptor that stays the caller's.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        pretended = (false, 80)
    }

    private init(pretending pretended: (isTerminal: Bool, columns: Int)) {
        descriptor = nil
        self.pretended = pretended
    }

    /// Makes a stream that keeps everything in memory, for tests.
    static func memory(isTerminal: Bool = false, columns: Int = 80) -> Output {
        Output(pretending: (isTerminal, columns))
    }

    /// What has been written to a stream in memory.
    var captured: [UInt8] { buffer.withLock { $0 } }

    var isTerminal: Bool { descriptor.map { isatty($0) == 1 } ?? pretended.isTerminal }

    /// The width of the terminal; 80 where it does not say.
    var columns: Int {
        guard let descriptor else { return pretended.columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes text, sooner or later: `flush()` says when.
    func write(_ text: String) throws(OutputError) {
        var text = text
        let failure: OutputError? = text.withUTF8 { bytes in
            do throws(OutputError) {
                try write(UnsafeRawBufferPointer(bytes))
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    /// Writes bytes, sooner or later.
    func write(_ bytes: UnsafeRawBufferPointer) throws(OutputError) {
        try buffer.withLock { (buffer) throws(OutputError) in
            guard let descriptor else {
                buffer.append(contentsOf: bytes)
                return
            }
            if buffer.count + bytes.count > Self.capacity { try Self.drain(&buffer, to: descriptor) }
            if bytes.count >= Self.capacity {
                try Self.put(bytes, to: descriptor)
            } else {
                buffer.append(contentsOf: bytes)
            }
        }
    }

    /// Hands everything written so far to the system.
    func flush() throws(OutputError) {
        guard let descriptor else { return }
        try buffer.withLock { (buffer) throws(OutputError) in try Self.drain(&buffer, to: descriptor) }
    }

    /// Empties the buffer even where writing fails: what could not be written once is not tried again.
    private static func drain(_ buffer: inout [UInt8], to descriptor: Int32) throws(OutputError) {
        guard !buffer.isEmpty else { return }
        defer { buffer.removeAll(keepingCapacity: true) }
        let failure: OutputError? = buffer.withUnsafeBytes { bytes in
            do throws(OutputError) {
                try put(bytes, to: descriptor)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private static func put(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(OutputError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Somebody who shares the stream made it non-blocking; wait as a blocking one would.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&request, 1, -1)
            case EPIPE: throw .readerGone
            case let code: throw .failed(code)
            }
        }
    }
}

/// Why output could not be written.
enum OutputError: Error, Equatable, CustomStringConvertible {
    /// Whoever read it has gone, as `head` does: no reason to complain.
    case readerGone
    /// The system's error number.
    case failed(Int32)

    var description: String {
        switch self {
        case .readerGone: "nobody reads the output any more"
        case .failed(let code): "cannot write the output: \(String(cString: strerror(code)))"
        }
    }
}
