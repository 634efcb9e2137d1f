import Glibc
import Serving
import Synchronization

final class Listeners: Sendable {
    private let streams = Mutex<[EventStream]>([])

    func add(_ stream: EventStream) { streams.withLock { $0.append(stream) } }

    func tell(_ bytes: [UInt8]) -> Int {
        streams.withLock { streams in
            for stream in streams { stream.send(bytes) }
            streams.removeAll { !$0.isOpen }
            return streams.count
        }
    }
}

final class Kept: Sendable {
    private let descriptor = Mutex<Int32>(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0o600))

    func replace(_ new: Int32) {
        descriptor.withLock { old in
            close(old)
            old = new
        }
    }

    var file: ServedFile {
        descriptor.withLock { descriptor in
            var facts = stat()
            fstat(descriptor, &facts)
            return ServedFile(descriptor: dup(descriptor), length: Int64(facts.st_size))
        }
    }
}

private let listeners = Listeners()
private let kept = Kept()
/// A macro that Swift's module leaves out: a file that no folder names.
private let O_TMPFILE: Int32 = 0o20200000

private func pass(_ body: RequestBody, to file: Int32?) throws(Problem) -> Int {
    try body.accept(upTo: .max)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4096)
    defer { buffer.deallocate() }
    var total = 0
    while case let count = try body.read(into: buffer), count > 0 {
        if let file, write(file, buffer.baseAddress, count) != count { throw Problem(507, "The disk is full.") }
        total += count
    }
    return total
}

/// A server for tests and measurements: served [PORT], which says where it listens. SIGTERM stops it.
///
/// ```
/// GET /bytes/N   N bytes            PUT /sink   takes any body and forgets it
/// GET /file      the file last put  PUT /file   keeps the body in a file without a name
/// GET /events    what is told       PUT /told   tells it to all
/// GET /slow      takes a second
/// ```
@main
enum Served {
    static func main() { exit(serve()) }

    static func serve() -> Int32 {
        signal(SIGPIPE, SIG_IGN)
        var wanted = sigset_t()
        sigemptyset(&wanted)
        sigaddset(&wanted, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &wanted, nil)
        var settings = ServerSettings()
        settings.port = CommandLine.arguments.dropFirst().first.flatMap { UInt16($0) } ?? 0
        settings.connections = 20_000
        settings.waiting = 20_000
        do throws(ServingError) {
            let server = try Server(settings) { (request) throws(Problem) in
                switch (request.method, request.path.first) {
                case ("GET", "bytes"), ("HEAD", "bytes"):
                    let count = request.path.last.flatMap { Int($0) } ?? 0
                    return Response(200, bytes: [UInt8](repeating: 0x61, count: count), type: "text/plain")
                case ("GET", "file"):
                    return Response(file: kept.file, type: "application/octet-stream", to: request)
                case ("GET", "events"):
                    let stream = EventStream()
                    listeners.add(stream)
                    stream.send(data: "welcome")
                    return Response(events: stream)
                case ("PUT", "told"):
                    return Response(text: "\(listeners.tell(try request.body.collect(upTo: 1 << 16)))")
                case ("PUT", "sink"): return Response(text: "\(try pass(request.body, to: nil))")
                case ("PUT", "file"):
                    let file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0o600)
                    let count: Int
                    do throws(Problem) { count = try pass(request.body, to: file) } catch {
                        close(file)
                        throw error
                    }
                    kept.replace(file)
                    return Response(text: "\(count)")
                case (_, "slow"):
                    sleep(1)
                    return Response(text: "slow")
                default: throw Problem(404, "There is nothing.")
                }
            }
            let line = Array("\(server.port)\n".utf8)
            write(1, line, line.count)
            var signal: Int32 = 0
            sigwait(&wanted, &signal)
            server.stop(within: 5)
            return 0
        } catch {
            let line = Array("\(error)\n".utf8)
            write(2, line, line.count)
            return 1
        }
    }
}
