import Glibc
import Synchronization

/// A server of HTTP/1.1 on this computer that does what a test tells it, and misbehaves on demand.
///
/// It listens on a port of its own at 127.0.0.1, takes each connection by a thread of its own, records every request, and
/// asks a closure what to do with it. It ends with ``stop()``, or when nobody holds it any more.
public final class LoopbackServer: Sendable {
    /// A request as it came.
    public struct Request: Sendable {
        /// The number of the connection it came by, from 1.
        public let connection: Int
        /// Such as `GET`.
        public let method: String
        /// The path with its query, or the whole URL where a proxy is asked.
        public let target: String
        /// The header lines in their order.
        public let headers: [(name: String, value: String)]
        /// The first mebibyte of the body.
        public let body: [UInt8]
        /// How many bytes of the body came.
        public let bodyLength: Int

        /// The value of the first header of that name, written in whatever case.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// One thing to do on a connection.
    public enum Step: Sendable {
        /// Sends bytes as they are.
        case send([UInt8])
        /// Sends the same bytes again and again.
        case sendRepeatedly([UInt8], times: Int)
        /// Sends bytes one by one, so many seconds apart.
        case trickle([UInt8], every: Double)
        /// Does nothing for so many seconds.
        case pause(Double)
        /// Passes on what comes to that port of this computer, and back, until one of both ends.
        case tunnel(port: UInt16)
        /// Asks the server at that port of this computer the same, hands on its answer, and ends the connection.
        case pass(port: UInt16)
        /// Does nothing until the other side goes away.
        case hang
        /// Ends the connection.
        case close
        /// Ends it as a crash does: what the other side has not read yet is lost.
        case reset
    }

    private let core: LoopbackCore
    /// The port it listens on.
    public var port: UInt16 { core.port }
    /// Where it is asked, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }
    /// What came so far.
    public var requests: [Request] { core.state.withLock { $0.requests } }
    /// How many connections were made so far.
    public var connections: Int { core.state.withLock { $0.connections } }

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - bodyLimit: how much of a body is read before the request is answered; the rest never is.
    ///   - greeting: what is done with the connection of that number, from 1, before anything is read; then goes on.
    ///   - answer: what is done about a request. A connection stays open afterwards unless a step ends it.
    public init(
        readingBodiesUpTo bodyLimit: Int = .max, greeting: @escaping @Sendable (Int) -> [Step] = { _ in [] },
        answer: @escaping @Sendable (Request) -> [Step]
    ) throws {
        core = try LoopbackCore(bodyLimit: bodyLimit, greeting: greeting, answer: answer)
        let core = core
        core.start { core.accept() }
    }

    deinit { stop() }

    /// Ends it and every connection.
    public func stop() { core.stop() }
}

/// What the threads of a server share; it does not hold the server, so that this can end.
final class LoopbackCore: Sendable {
    struct State {
        var requests: [LoopbackServer.Request] = []
        var connections = 0
        var open: Set<Int32> = []
        var threads = 0
        var isStopped = false
    }

    let state = Mutex(State())
    let port: UInt16
    let bodyLimit: Int
    let greeting: @Sendable (Int) -> [LoopbackServer.Step]
    let answer: @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step]
    private let listener: Int32

    init(
        bodyLimit: Int, greeting: @escaping @Sendable (Int) -> [LoopbackServer.Step],
        answer: @escaping @Sendable (LoopbackServer.Request) -> [LoopbackServer.Step]
    ) throws {
        (self.bodyLimit, self.greeting, self.answer) = (bodyLimit, greeting, answer)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            guard let raw = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            return bind(descriptor, raw, length) == 0 && listen(descriptor, 64) == 0
                && getsockname(descriptor, raw, &length) == 0
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else { throw RunError(description: "cannot listen at 127.0.0.1: error \(errno)") }
    }

    deinit { close(listener) }

    /// Runs `body` by a thread of its own.
    func start(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.threads += 1 }
        let work = Unmanaged.passRetained(LoopbackWork(body: body, core: self))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { data in
                guard let data else { return nil }
                let work = Unmanaged<LoopbackWork>.fromOpaque(data).takeRetainedValue()
                work.body()
                work.core.state.withLock { $0.threads -= 1 }
                return nil
            }, work.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            work.release()
            state.withLock { $0.threads -= 1 }
        }
    }

    func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let number = state.withLock { state -> Int? in
                guard !state.isStopped else { return nil }
                state.connections += 1
                state.open.insert(descriptor)
                return state.connections
            }
            guard let number else {
                close(descriptor)
                return
            }
            start { [self] in
                LoopbackConnection(descriptor, number: number, of: self).serve()
                // Closed under the lock, so that nobody shuts down the next one with that number.
                state.withLock {
                    $0.open.remove(descriptor)
                    close(descriptor)
                }
            }
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for _ in 0..<1_000 where state.withLock({ $0.threads > 0 }) { usleep(2_000) }
    }
}

private final class LoopbackWork: Sendable {
    let body: @Sendable () -> Void
    let core: LoopbackCore

    init(body: @escaping @Sendable () -> Void, core: LoopbackCore) {
        (self.body, self.core) = (body, core)
    }
}
