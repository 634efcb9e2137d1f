/// What a client is answered.
///
/// The lines `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are the server's matter: a handler's own are left
/// out. A line that would end itself and begin another makes the answer a problem of status 500.
public struct Response: Sendable {
    /// What comes after the head.
    enum Body: Sendable {
        case bytes([UInt8])
        case file(ServedFile, offset: Int64, length: Int64)
        case events(EventStream)
    }

    /// The status, from 200 to 599.
    public var status: Int
    /// The header lines.
    public var headers: Headers = [:]
    let body: Body

    /// Makes an answer of bytes, or of nothing. The answers 204 and 304, and those to HEAD, come without any.
    public init(_ status: Int, bytes: [UInt8] = [], type: String? = nil) {
        self.status = status
        body = .bytes(bytes)
        headers["Content-Type"] = type
    }

    /// Makes an answer of text.
    public init(_ status: Int = 200, text: String, type: String = "text/plain; charset=utf-8") {
        self.init(status, bytes: Array(text.utf8), type: type)
    }

    /// Makes an answer that goes on as long as the stream does.
    public init(events: EventStream) {
        status = 200
        body = .events(events)
        headers = ["Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"]
    }

    init(_ status: Int, file: ServedFile, offset: Int64, length: Int64) {
        self.status = status
        body = .file(file, offset: offset, length: length)
    }
}
