import Files
import Glibc

/// Many who listen to what a served library tells, each by a connection of its own.
final class EventListeners {
    private var sockets: [Int32] = []

    /// Connects, and waits until each is answered.
    init(_ count: Int, to library: ServedLibrary) throws {
        let words = Array(
            """
            GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:\(library.port)\r\n\
            Authorization: Bearer \(library.token)\r\n\r\n
            """.utf8)
        for _ in 0..<count {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { throw BenchError("no socket for one more listener") }
            sockets.append(socket)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = library.port.bigEndian
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard status == 0, send(socket, words, words.count, 0) == words.count else {
                throw BenchError("a listener was not let in")
            }
        }
        try hear("200 OK", within: 20) {}
    }

    deinit { for socket in sockets { close(socket) } }

    /// Does something, and tells after how many seconds from its end the last was told of it.
    func told(of event: String, by work: () throws -> Void) throws -> Double {
        try hear(event, within: 20, work)
    }

    /// Waits until each has heard a word, after `work` was done; what comes while it is done counts as at once.
    @discardableResult
    private func hear(_ word: String, within limit: Double, _ work: () throws -> Void) throws -> Double {
        try work()
        let watch = Stopwatch()
        var open = Set(sockets)
        var heard: [Int32: String] = [:]
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
        defer { room.deallocate() }
        while !open.isEmpty {
            guard watch.seconds < limit else { throw BenchError("\(open.count) listeners were not told") }
            var polled = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&polled, nfds_t(polled.count), 100)
            for entry in polled where entry.revents != 0 {
                let count = recv(entry.fd, room.baseAddress, room.count, 0)
                guard count > 0 else { throw BenchError("a listener was cut off") }
                heard[entry.fd, default: ""] += String(decoding: room[..<count], as: UTF8.self)
                if heard[entry.fd]?.contains(word) == true { open.remove(entry.fd) }
            }
        }
        return watch.seconds
    }
}
