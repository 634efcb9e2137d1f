import CMicrohttpd
import Glibc
import Synchronization

/// What all threads of a server share.
///
/// Unchecked: libmicrohttpd's daemon is set once before any other thread knows of it, and its functions that are called
/// here are made for use by several threads.
final class Core: @unchecked Sendable {
    let library: Microhttpd
    let settings: ServerSettings
    let handler: Handler
    let workers: Workers
    let uploads: Workers

    private struct State {
        var connections: [Int32: Connection] = [:]
        var perAddress: [String: Int] = [:]
        var last: UInt64 = 0
    }

    private let state = Mutex(State())
    /// Is told when a connection goes.
    private let departures = Monitor()
    private let draining = Atomic(false)
    private let closing = Atomic(false)
    private(set) var daemon: OpaquePointer?

    /// Whether no new requests are taken.
    var isDraining: Bool { draining.load(ordering: .acquiring) }
    /// Whether everything that is under way ends.
    var isClosing: Bool { closing.load(ordering: .acquiring) }

    init(_ settings: ServerSettings, library: Microhttpd, handler: @escaping Handler) {
        (self.settings, self.library, self.handler) = (settings, library, handler)
        workers = Workers(settings.workers, waiting: settings.waiting)
        uploads = Workers(settings.uploads, waiting: settings.waiting)
    }

    /// How many connections above the limit are taken in to be told so; any more are closed.
    var surplus: Int { min(64, settings.connections) }

