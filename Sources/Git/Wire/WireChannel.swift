public import Files

/// A conversation with one service of a git server, `git-upload-pack` or `git-receive-pack`, however its bytes travel.
///
/// Over ssh it is one stream in each direction. Over HTTP each request is a journey of its own: the server has forgotten all
/// when the next one comes, and its answer ends.
public protocol WireChannel: AnyObject {
    /// Whether the server forgets between requests, so that each has to say all again.
    var isStateless: Bool { get }

    /// Reads some of what the server says: its advertisement first, and then the answer to what was sent last. 0 where that
    /// is over.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int

    /// Sends a request. What was not read yet of the answer before is dropped where the server forgets.
    ///
    /// It throws only where the request did not arrive whole, or the server answers that it is not allowed: then nothing was
    /// done. What goes wrong later is for `read` to throw, since then nobody knows.
    func send(_ request: WireRequest) throws

    /// Ends the conversation; nothing is read any more.
    func close()
}

/// What is sent to a git server at once.
public struct WireRequest: Sendable {
    /// The lines.
    public var lines: [UInt8]
    /// The pack that follows them, whole.
    public var pack: FilePath?
    /// Whether nothing is sent after it. A channel that can should end its stream towards the server then, since some
    /// servers read a pack until that.
    public var isLast: Bool

    /// Puts a request together.
    public init(lines: [UInt8], pack: FilePath? = nil, isLast: Bool = false) {
        self.lines = lines
        self.pack = pack
        self.isLast = isLast
    }
}
