import Glibc

/// Addresses in numbers.
enum Address {
    static func text(_ address: UnsafePointer<sockaddr>, length: socklen_t) -> String {
        var name = [CChar](repeating: 0, count: 64)
        let status = getnameinfo(address, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        let text = status == 0 ? name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) } : ""
        return text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
    }

    /// Whether it is this computer.
    static func isOwn(_ text: String) -> Bool { text.hasPrefix("127.") || text == "::1" }

    /// Opens a socket that listens there, and says at which port.
    static func listen(_ text: String, port: UInt16) throws(ServingError) -> (socket: Int32, port: UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(text, String(port), &hints, &found) == 0, let place = found?.pointee else {
            throw ServingError("\(text) is no address in numbers, as 127.0.0.1 or ::1 are")
        }
        defer { freeaddrinfo(found) }
        func failure(_ code: Int32) -> ServingError {
            let where_ = text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
            let hint = code == EADDRINUSE ? ": another program listens there, choose another port" : ""
            return ServingError("cannot listen at \(where_): \(String(cString: strerror(code)))\(hint)")
        }
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = Glibc.socket(place.ai_family, flags, 0)
        guard socket >= 0 else { throw failure(errno) }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var own = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &own) { own in
            own.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, place.ai_addr, place.ai_addrlen) == 0 && Glibc.listen(socket, 1024) == 0
                    ? getsockname(socket, $0, &length) : -1
            }
        }
        guard status == 0 else {
            let code = errno
            close(socket)
            throw failure(code)
        }
        let number = withUnsafePointer(to: &own) { own in
            own.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin6_port) }
        }
        return (socket, number)
    }
}
