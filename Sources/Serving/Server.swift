import Glibc
import Synchronization

/// Answers a request, on a thread that it may keep as long as it needs.
///
/// It may read ``Request/body`` first. What it throws is the answer too.
public typealias Handler = @Sendable (Request) throws(Problem) -> Response

/// A server, from when it is made until it is stopped.
public final class Server: Sendable {
    /// The port that it listens at.
    public let port: UInt16
    private let core: Core
    private let warden: Warden
    private let isStopped = Mutex(false)

    /// Makes a server that listens from now on.
    public init(_ settings: ServerSettings = ServerSettings(), handler: @escaping Handler) throws(ServingError) {
        let library = try Microhttpd.loaded()
        let (socket, port) = try Address.listen(settings.address, port: settings.port)
        core = Core(settings, library: library, handler: handler)
        self.port = port
        do throws(ServingError) {
            try core.start()
        } catch {
            close(socket)
            throw error
        }
        do throws(ServingError) {
            warden = try Warden(core, socket: socket)
        } catch {
            core.stop()
            throw error
        }
    }

    deinit { stop(within: 0) }

    /// How many connections are open.
    public var connections: Int { core.count }

    /// Stops: nothing new is taken, and streams of events end. What is under way has so many seconds to come to its end, and is
    /// cut off then.
    ///
    /// A handler that still works afterwards finds its body at an end, and nobody gets its answer. May be called from any
    /// thread but a handler's, and more than once: whoever comes second waits for the first.
    public func stop(within seconds: Double) {
        isStopped.withLock { isStopped in
            if isStopped { return }
            isStopped = true
            let end = Machine.now + seconds
            warden.stopListening()
            core.drain()
            core.awaitEmptiness(until: end)
            core.stop()
            warden.end()
            core.workers.end(by: max(end, Machine.now + 1))
            core.uploads.end(by: max(end, Machine.now + 1))
        }
    }
}
