/// What is asked of a server.
public struct HTTPRequest {
    /// What is to be done with what the URL names.
    public enum Method: String, Sendable, Hashable {
        /// Hand it out.
        case get = "GET"
        /// Hand out what is known about it.
        case head = "HEAD"
        /// Do with the body what the server does with such.
        case post = "POST"
        /// Take the body in its place.
        case put = "PUT"
        /// Change it as the body says.
        case patch = "PATCH"
        /// Take it away.
        case delete = "DELETE"
    }

    /// What is sent along.
    public enum Body {
        /// Nothing.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// What `read` puts into the buffer it is given: it answers how many bytes, 0 at the end, nil to give the request
        /// up. Without a length it goes in chunks.
        ///
        /// `rewind` goes back to the first byte, and answers whether it could: a connection that was kept open may turn
        /// out to be dead when half of the body is sent, and then the whole is sent again by another.
        case stream(
            length: Int64?, rewind: (() -> Bool)? = nil, read: (UnsafeMutableRawBufferPointer) -> Int?)
    }

    /// What is to be done.
    public var method: Method
    /// Where.
    public var url: HTTPURL
    /// The header lines; length, host and the like come by themselves.
    public var headers: HTTPHeaders
    /// What is sent along.
    public var body: Body
    /// Until when the whole has to be over, from the moment it is sent; nil for as long as bytes come and go.
    public var timeLimit: Duration?
    /// How long the server may say nothing once it has all of the request, where it works before it answers; nil for
    /// ``HTTPClient/Settings/activityTimeout``, which counts until then in any case.
    public var silenceLimit: Duration?
    /// Whether the answer may come packed by gzip, which is unpacked on the way: its length is then not what was promised.
    public var acceptsPacked = false
    /// Whether a GET or HEAD goes on to where a redirect leads, five times at most, while that is the same host with the
    /// same scheme and port, or the same by TLS; any other redirect is an answer, as all are by default.
    public var followsRedirects = false
    /// Whether it does no harm that the server gets it twice, as when a connection that was kept open turns out to be dead.
    /// If not, it goes by a new connection, and is sent once or not at all. A POST is one of those unless it says otherwise.
    public var isRepeatable: Bool

    /// Describes a request.
    public init(_ method: Method, _ url: HTTPURL, headers: HTTPHeaders = [:], body: Body = .none) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        isRepeatable = method != .post && method != .patch
    }
}
