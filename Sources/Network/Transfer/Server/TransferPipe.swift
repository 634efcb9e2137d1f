import Glibc

/// Two descriptors of this process, by which a client is heard and answered.
final class TransferPipe {
    private let input: Int32
    private let output: Int32
    /// Is called before nothing is there to be read, and somebody has to be waited for.
    var onIdle: () throws(NetworkError) -> Void = {}

    init(input: Int32, output: Int32) { (self.input, self.output) = (input, output) }

    /// Reads what is there, and waits for it where there is nothing; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetworkError) -> Int {
        if !isReady { try onIdle() }
        while true {
            let count = Glibc.read(input, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            // The client has gone in a hurry.
            case ECONNRESET: return 0
            case EAGAIN: wait(for: input, Int16(POLLIN))
            case let number: throw Self.failure(number)
            }
        }
    }

    private var isReady: Bool {
        var watched = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) > 0
    }

    private func wait(for descriptor: Int32, _ events: Int16) {
        var watched = pollfd(fd: descriptor, events: events, revents: 0)
        _ = poll(&watched, 1, -1)
    }

    /// Writes all the bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(NetworkError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(output, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: wait(for: output, Int16(POLLOUT))
            case let number: throw Self.failure(number)
            }
        }
    }

    private static func failure(_ number: Int32) -> NetworkError {
        let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return NetworkError(.offline, "the client has gone: \(reason)")
    }
}
