import CLinux
import Glibc
import Synchronization

/// The thread that takes connections in, notices clients that go, and ends what takes too long.
///
/// libmicrohttpd looks at no connection while its request is worked on or its events are waited for; this thread does.
final class Warden: Sendable {
    private static let wake: UInt64 = .max
    private static let listen: UInt64 = .max - 1

    private struct State {
        var isOver = false
        var socket: Int32?
        var hasEnded = false
    }

    private let core: Core
    private let watch: Int32
    private let bell: Int32
    private let state: Mutex<State>
    private let ended = Monitor()

    init(_ core: Core, socket: Int32) throws(ServingError) {
        self.core = core
        state = Mutex(State(socket: socket))
        watch = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard watch >= 0, bell >= 0, add(bell, Self.wake, EPOLLIN.rawValue),
            add(socket, Self.listen, EPOLLIN.rawValue),
            Machine.startThread({ [self] in serve() })
        else {
            for descriptor in [watch, bell, socket] where descriptor >= 0 { close(descriptor) }
            throw ServingError("the system has no descriptors or threads left for a server")
        }
    }

    private func add(_ descriptor: Int32, _ name: UInt64, _ events: UInt32) -> Bool {
        var event = epoll_event(events: events, data: epoll_data_t(u64: name))
        return epoll_ctl(watch, EPOLL_CTL_ADD, descriptor, &event) == 0
    }

    private func serve() {
        let settings = core.settings
        let shortest = min(settings.secondsForHead, settings.secondsOfIdleness, settings.secondsOfPace)
        let pause = max(0.02, min(1, shortest / 4))
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        var next = Machine.now + pause
        while !state.withLock({ $0.isOver }) {
            let left = max(0, next - Machine.now)
            let count = epoll_wait(watch, &events, Int32(events.count), Int32((left * 1000).rounded(.up)))
            for event in events.prefix(max(0, Int(count))) where meet(event) {
                next = min(next, Machine.now + Connection.secondsToRead)
            }
            if Machine.now >= next {
                next = Machine.now + pause
                for connection in core.all where connection.check(at: Machine.now) {
                    next = min(next, Machine.now + Connection.secondsToRead)
                }
            }
        }
        close(watch)
        close(bell)
        ended.locked {
            state.withLock { $0.hasEnded = true }
            ended.changed()
        }
    }

    /// Does what it asks for; true where a client has gone.
    private func meet(_ event: epoll_event) -> Bool {
        switch event.data.u64 {
        case Self.wake:
            var count: UInt64 = 0
            read(bell, &count, 8)
        case Self.listen: accept()
        case let name:
            // The descriptor may be another's by now.
            guard let connection = core.find(Int32(name & 0xFF_FFFF)), connection.number == name >> 24 else {
                break
            }
            connection.forsake(event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0)
            return true
        }
        return false
    }

    private func accept() {
        state.withLock { state in
            guard let socket = state.socket else { return }
            for _ in 0..<64 {
                var address = sockaddr_storage()
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
                        let descriptor = accept4(socket, address, &length, flags)
                        guard descriptor >= 0 else { return false }
                        take(descriptor, address, length)
                        return true
                    }
                }
                if !isTaken {
                    // Without descriptors the connection stays, and would wake this thread again at once.
                    if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS { usleep(10_000) }
                    return
                }
            }
        }
    }

    private func take(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        guard let connection = core.add(descriptor, from: address, length: length) else { return }
        // It may be closed already, and its descriptor another's: then the name says so.
        _ = add(
            descriptor, connection.number << 24 | UInt64(descriptor), EPOLLRDHUP.rawValue | EPOLLONESHOT.rawValue)
    }

    /// Takes no more connections in.
    func stopListening() {
        state.withLock { state in
            if let socket = state.socket { close(socket) }
            state.socket = nil
        }
    }

    /// Ends the thread, and waits for it.
    func end() {
        state.withLock { $0.isOver = true }
        var one: UInt64 = 1
        write(bell, &one, 8)
        ended.locked { while !state.withLock({ $0.hasEnded }) { ended.wait() } }
    }
}