    /// Begins to serve. The core has to outlive ``stop()``.
    func start() throws(ServingError) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        var calls = offbeat_mhd_calls(
            context: me,
            handle: { context, connection, _, method, version, bytes, count, _ in
                guard let context, let connection, let method, let version, let count else { return .NO }
                // The core outlives the daemon.
                let core = Unmanaged<Core>.fromOpaque(context).takeUnretainedValue()
                let body = bytes.map { UnsafeRawBufferPointer(start: $0, count: count.pointee) }
                guard let taken = core.handle(connection, method, version, body) else { return .NO }
                count.pointee -= taken
                return .YES
            },
            target: { context, target, connection in
                let core = Unmanaged<Core>.fromOpaque(context!).takeUnretainedValue()
                core.connection(connection!)?.begins(target, deadline: Machine.now + core.settings.secondsForHead)
                return nil
            },
            completed: { context, connection, _, _ in
                let core = Unmanaged<Core>.fromOpaque(context!).takeUnretainedValue()
                guard let mine = core.connection(connection!) else { return }
                mine.finish(next: Machine.now + core.settings.secondsOfIdleness)?.complete()
                if core.isDraining { mine.endIdle() }
            },
            connection: { context, connection, place, event in
                let core = Unmanaged<Core>.fromOpaque(context!).takeUnretainedValue()
                if event == .CONNECTION_NOTIFY_STARTED {
                    let descriptor = offbeat_mhd_descriptor(core.library.connectionInfo, connection!)
                    place!.pointee = core.find(descriptor).map { Unmanaged.passRetained($0).toOpaque() }
                } else if let mine = place!.pointee {
                    place!.pointee = nil
                    core.remove(Unmanaged<Connection>.fromOpaque(mine).takeRetainedValue())
                }
            })
        // Heads that are somewhat too long are read, so that what refuses them says so as everything else is said.
        let memory = 4 * settings.headBytes + 128 * settings.headerCount + (8 << 10)
        var daemon: OpaquePointer?
        Machine.withoutSignals {
            daemon = offbeat_mhd_start(
                library.start, &calls, library.isStrict ? 1 : 0, UInt32(settings.connections + surplus + 8), memory,
                UInt32(max(1, settings.secondsOfIdleness.rounded(.up))))
        }
        guard let daemon else { throw ServingError("libmicrohttpd cannot start a server") }
        self.daemon = daemon
    }

    // MARK: libmicrohttpd's thread

    private func connection(_ raw: OpaquePointer) -> Connection? {
        offbeat_mhd_context(library.connectionInfo, raw).map {
            Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Goes on with a request; answers how much of the bytes is taken, or nil where the connection has to be closed.
    private func handle(
        _ raw: OpaquePointer, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>,
        _ bytes: UnsafeRawBufferPointer?
    ) -> Int? {
        guard let connection = connection(raw) else { return nil }
        if let exchange = connection.exchange { return exchange.step(bytes) }
        guard let target = connection.target else { return nil }
        let head = Head(raw, method: method, version: version, target: target, library: library)
        let exchange: Exchange
        do throws(Problem) {
            if isDraining { throw .stopping }
            if connection.isSurplus { throw .busy.ending }
            let (method, target, headers) = try head.read(settings)
            let host = try headers.host(target, isOldVersion: head.isOldVersion)
            exchange = Exchange(
                raw, on: connection, of: self, framing: try headers.framing(isOldVersion: head.isOldVersion),
                expectsContinue: try headers.expectsContinue(isOldVersion: head.isOldVersion))
            exchange.begin(
                .success(
                    Request(
                        method: method, path: target.path, query: target.query, headers: headers, host: host,
                        remote: connection.remote, body: RequestBody(exchange: exchange))))
        } catch {
            // How its body ends is not asked any more: the connection ends with the answer.
            exchange = Exchange(raw, on: connection, of: self, framing: .chunked, expectsContinue: false)
            exchange.begin(.failure(error))
        }
        guard connection.take(exchange) else {
            exchange.complete()
            return nil
        }
        return exchange.step(bytes)
    }

    // MARK: Connections

    /// Takes a connection in.
    func add(_ descriptor: Int32, from address: UnsafePointer<sockaddr>, length: socklen_t) -> Connection? {
        let remote = Address.text(address, length: length)
        let limit = Address.isOwn(remote) ? settings.connections : settings.connectionsPerAddress
        let connection = state.withLock { state -> Connection? in
            let mine = state.perAddress[remote, default: 0]
            guard state.connections.count < settings.connections + surplus, mine < limit + surplus else {
                return nil
            }
            state.last += 1
            let connection = Connection(
                descriptor, number: state.last, remote: remote,
                isSurplus: mine >= limit || state.connections.count >= settings.connections,
                deadline: Machine.now + settings.secondsForHead)
            // libmicrohttpd closes one that it has no memory for without a word.
            if let stale = state.connections.updateValue(connection, forKey: descriptor) {
                Self.forget(stale, &state)
            }
            state.perAddress[remote, default: 0] += 1
            return connection
        }
        guard let connection else {
            close(descriptor)
            return nil
        }
        // It closes the descriptor where it cannot take it.
        guard library.add(daemon, descriptor, address, length) == .YES else {
            remove(connection)
            return nil
        }
        return connection
    }

    private static func forget(_ connection: Connection, _ state: inout State) {
        let left = (state.perAddress[connection.remote] ?? 1) - 1
        state.perAddress[connection.remote] = left > 0 ? left : nil
    }

    private func remove(_ connection: Connection) {
        connection.close()
        state.withLock { state in
            guard state.connections[connection.descriptor] === connection else { return }
            state.connections[connection.descriptor] = nil
            Self.forget(connection, &state)
        }
        departures.locked { departures.changed() }
    }

    func find(_ descriptor: Int32) -> Connection? { state.withLock { $0.connections[descriptor] } }

    var all: [Connection] { state.withLock { Array($0.connections.values) } }

    var count: Int { state.withLock { $0.connections.count } }

    // MARK: The end

    /// Takes no more requests, and ends what only waits.
    func drain() {
        draining.store(true, ordering: .releasing)
        for connection in all {
            connection.endIdle()
            connection.endEvents()
        }
    }

    /// Waits until no connection is left, or that moment has come.
    func awaitEmptiness(until moment: Double) {
        departures.locked { while count > 0, departures.wait(until: moment) {} }
    }

    /// Ends everything, and libmicrohttpd's thread.
    func stop() {
        closing.store(true, ordering: .releasing)
        for connection in all { connection.abandon() }
        if let daemon { library.stop(daemon) }
    }
}
