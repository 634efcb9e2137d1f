import CLinux
import Glibc
import TestSupport

/// Why there is no connection.
struct NoConnection: Error {
    let code: Int32
}

/// One end of a connection, which says what no proper client would.
///
/// Unchecked: one thread after the other has it.
final class RawClient: @unchecked Sendable {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ port: UInt16, at place: String = "127.0.0.1", within seconds: Int = 5) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, place, &address.sin_addr)
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw NoConnection(code: errno) }
    }

    deinit { close(descriptor) }

    /// Sends bytes; false where the other side takes no more.
    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends text as it is written.
    @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Says that nothing more comes.
    @discardableResult func finish() -> Bool { shutdown(descriptor, Int32(SHUT_WR)) == 0 }

    /// Has what is sent go out together at the end.
    func hold(_ body: () -> Bool) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CORK, &on, socklen_t(MemoryLayout<Int32>.size))
        _ = body()
    }

    /// Ends the connection so that the other side finds an error.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Adds what has come to the buffer; false at the end, and where nothing comes in time.
    private func receive() -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count > 0 { buffer += piece[..<count] }
        return count > 0
    }

    /// All that comes until the end; nil where there is none in time.
    func all() -> String? {
        while receive() {}
        if errno == EAGAIN, !isAtEnd { return nil }
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Whether the connection is over, and nothing is left.
    var isAtEnd: Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        return count == 0 || count < 0 && errno != EAGAIN
    }

    /// The next line, without its end.
    func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    /// So many bytes.
    func bytes(_ count: Int) -> [UInt8]? {
        while buffer.count < count { guard receive() else { return nil } }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// The next answer.
    func answer(toHead: Bool = false) -> RawAnswer? {
        guard let first = line(), first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else {
            return nil
        }
        var answer = RawAnswer(status: status)
        while let line = line(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            answer.headers.append((line[..<colon].lowercased(), String(line[line.index(colon, offsetBy: 2)...])))
        }
        if status == 100 || toHead { return answer }
        if answer["transfer-encoding"] == "chunked" {
            while let size = line().flatMap({ Int($0, radix: 16) }), let piece = bytes(size), line() != nil {
                if size == 0 { return answer }
                answer.body += piece
            }
            return nil
        }
        guard let body = bytes(answer["content-length"].flatMap { Int($0) } ?? 0) else { return nil }
        answer.body = body
        return answer
    }

    /// Asks, and gives the answer.
    func ask(_ text: String) -> RawAnswer? { send(text) ? answer() : answer() }
}

struct RawAnswer {
    let status: Int
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(status: Int) { self.status = status }

    subscript(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Waits until something holds; false where it does not in time.
func eventually(within seconds: Double = 5, _ condition: () -> Bool) -> Bool {
    let end = now() + seconds
    while !condition() {
        if now() > end { return false }
        usleep(1000)
    }
    return true
}

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension RawClient {
    /// Whether something has come, or all is over, after so many seconds at the latest.
    func isOver(after seconds: Double) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, Int32(seconds * 1000)) != 0
    }
}

extension RawClient {
    /// The address that other computers know this one by; nil where it has none.
    static var outerAddress: String? {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return nil }
        defer { freeifaddrs(first) }
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let place = entry.ifa_addr, place.pointee.sa_family == UInt16(AF_INET) else { continue }
            var name = [CChar](repeating: 0, count: 64)
            getnameinfo(place, socklen_t(MemoryLayout<sockaddr_in>.size), &name, 64, nil, 0, NI_NUMERICHOST)
            let text = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
            if !text.hasPrefix("127.") { return text }
        }
        return nil
    }
}

/// A thread that can be waited for.
final class Thread: Sendable {
    private let thread: pthread_t

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    init(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                // Always given below, and retained for this thread alone.
                Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(Work(body)).toOpaque())
        self.thread = thread
    }

    /// Waits until it is done; once.
    func join() { pthread_join(thread, nil) }
}
