import Files
public import Git
public import HTTP
import Synchronization

/// A conversation with a git server over HTTP: git's smart protocol.
///
/// What the server says first is asked for with the first reading. Each request that is sent takes a thread until its answer
/// was read or dropped; a buffer of a fixed size lies between, so that an answer of any size takes no more memory. Nothing
/// hangs: a server that says nothing is given up after ``Patience``.
///
/// Not for two threads at once.
public final class HTTPChannel: WireChannel {
    /// How long a server may say nothing, once it has all of a request.
    public struct Patience: Sendable, Hashable {
        /// Before its list of references.
        public var listing: Duration = .seconds(60)
        /// While it collects what was asked for.
        public var giving: Duration = .seconds(300)
        /// While it looks at what was sent, and runs what its owner wants to be run then: nobody knows how long that takes. One
        /// that has vanished is noticed by TCP.
        public var taking: Duration = .seconds(3_600)
        /// How long is waited in all for a server that says that it has too much to do.
        public var waiting: Duration = .seconds(60)

        /// Grants what is granted to servers on the internet.
        public init() {}
    }

    /// Whether the server forgets between requests: this one does.
    public var isStateless: Bool { true }

    private let talk: HTTPTalk
    private var exchange: Exchange?

    /// Prepares to talk with a service of a repository's server.
    ///
    /// - Parameters:
    ///   - url: where the repository is.
    ///   - user: under which name, where one is known.
    ///   - service: `git-upload-pack` or `git-receive-pack`.
    ///   - isStopped: asked ten times a second, on any thread, whether somebody wants an end.
    ///   - onAnswer: is told with each answer where the repository is, before anything of that can be read.
    public init(
        to url: HTTPURL, user: String?, service: String, by client: WebClient, patience: Patience = Patience(),
        isStopped: @escaping @Sendable () -> Bool = { false },
        onAnswer: @escaping @Sendable (HTTPURL) -> Void = { _ in }
    ) {
        talk = HTTPTalk(
            repository: url, user: user, service: service, client: client, patience: patience, isStopped: isStopped,
            onAnswer: onAnswer)
    }

    deinit { close() }

    /// Where the repository is: after the first answer, where the server has led.
    public var repository: HTTPURL { talk.repository }

    /// Reads some of what the server says: its references first, and then the answer to what was sent last. 0 where that is
    /// over.
    ///
    /// - Throws: ``NetworkError``.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let exchange = exchange ?? begin { talk, duct in talk.list(duct) }
        return try exchange.duct.take(into: buffer)
    }

    /// Sends a request. What was not read yet of the answer before is dropped.
    ///
    /// What is sent to `git-receive-pack` is waited for until the answer begins.
    ///
    /// - Throws: ``NetworkError``, where the server could not be asked for its references before, or where certainly nothing
    ///   was done about what was sent. What else becomes of the request is told by reading the answer.
    public func send(_ request: WireRequest) throws {
        // Where the repository is, and who asks, is found out by the first request.
        if exchange == nil { exchange = begin { talk, duct in talk.list(duct) } }
        try exchange?.duct.awaitBeginning()
        close()
        let next = begin { talk, duct in talk.post(request, duct) }
        if talk.isPush { try next.duct.awaitBeginning(throwing: .certain) }
    }

    /// Ends the conversation: what is on its way is given up before this returns.
    public func close() {
        exchange?.end()
        exchange = nil
    }

    private func begin(_ body: @escaping @Sendable (HTTPTalk, Duct) -> Void) -> Exchange {
        let exchange = Exchange(talk, body)
        self.exchange = exchange
        return exchange
    }
}

/// One request on its way, and its answer.
private final class Exchange {
    let duct = Duct()
    private let work: BackgroundWork

    init(_ talk: HTTPTalk, _ body: @escaping @Sendable (HTTPTalk, Duct) -> Void) {
        work = BackgroundWork { [duct] in body(talk, duct) }
    }

    func end() {
        duct.close()
        // It throws nothing: what went wrong is in the duct.
        try? work.wait()
    }
}
