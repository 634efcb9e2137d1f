import HTTP

/// Answers that lead to another server, which HTTP leaves to whoever asked.
extension WebClient {
    /// Sends a request, and sends it again to where it is led, three times at most.
    ///
    /// Another server is only asked by TLS, and without the headers that hold secrets: those whose names are in `secrets`.
    /// What an answer says that leads on reaches neither closure.
    func follow(
        _ request: HTTPRequest, as access: Access, secrets: HTTPHeaders, isOptional: Bool = false,
        isStopped: () -> Bool, onHead: (HTTPResponse) -> Bool = { _ in true },
        onBody: (UnsafeRawBufferPointer) -> Bool
    ) throws(NetworkError) -> HTTPResponse {
        var (request, access) = (request, access)
        var hops = 0
        while true {
            var isLed = false
            let response = try send(
                request, as: access, isOptional: isOptional, isStopped: isStopped,
                onHead: { head in
                    isLed = head.isRedirect
                    return isLed || onHead(head)
                }, onBody: { isLed || onBody($0) })
            guard response.isRedirect else { return response }
            hops += 1
            guard hops <= 3 else {
                throw NetworkError(.refused, "\(request.url.place) leads from one server to the next without end")
            }
            let next = try Self.requireTrust(in: response.next, from: response.url)
            guard request.body.rewind() else {
                throw NetworkError(.refused, "\(request.url.place) leads on after a file was sent")
            }
            (request, access) = Self.led(request, as: access, to: next, secrets: secrets)
        }
    }

    /// The request as it is sent to where it is led.
    static func led(
        _ request: HTTPRequest, as access: Access, to next: HTTPURL, secrets: HTTPHeaders
    ) -> (request: HTTPRequest, access: Access) {
        var request = request
        let isForeign = !request.url.isSameServer(as: next)
        request.url = next
        guard isForeign else { return (request, access) }
        for line in secrets.lines { request.headers[line.name] = nil }
        request.headers["Authorization"] = nil
        return (request, .anonymous)
    }

    /// Follows, and collects the body.
    func collect(
        _ request: HTTPRequest, as access: Access, secrets: HTTPHeaders, upTo limit: Int, isOptional: Bool = false,
        isStopped: () -> Bool
    ) throws(NetworkError) -> (head: HTTPResponse, body: [UInt8]) {
        try Self.collecting(upTo: limit, from: request.url) { (take) throws(NetworkError) in
            try follow(
                request, as: access, secrets: secrets, isOptional: isOptional, isStopped: isStopped, onBody: take)
        }
    }

    /// Where an answer leads, if that may be followed: on the same server, or anywhere by TLS.
    static func requireTrust(in next: HTTPURL?, from url: HTTPURL) throws(NetworkError) -> HTTPURL {
        guard let next else {
            throw NetworkError(.refused, "\(url.place) leads to what is no web address")
        }
        guard next.isSecure || next.origin == url.origin else {
            throw NetworkError(
                .refused, "\(url.place) leads to \(next.place) without TLS, which is not followed",
                hint: "ask whoever runs \(url.place)")
        }
        return next
    }
}

extension HTTPURL {
    /// Whether who is asked there is who is asked here: also by TLS where it was without.
    func isSameServer(as other: HTTPURL) -> Bool {
        if origin == other.origin { return true }
        return host == other.host && !isSecure && other.isSecure && port == 80 && other.port == 443
    }
}

extension HTTPResponse {
    /// Whether the answer leads to another place.
    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) && headers["Location"] != nil }
}
