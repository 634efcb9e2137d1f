import Files
import Glibc
import Serving
import Synchronization
import TestSupport

/// A server that does a little of everything.
///
/// - `PUT /count`: says how many bytes came, up to 1 MiB, and their sum.
/// - `PUT /refuse`: wants no body.
/// - `PUT /some`: answers after a part of the body.
/// - `GET /wait`: answers when ``Sample/go()`` is called.
/// - `GET /size/N`: answers with N bytes.
/// - anything else: says what was asked.
final class Sample: Sendable {
    let server: Server
    private let gate: Gate

    var port: UInt16 { server.port }
    var url: String { "http://127.0.0.1:\(port)" }

    init(_ settings: ServerSettings = ServerSettings()) throws {
        let gate = Gate()
        self.gate = gate
        server = try Server(settings) { (request) throws(Problem) in
            switch (request.method, request.path.first) {
            case ("PUT", "count"):
                let bytes = try request.body.collect(upTo: 1 << 20)
                return Response(text: "\(bytes.count) \(bytes.reduce(0) { $0 &+ Int($1) })")
            case ("PUT", "refuse"): throw Problem(403, "No body is \"wanted\" here.")
            case ("PUT", "some"):
                try request.body.accept(upTo: .max)
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 10, alignment: 1)
                defer { buffer.deallocate() }
                _ = try request.body.read(into: buffer)
                return Response(text: "enough")
            case (_, "wait"):
                gate.wait()
                return Response(text: "waited")
            case (_, "size"):
                let count = request.path.last.flatMap { Int($0) } ?? 0
                return Response(200, bytes: [UInt8](repeating: 0x61, count: count), type: "text/plain")
            default: return Self.told(request)
            }
        }
    }

    private static func told(_ request: Request) -> Response {
        let query = request.query.items.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let cookies = request.cookies.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        return Response(
            text: "\(request.method) [\(request.path.joined(separator: "|"))] ?\(query) @\(request.host) "
                + "(\(cookies)) from \(request.remote) x=\(request.headers.all("X-Test").joined(separator: ";"))")
    }

    /// How many requests wait.
    var waiting: Int { gate.waiting }

    /// Lets those that wait be answered, and all that come later.
    func go() { gate.open() }

    func stop(within seconds: Double = 2) {
        go()
        server.stop(within: seconds)
    }

    deinit { stop(within: 0) }
}

/// Something to wait at.
final class Gate: @unchecked Sendable {
    // Sendable: what changes is only touched under the lock.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isOpen = false
    private var count = 0

    init() {
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
    }

    var waiting: Int {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return count
    }

    func wait() {
        pthread_mutex_lock(lock)
        count += 1
        while !isOpen { pthread_cond_wait(change, lock) }
        count -= 1
        pthread_mutex_unlock(lock)
    }

    func open() {
        pthread_mutex_lock(lock)
        isOpen = true
        pthread_cond_broadcast(change)
        pthread_mutex_unlock(lock)
    }
}

/// Asks by curl, and gives what it says.
func curl(_ arguments: String..., input: [UInt8] = []) throws -> RunResult {
    try run(
        command: "curl", arguments: ["-sS", "--noproxy", "*", "--max-time", "20"] + arguments, input: input,
        timeout: 30)
}
