import CCurl

/// One request on its way, and its answer.
final class Transfer {
    let request: HTTPRequest
    let settings: HTTPClient.Settings
    let handle: Handle
    private let watch: Watch
    private let listener: Listener
    private let mayLeadOn: Bool
    private var head = HeadReader()
    /// How many bytes of the body have been asked of their source.
    private var sent: Int64 = 0
    private var isSourceOver = false
    /// How many bytes of a redirect's body have been dropped.
    private var dropped = 0
    /// Why it was ended from here.
    private var ending: (code: HTTPError.Code, words: String)?
    /// Where the answer leads, if it does and may.
    private(set) var next: HTTPURL?

    init(
        _ request: HTTPRequest, _ settings: HTTPClient.Settings, by handle: Handle, watch: Watch,
        listener: Listener, mayLeadOn: Bool
    ) {
        self.request = Self.completed(request)
        self.settings = settings
        self.handle = handle
        self.watch = watch
        self.listener = listener
        self.mayLeadOn = mayLeadOn
    }

    /// What has to have a body is sent with an empty one: a server may wait for its length.
    private static func completed(_ request: HTTPRequest) -> HTTPRequest {
        guard case .none = request.body, [.post, .put, .patch].contains(request.method) else { return request }
        var request = request
        request.body = .bytes([])
        return request
    }

    private var place: String { request.url.place }

    /// Sends the request and reads the answer to its end.
    func run() throws(HTTPError) -> HTTPResponse {
        if listener.isStopped() {
            throw HTTPError(.stopped, "the request to \(place) was stopped before it was sent")
        }
        if watch.isOver { throw HTTPError(.timedOut, "there is no time left to ask \(place)") }
        watch.restart()
        try handle.reset()
        let headers = try HeaderList(headerLines, of: handle.curl)
        let status = try withBody { () throws(HTTPError) in
            try configure(with: headers)
            return try drive()
        }
        handle.origin = request.url.origin
        if ending != nil || status != CURLE_OK { throw failure(status) }
        // libcurl takes a head that ends in the middle for a whole one.
        guard head.isComplete else { throw failure(CURLE_PARTIAL_FILE) }
        let target = handle.text(CURLINFO_REDIRECT_URL).flatMap { try? HTTPURL($0) }
        let response = HTTPResponse(status: head.status, headers: head.headers, url: request.url, next: target)
        guard isDropped else { return response }
        if let target, request.url.mayLead(to: target) { next = target }
        if next == nil, !listener.onHead(response) { throw unwanted() }
        return response
    }

