import CCurl
import Glibc

extension Transfer {
    /// The lines of the head that libcurl does not write by itself, in its form: a name alone takes a line of its own away,
    /// and a name with a semicolon is one without a value.
    var headerLines: [String] {
        // It would have the server asked before a long body is sent, and wait for an answer that few give.
        var lines = ["Expect:"]
        if request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        for line in request.headers.lines {
            lines.append(line.value.isEmpty ? "\(line.name);" : "\(line.name): \(line.value)")
        }
        return lines
    }

    /// Sets all options anew.
    func configure(with headers: HeaderList) throws(HTTPError) {
        try handle.set(CURLOPT_URL, request.url.description)
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_PATH_AS_IS, true)
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(settings.connectTimeout / .milliseconds(1))))
        // Without it, an end in the middle of looking up a name would wait until that is done.
        try handle.set(CURLOPT_QUICK_EXIT, true)
        try handle.set(CURLOPT_NOSIGNAL, true)
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        try configureLiveness()
        try handle.set(CURLOPT_BUFFERSIZE, 1 << 16)
        try handle.set(CURLOPT_FRESH_CONNECT, !request.isRepeatable)
        if let proxy = settings.proxy.url(for: request.url) { try handle.set(CURLOPT_PROXY, proxy) }
        try configureTrust()
        if let pace = settings.slowest {
            try handle.set(CURLOPT_LOW_SPEED_LIMIT, pace.bytes)
            try handle.set(CURLOPT_LOW_SPEED_TIME, pace.seconds)
        }
        if let agent = settings.userAgent { try handle.set(CURLOPT_USERAGENT, agent) }
        if request.acceptsPacked { try handle.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        try configureBody()
        try handle.check(
            offbeat_curl_set_headers(handle.curl.setopt, handle.easy, headers.raw), CURLOPT_HTTPHEADER)
    }

    /// A host that has vanished is noticed within about a minute, however long one that works may be silent.
    private func configureLiveness() throws(HTTPError) {
        try handle.set(CURLOPT_TCP_KEEPALIVE, true)
        try handle.set(CURLOPT_TCP_KEEPIDLE, 30)
        try handle.set(CURLOPT_TCP_KEEPINTVL, 10)
        // Where something that was sent is not confirmed, nothing else asks whether it is still there. Not every kind of
        // connection has that limit.
        let limit: curl_sockopt_callback = { _, socket, _ in
            var milliseconds: UInt32 = 60_000
            let size = socklen_t(MemoryLayout.size(ofValue: milliseconds))
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, size)
            return CURL_SOCKOPT_OK
        }
        try handle.check(
            offbeat_curl_set_socket_setter(handle.curl.setopt, handle.easy, limit), CURLOPT_SOCKOPTFUNCTION)
    }

    private func configureTrust() throws(HTTPError) {
        if let file = settings.certificateFile { try handle.set(CURLOPT_CAINFO, file) }
        if let folder = settings.certificateFolder { try handle.set(CURLOPT_CAPATH, folder) }
        if !settings.checksServers {
            try handle.set(CURLOPT_SSL_VERIFYPEER, false)
            try handle.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        guard let identity = settings.identity else { return }
        try handle.set(CURLOPT_SSLCERT, identity.certificate)
        try handle.set(CURLOPT_SSLKEY, identity.key ?? identity.certificate)
        // Without a password of any kind, OpenSSL would ask for one at the terminal and wait.
        try handle.set(CURLOPT_KEYPASSWD, "")
    }

    private func configureBody() throws(HTTPError) {
        switch (request.method, request.body) {
        case (.head, _): return try handle.set(CURLOPT_NOBODY, true)
        case (.get, .none): return
        case (_, .none): break
        case (_, .bytes(let bytes)):
            try handle.set(CURLOPT_POST, true)
            try handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: Int64(bytes.count))
        case (_, .stream(let length, _, _)):
            try handle.set(CURLOPT_UPLOAD, true)
            try handle.set(CURLOPT_INFILESIZE_LARGE, size: length ?? -1)
        }
        try handle.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    /// Has libcurl call back with `me`, which is this, unretained: it calls only while this runs.
    func listen(as me: UnsafeMutableRawPointer) throws(HTTPError) {
        let (curl, easy) = (handle.curl, handle.easy)
        let header: curl_write_callback = { bytes, size, count, data in
            guard let bytes, let data else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.from(data).take(header: line) ? line.count : 0
        }
        let body: curl_write_callback = { bytes, size, count, data in
            guard let bytes, let data else { return 0 }
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return piece.isEmpty || Transfer.from(data).take(body: piece) ? piece.count : 0
        }
        let source: curl_read_callback = { bytes, size, count, data in
            guard let bytes, let data else { return Int(CURL_READFUNC_ABORT) }
            let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
            return Transfer.from(data).fill(buffer) ?? Int(CURL_READFUNC_ABORT)
        }
        let rewind: curl_seek_callback = { data, offset, origin in
            guard let data, offset == 0, origin == 0, Transfer.from(data).rewind() else {
                return CURL_SEEKFUNC_FAIL
            }
            return CURL_SEEKFUNC_OK
        }
        try handle.check(offbeat_curl_set_header_reader(curl.setopt, easy, header, me), CURLOPT_HEADERFUNCTION)
        try handle.check(offbeat_curl_set_body_reader(curl.setopt, easy, body, me), CURLOPT_WRITEFUNCTION)
        try handle.check(offbeat_curl_set_body_source(curl.setopt, easy, source, rewind, me), CURLOPT_READFUNCTION)
    }

    private static func from(_ data: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(data).takeUnretainedValue()
    }
}
