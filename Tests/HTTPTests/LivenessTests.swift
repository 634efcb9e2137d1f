import Glibc
import HTTP
import TestSupport
import Testing

/// That the system itself looks whether the other side is still there: no test can take a host away from loopback.
@Suite struct LivenessTests {
    @Test func aHostThatHasVanishedIsNoticedWithinAMinute() throws {
        let server = try LoopbackServer { _ in .reply() }
        var sockets: [Int32] = []
        var options: [[Int32]] = []
        try client().send(
            HTTPRequest(.get, try server.at()),
            onHead: { _ in
                sockets = Self.sockets(to: server.port)
                options = sockets.map { socket in
                    let isOn = Self.option(SO_KEEPALIVE, at: SOL_SOCKET, of: socket)
                    let times = [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_USER_TIMEOUT].map {
                        Self.option($0, at: Int32(IPPROTO_TCP), of: socket)
                    }
                    return [isOn] + times
                }
                return true
            }, onBody: { _ in true })
        #expect(options == [[1, 30, 10, 60_000]])
    }

    /// The descriptors of this process that are connected to a port of this computer.
    private static func sockets(to port: UInt16) -> [Int32] {
        (0..<1_024).filter { descriptor in
            var address = sockaddr_in()
            var size = socklen_t(MemoryLayout.size(ofValue: address))
            let status = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
            }
            return status == 0 && address.sin_family == AF_INET && address.sin_port == port.bigEndian
        }
    }

    private static func option(_ name: Int32, at level: Int32, of socket: Int32) -> Int32 {
        var value: Int32 = -1
        var size = socklen_t(MemoryLayout.size(ofValue: value))
        return getsockopt(socket, level, name, &value, &size) == 0 ? value : -1
    }
}