    /// Calls `body` while the bytes of the request's body stay in their place.
    private func withBody(_ body: () throws(HTTPError) -> CURLcode) throws(HTTPError) -> CURLcode {
        guard case .bytes(let bytes) = request.body else { return try body() }
        // One more byte gives also nothing an address.
        let padded = bytes.isEmpty ? [0] : bytes
        let result = padded.withUnsafeBytes { buffer -> Result<CURLcode, HTTPError> in
            do throws(HTTPError) {
                try handle.check(
                    offbeat_curl_set_body(handle.curl.setopt, handle.easy, buffer.baseAddress), CURLOPT_POSTFIELDS)
                return .success(try body())
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    // MARK: Driving

    private func drive() throws(HTTPError) -> CURLcode {
        let curl = handle.curl
        let me = Unmanaged.passUnretained(self).toOpaque()
        try listen(as: me)
        guard curl.add(handle.multi, handle.easy) == CURLM_OK else {
            throw HTTPError(.library, "libcurl takes no request")
        }
        defer { _ = curl.remove(handle.multi, handle.easy) }
        var running: Int32 = 1
        while true {
            guard curl.perform(handle.multi, &running) == CURLM_OK else {
                throw failure(CURLE_UNRECOVERABLE_POLL)
            }
            if running == 0 || ending != nil { break }
            look()
            if ending != nil { break }
            _ = curl.poll(handle.multi, nil, 0, watch.wait, nil)
        }
        var left: Int32 = 0
        while let message = curl.infoRead(handle.multi, &left) {
            if message.pointee.msg == CURLMSG_DONE { return offbeat_curl_ending(message) }
        }
        return CURLE_ABORTED_BY_CALLBACK
    }

    /// Looks whether there is a reason to end it.
    private func look() {
        if watch.isTimeToAsk(), listener.isStopped() {
            ending = (.stopped, "the request to \(place) was stopped")
        } else if watch.isOver {
            ending = (.timedOut, "\(place) did not answer in the time that there was")
        } else if isOnItsWay, watch.isIdle(at: traffic, for: patience) {
            ending = (.timedOut, "nothing came from \(place), and nothing went there, for \(patience)")
        }
    }

    /// Whether bytes of the request have gone out. Until then the time for the connection is what counts.
    private var isOnItsWay: Bool { handle.number(CURLINFO_REQUEST_SIZE) > 0 }

    /// How long nothing may come or go now.
    private var patience: Duration {
        guard let limit = request.silenceLimit else { return settings.activityTimeout }
        switch request.body {
        case .stream(let length, _, _): return sent == length || isSourceOver ? limit : settings.activityTimeout
        case .none, .bytes: return limit
        }
    }

    private var traffic: Int64 {
        [CURLINFO_REQUEST_SIZE, CURLINFO_HEADER_SIZE, CURLINFO_SIZE_UPLOAD_T, CURLINFO_SIZE_DOWNLOAD_T]
            .reduce(0) { $0 + max(0, handle.number($1)) }
    }

    // MARK: What libcurl calls

    /// Takes one line of a head; false ends the transfer.
    func take(header line: UnsafeRawBufferPointer) -> Bool {
        let wasComplete = head.isComplete
        guard head.take(line) else {
            ending = (.tooLarge, "\(place) answers with a head of more than \(HeadReader.limit) bytes")
            return false
        }
        guard head.isComplete, !wasComplete, !isDropped else { return true }
        let response = HTTPResponse(status: head.status, headers: head.headers, url: request.url)
        if listener.onHead(response) { return true }
        _ = unwanted()
        return false
    }

    /// Takes a piece of the body; false ends the transfer.
    func take(body piece: UnsafeRawBufferPointer) -> Bool {
        if isDropped {
            dropped += piece.count
            if dropped > 1 << 20 { ending = (.tooLarge, "\(place) redirects with more than a mebibyte") }
            return ending == nil
        }
        if listener.onBody(piece) { return true }
        _ = unwanted()
        return false
    }

    /// Fills the buffer with what comes next of the request's body; nil ends the transfer.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard case .stream(let length, _, let read) = request.body else { return 0 }
        let rest = length.map { $0 - sent } ?? .max
        if rest == 0 { return 0 }
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(Int(min(Int64(buffer.count), rest))))
        guard let count = read(part), count > 0 || length == nil else {
            ending = (.stopped, "the request to \(place) was given up: its body ended too early")
            return nil
        }
        sent += Int64(count)
        isSourceOver = count == 0
        return count
    }

    /// Goes back to the beginning of the request's body.
    func rewind() -> Bool {
        guard case .stream(_, let rewind, _) = request.body else { return false }
        if sent == 0 { return true }
        sent = 0
        isSourceOver = false
        return rewind?() ?? false
    }

    /// Whether the answer is a redirect whose body nobody wants, as it may be followed.
    private var isDropped: Bool {
        mayLeadOn && [301, 302, 303, 307, 308].contains(head.status) && head.headers["Location"] != nil
    }

    private func unwanted() -> HTTPError {
        ending = ending ?? (.stopped, "the answer of \(place) was not wanted any more")
        return failure(CURLE_WRITE_ERROR)
    }

    // MARK: Failing

    private func failure(_ status: CURLcode) -> HTTPError {
        let (code, words) = ending ?? reason(status)
        let fault = code == .tls ? trustFault(status) : nil
        return HTTPError(code, words, mayHaveArrived: mayHaveArrived(status), fault: fault)
    }

    /// What has gone out is counted from the first byte of the head on, also of a head that asks a proxy for a tunnel. Where
    /// the connection was a new one and the tunnel or TLS in it failed, that is all that had gone out.
    private func mayHaveArrived(_ status: CURLcode) -> Bool {
        if !isOnItsWay { return false }
        if request.isRepeatable || head.isComplete { return true }
        return !(Self.isOfTLS(status) || handle.number(CURLINFO_HTTP_CONNECTCODE) >= 300)
    }
}
