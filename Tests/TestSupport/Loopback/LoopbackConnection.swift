import Glibc
import Synchronization

/// One connection to a server, served by the thread that calls.
final class LoopbackConnection {
    private let descriptor: Int32
    private let number: Int
    private let core: LoopbackCore
    private var buffer: [UInt8] = []
    private var isReset = false

    init(_ descriptor: Int32, number: Int, of core: LoopbackCore) {
        (self.descriptor, self.number, self.core) = (descriptor, number, core)
    }

    func serve() {
        // A program started meanwhile may have the descriptor too, and closing ours would end nothing.
        defer { if !isReset { shutdown(descriptor, Int32(SHUT_RDWR)) } }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        guard core.greeting(number).allSatisfy({ perform($0) }) else { return }
        while let request = read() {
            core.state.withLock { $0.requests.append(request.request) }
            let steps = core.answer(request.request)
            guard steps.allSatisfy({ perform($0, about: request.request) }), request.isComplete else { return }
        }
    }

    // MARK: Reading

    private func read() -> (request: LoopbackServer.Request, isComplete: Bool)? {
        guard let lines = readHead(), let first = lines.first?.split(separator: " "), first.count >= 2 else {
            return nil
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
        var body = Body(limit: core.bodyLimit)
        if header("transfer-encoding") == "chunked" {
            while let line = readLine(), let size = Int(line, radix: 16) {
                if size > 0 { guard take(size, into: &body) else { return nil } }
                _ = readLine()
                if size == 0 || body.isFull { break }
            }
        } else if let length = header("content-length").flatMap({ Int($0) }) {
            guard take(length, into: &body) else { return nil }
        }
        let request = LoopbackServer.Request(
            connection: number, method: String(first[0]), target: String(first[1]), headers: headers,
            body: body.kept, bodyLength: body.count)
        return (request, !body.isFull)
    }

    private struct Body {
        let limit: Int
        var kept: [UInt8] = []
        var count = 0
        var isFull = false
    }

    /// Reads so many bytes of a body, or what may be read of it; false where the other side ended first.
    private func take(_ length: Int, into body: inout Body) -> Bool {
        var rest = length
        while rest > 0 {
            if body.count >= body.limit {
                body.isFull = true
                return true
            }
            if buffer.isEmpty, !receive() { return false }
            let piece = buffer.prefix(min(rest, body.limit - body.count))
            body.kept += piece.prefix(max(0, 1 << 20 - body.kept.count))
            body.count += piece.count
            rest -= piece.count
            buffer.removeFirst(piece.count)
        }
        return true
    }

    private func readHead() -> [String]? {
        var lines: [String] = []
        while let line = readLine() {
            if line.isEmpty { return lines }
            lines.append(line)
        }
        return nil
    }

    private func readLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    private func receive() -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var count = recv(descriptor, &piece, piece.count, 0)
        while count < 0, errno == EINTR { count = recv(descriptor, &piece, piece.count, 0) }
        if count <= 0 { return false }
        buffer += piece[..<count]
        return true
    }

    // MARK: Doing

    /// Does one thing; false where the connection is over.
    private func perform(_ step: LoopbackServer.Step, about request: LoopbackServer.Request? = nil) -> Bool {
        switch step {
        case .send(let bytes): return send(bytes)
        case .sendRepeatedly(let bytes, let times): return (0..<times).allSatisfy { _ in send(bytes) }
        case .trickle(let bytes, let gap):
            return bytes.allSatisfy { byte in send([byte]) && wait(gap) }
        case .pause(let seconds): return wait(seconds)
        case .hang:
            while wait(1) {}
            return false
        case .tunnel(let port):
            tunnel(to: port)
            return false
        case .pass(let port):
            if let request { pass(request, to: port) }
            return false
        case .close: return false
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            isReset = true
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        }
    }

    private func send(_ bytes: [UInt8], to other: Int32? = nil) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(other ?? descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    private func tunnel(to port: UInt16) {
        let other = LoopbackSocket.make()
        defer { close(other) }
        guard LoopbackSocket.withAddress(port, { connect(other, $0, $1) }) == 0 else { return }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var watched = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&watched, 2, -1) >= 0 else { return }
            for (from, to) in [(0, other), (1, descriptor)] where watched[from].revents != 0 {
                let count = recv(watched[from].fd, &piece, piece.count, 0)
                guard count > 0, send(Array(piece[..<count]), to: to) else { return }
            }
        }
    }

    /// Asks another server the same, for this one time.
    private func pass(_ request: LoopbackServer.Request, to port: UInt16) {
        let other = LoopbackSocket.make()
        defer { close(other) }
        guard LoopbackSocket.withAddress(port, { connect(other, $0, $1) }) == 0 else { return }
        let own = ["connection", "content-length", "transfer-encoding", "expect"]
        let lines = request.headers.filter { !own.contains($0.name.lowercased()) }.map {
            "\($0.name): \($0.value)\r\n"
        }
        let head =
            "\(request.method) \(request.target) HTTP/1.1\r\n\(lines.joined())Connection: close\r\n"
            + (request.method == "GET" ? "" : "Content-Length: \(request.body.count)\r\n") + "\r\n"
        guard send([UInt8](head.utf8) + request.body, to: other) else { return }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(other, &piece, piece.count, 0)
            guard count > 0, send(Array(piece[..<count])) else { return }
        }
    }

    /// Waits; false as soon as the other side, or the server, has ended the connection.
    private func wait(_ seconds: Double) -> Bool {
        let hungUp: Int16 = 0x2000  // POLLRDHUP
        var watched = pollfd(fd: descriptor, events: hungUp, revents: 0)
        return poll(&watched, 1, Int32(seconds * 1_000)) == 0
    }
}
