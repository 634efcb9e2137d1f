import Files
import Glibc
import Synchronization

/// The way from a laptop to a server of this computer, which breaks as it is told: a relay on a port of its own.
///
/// What is to become of a connection is decided when it is made, by its number; a sound path only hands on what comes.
public final class BrokenPath: Sendable {
    /// Which way bytes go.
    public enum Way: Sendable, CaseIterable { case there, back }

    /// What becomes of a connection.
    public enum Fault: Sendable, Hashable {
        /// It ends after so many bytes in one direction: in order, or as where a computer has crashed.
        case cut(Way, after: Int, byReset: Bool)
        /// Nothing comes any more after so many bytes in one direction, and it stays open.
        case stall(Way, after: Int)
        /// It is taken, and nobody is behind it.
        case silence
        /// So many bytes a second come through.
        case slow(Int)
    }

    /// What decides about a connection by its number, from 1; nil lets it be sound.
    public typealias Plan = @Sendable (Int) -> Fault?

    /// The port that leads to the server.
    public let port: UInt16
    private let core: PathCore
    private let listener: BackgroundWork

    /// Lays a sound path to a port.
    public init(to server: UInt16) throws {
        core = try PathCore(to: server)
        port = core.port
        listener = BackgroundWork { [core] in core.run() }
    }

    deinit { stop() }

    /// Breaks connections that are made from now on. Their numbers begin with 1 again.
    public func breaks(by plan: @escaping Plan) {
        core.state.withLock {
            $0.plan = plan
            $0.number = 0
            $0.met = 0
        }
    }

    /// Breaks each connection so.
    public func breaks(each fault: Fault) { breaks { _ in fault } }

    /// From now on it is sound. What was broken stays so.
    public func mend() {
        core.refuse(false)
        breaks { _ in nil }
    }

    /// Lets nobody in any more, as if no server ran.
    public func refuse() { core.refuse(true) }

    /// Ends what is open.
    public func cutAll() { core.state.withLock { $0.epoch += 1 } }

    /// How many connections were made since the plan was made.
    public var connections: Int { core.state.withLock { $0.number } }

    /// How many of them came as far as to be cut or stalled.
    public var met: Int { core.state.withLock { $0.met } }

    /// How many bytes went through since it was laid.
    public func bytes(_ way: Way) -> Int { core.state.withLock { $0.bytes[way] ?? 0 } }

    /// Ends it and every connection.
    public func stop() {
        core.state.withLock { $0.isStopped = true }
        try? listener.wait()
    }
}

/// What the threads of a path share.
final class PathCore: Sendable {
    struct State {
        var plan: BrokenPath.Plan = { _ in nil }
        var number = 0
        var met = 0
        var bytes: [BrokenPath.Way: Int] = [:]
        /// Connections of an earlier one are to end.
        var epoch = 0
        var isRefusing = false
        var isRefusingNow = false
        var isStopped = false
    }

    let state = Mutex(State())
    let port: UInt16
    private let socket: Int32
    private let server: UInt16

    /// How often is looked whether something is to end, in milliseconds.
    static let beat: Int32 = 20

    init(to server: UInt16) throws {
        self.server = server
        // A port that was asked for by its number stays ours also while nobody listens at it.
        port = try LoopbackPort.free()
        socket = LoopbackSocket.make()
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard LoopbackSocket.withAddress(port, { [socket] in bind(socket, $0, $1) }) == 0, listen(socket, 64) == 0
        else { throw RunError(description: "cannot listen at 127.0.0.1: error \(errno)") }
    }

    deinit { close(socket) }

    /// Takes connections, until it is stopped and all of them have ended.
    func run() {
        var lines: [BackgroundWork] = []
        var isRefusing = false
        while !state.withLock({ $0.isStopped }) {
            let wish = state.withLock { $0.isRefusing }
            if wish != isRefusing {
                // Of a socket that listened nothing is left but its port.
                if wish { shutdown(socket, Int32(SHUT_RD)) } else { listen(socket, 64) }
                isRefusing = wish
                state.withLock { $0.isRefusingNow = wish }
            }
            lines.removeAll { $0.isDone }
            var watched = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard !isRefusing, poll(&watched, 1, Self.beat) > 0 else {
                if isRefusing { usleep(useconds_t(Self.beat) * 1_000) }
                continue
            }
            let client = accept(socket, nil, nil)
            guard client >= 0 else { continue }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            let (fault, epoch) = state.withLock { state in
                state.number += 1
                return (state.plan(state.number), state.epoch)
            }
            let line = PathLine(client, to: server, fault, epoch, self)
            lines.append(BackgroundWork { line.run() })
        }
        lines.removeAll()
    }

    /// Returns when it is so.
    func refuse(_ isRefusing: Bool) {
        state.withLock { $0.isRefusing = isRefusing }
        while state.withLock({ $0.isRefusingNow != isRefusing && !$0.isStopped }) { usleep(1_000) }
    }
}

/// Sockets of the loopback interface.
enum LoopbackSocket {
    static func make() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }

    /// Calls `body` with the address of a port, as the calls of the system want it.
    static func withAddress(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Lets each piece go at once.
    static func hasten(_ socket: Int32) {
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}
