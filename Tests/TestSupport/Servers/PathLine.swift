import Files
import Glibc
import Synchronization

/// One connection through a path, and the two sockets that it has.
final class PathLine: Sendable {
    private let client: Int32
    private let port: UInt16
    private let fault: BrokenPath.Fault?
    private let epoch: Int
    private let core: PathCore
    private let server = Atomic<Int32>(-1)
    private let isOver = Atomic(false)

    init(_ client: Int32, to port: UInt16, _ fault: BrokenPath.Fault?, _ epoch: Int, _ core: PathCore) {
        (self.client, self.port, self.fault, self.epoch, self.core) = (client, port, fault, epoch, core)
        LoopbackSocket.hasten(client)
    }

    private var hasToEnd: Bool {
        isOver.load(ordering: .acquiring) || core.state.withLock { $0.isStopped || $0.epoch != epoch }
    }

    /// Hands on what comes, both ways, until both have ended or the fault is met.
    func run() {
        defer { finish() }
        if fault == .silence {
            note()
            return wait(for: [client])
        }
        let socket = LoopbackSocket.make()
        server.store(socket, ordering: .releasing)
        LoopbackSocket.hasten(socket)
        guard LoopbackSocket.withAddress(port, { connect(socket, $0, $1) }) == 0 else { return }
        let back = BackgroundWork { self.pass(.back, from: socket, to: self.client) }
        pass(.there, from: client, to: socket)
        try? back.wait()
    }

    /// Both sides see the end as soon as nothing holds the sockets.
    private func finish() {
        for socket in [client, server.load(ordering: .acquiring)] where socket >= 0 {
            if case .cut(_, _, byReset: true) = fault, isOver.load(ordering: .acquiring) {
                var option = linger(l_onoff: 1, l_linger: 0)
                setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            }
            close(socket)
        }
    }

    private func note() { core.state.withLock { $0.met += 1 } }

    /// Hands on in one direction. The end of one side is told to the other, which may still have something to say.
    private func pass(_ way: BrokenPath.Way, from source: Int32, to goal: Int32) {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var passed = 0
        while !hasToEnd {
            let room = room(way, after: passed)
            if room == 0 { return meet() }
            var watched = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, PathCore.beat) > 0 else { continue }
            let count = recv(source, &piece, min(piece.count, room), Int32(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            // What has crashed on one side has crashed for the other.
            if count < 0 { return isOver.store(true, ordering: .releasing) }
            if count == 0 {
                shutdown(goal, Int32(SHUT_WR))
                return
            }
            guard send(piece[..<count], to: goal) else { return isOver.store(true, ordering: .releasing) }
            passed += count
            core.state.withLock { $0.bytes[way, default: 0] += count }
            if case .slow(let speed) = fault { SystemClock.sleep(seconds: Double(count) / Double(speed)) }
        }
    }

    /// How many bytes may come next; 0 where the fault is met.
    private func room(_ way: BrokenPath.Way, after passed: Int) -> Int {
        switch fault {
        case .cut(way, let limit, _), .stall(way, let limit): max(0, limit - passed)
        case .slow(let speed): max(1, speed / 20)
        default: .max
        }
    }

    private func meet() {
        note()
        if case .cut = fault { return isOver.store(true, ordering: .releasing) }
        wait(for: [client, server.load(ordering: .acquiring)])
        isOver.store(true, ordering: .releasing)
    }

    /// Waits until one of them has gone.
    private func wait(for sockets: [Int32]) {
        let hungUp: Int16 = 0x2000  // POLLRDHUP
        var watched = sockets.map { pollfd(fd: $0, events: hungUp, revents: 0) }
        while !hasToEnd, poll(&watched, nfds_t(watched.count), PathCore.beat) == 0 {}
    }

    private func send(_ bytes: ArraySlice<UInt8>, to goal: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            if hasToEnd { return false }
            var watched = pollfd(fd: goal, events: Int16(POLLOUT), revents: 0)
            guard poll(&watched, 1, PathCore.beat) > 0 else { continue }
            let count = rest.withUnsafeBytes {
                Glibc.send(goal, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno != EINTR, errno != EAGAIN { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }
}
