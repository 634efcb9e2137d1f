import CCurl

/// What one request at a time is sent by, with the connections that it has open.
///
/// It is used again for later requests, and so are its connections: libcurl's own way to share them between handles is
/// not safe between threads.
///
/// Unchecked: it belongs to one thread at a time, as ``Pool`` hands it out.
final class Handle: @unchecked Sendable {
    let curl: Curl
    let easy: UnsafeMutableRawPointer
    let multi: UnsafeMutableRawPointer
    /// Where it was last connected to; another request for it finds the connection open.
    var origin: String?
    private let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(of curl: Curl) throws(HTTPError) {
        guard let easy = curl.easyInit() else { throw HTTPError(.library, "libcurl cannot be used: no memory") }
        guard let multi = curl.multiInit() else {
            curl.easyCleanup(easy)
            throw HTTPError(.library, "libcurl cannot be used: no memory")
        }
        (self.curl, self.easy, self.multi) = (curl, easy, multi)
        buffer.pointee = 0
    }

    deinit {
        curl.easyCleanup(easy)
        _ = curl.multiCleanup(multi)
        buffer.deallocate()
    }

    /// Forgets all options, and keeps the connections.
    func reset() throws(HTTPError) {
        curl.easyReset(easy)
        buffer.pointee = 0
        try check(offbeat_curl_set_words(curl.setopt, easy, buffer), CURLOPT_ERRORBUFFER)
    }

    /// What libcurl says about how the last transfer failed, beyond its code.
    var words: String? { buffer.pointee == 0 ? nil : String(cString: buffer) }

    // MARK: Options

    func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try check(offbeat_curl_set_number(curl.setopt, easy, option, value), option)
    }

    func set(_ option: CURLoption, _ value: Bool) throws(HTTPError) { try set(option, value ? 1 : 0) }

    func set(_ option: CURLoption, size value: Int64) throws(HTTPError) {
        try check(offbeat_curl_set_size(curl.setopt, easy, option, value), option)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try check(offbeat_curl_set_text(curl.setopt, easy, option, value), option)
    }

    /// Turns what an option's call answered into an error: each option in use is one that the library must know.
    func check(_ status: CURLcode, _ option: CURLoption) throws(HTTPError) {
        guard status != CURLE_OK else { return }
        throw HTTPError(
            .library,
            "this libcurl refuses option \(option.rawValue) (\(curl.words(status))): install a newer package libcurl4"
        )
    }

    // MARK: Facts about the transfer

    func number(_ info: CURLINFO) -> Int64 { offbeat_curl_number(curl.getinfo, easy, info) }

    func text(_ info: CURLINFO) -> String? {
        offbeat_curl_text(curl.getinfo, easy, info).map { String(cString: $0) }
    }
}

/// A list of header lines in libcurl's form.
final class HeaderList {
    private let curl: Curl
    private(set) var raw: UnsafeMutablePointer<curl_slist>?

    init(_ lines: [String], of curl: Curl) throws(HTTPError) {
        self.curl = curl
        for line in lines {
            guard let longer = curl.append(raw, line) else {
                throw HTTPError(.library, "there is not enough memory")
            }
            raw = longer
        }
    }

    deinit { curl.freeList(raw) }
}
