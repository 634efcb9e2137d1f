import Glibc

/// Ports of the loopback interface.
public enum LoopbackPort {
    /// A port that nobody listened at a moment ago.
    public static func free() throws -> UInt16 {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    /// A socket, which the caller closes, at whose port connections are taken by the system, and by nobody else.
    public static func listen() throws -> (socket: Int32, port: UInt16) { try hold(listening: true) }

    /// A socket, which the caller closes, whose port nobody gets meanwhile and whoever connects to it is refused.
    public static func refuse() throws -> (socket: Int32, port: UInt16) { try hold(listening: false) }

    private static func hold(listening: Bool) throws -> (socket: Int32, port: UInt16) {
        let socket = newSocket()
        var address = place(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && (!listening || Glibc.listen(socket, 8) == 0)
                    ? getsockname(socket, $0, &length) : -1
            }
        }
        guard status == 0 else { throw RunError(description: "there is no free port") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    /// Whether somebody listens there.
    public static func answers(_ port: UInt16) -> Bool {
        let socket = newSocket()
        defer { close(socket) }
        var address = place(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func newSocket() -> Int32 {
        socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    private static func place(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
