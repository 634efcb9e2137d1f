/// Sends requests, and keeps connections open for the next.
///
/// It may be used by any number of threads at once; each request takes the thread that sends it until the answer is over.
/// Nothing is opened and no library is looked for before the first request.
public final class HTTPClient: Sendable {
    /// How it goes about it.
    public struct Settings: Sendable, Hashable {
        /// How long a connection may take: looking up the name, TLS and a proxy included.
        public var connectTimeout: Duration = .seconds(30)
        /// How long nothing may come or go once a request is on its way.
        public var activityTimeout: Duration = .seconds(30)
        /// A file with the certificates that are trusted, in PEM; nil for those that this computer trusts.
        public var certificateFile: String?
        /// A folder of certificates that are trusted too, named as OpenSSL does; nil for this computer's.
        public var certificateFolder: String?
        /// Whether a server has to show who it is. One that need not may be anybody.
        public var checksServers = true
        /// By what this side shows who it is, where a server wants that.
        public var identity: Identity?
        /// How slow it may be at least; nil for any pace, as long as something comes or goes.
        public var slowest: Pace?
        /// Who passes requests on.
        public var proxy = Proxy.environment
        /// What servers are told about who asks.
        public var userAgent: String?

        /// Makes the settings that are right for a server on the internet.
        public init() {}
    }

    /// A certificate of one's own.
    public struct Identity: Sendable, Hashable {
        /// The file with the certificate, in PEM.
        public var certificate: String
        /// The file with its key, which is not locked by a password; nil where the certificate's file has that too.
        public var key: String?

        /// Names the files.
        public init(certificate: String, key: String? = nil) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// What is too slow.
    public struct Pace: Sendable, Hashable {
        /// Fewer bytes a second than these,
        public var bytes: Int
        /// for so many seconds.
        public var seconds: Int

        /// Says what is too slow.
        public init(bytes: Int, seconds: Int) {
            self.bytes = bytes
            self.seconds = seconds
        }
    }

    /// Who passes requests on.
    public enum Proxy: Sendable, Hashable {
        /// Those of the environment: `https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`. None for this computer itself:
        /// what is sent to it unprotected is not for others.
        case environment
        /// Nobody.
        case none
        /// This one, with a user and a password where it wants them.
        case url(String)

        /// What libcurl is told: "" is nobody, and nil leaves it to the environment.
        func url(for url: HTTPURL) -> String? {
            switch self {
            case .environment: url.isLoopback ? "" : nil
            case .none: ""
            case .url(let proxy): proxy
            }
        }
    }

    /// How it goes about it.
    public let settings: Settings
    private let pool = Pool()

    /// Makes a client.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Sends a request and hands the answer on as it comes.
    ///
    /// - Parameters:
    ///   - isStopped: asked ten times a second at least, on this thread, whether somebody wants an end.
    ///   - onHead: gets the head before the first byte of the body, and says whether the body is wanted.
    ///   - onBody: gets the body piece by piece, and says whether more is wanted. The memory is lent for the call. A
    ///     redirect that might have been followed comes without its body.
    /// - Throws: ``HTTPError/Code/stopped`` also where `onHead` or `onBody` wants no more.
    @discardableResult
    public func send(
        _ request: HTTPRequest, isStopped: () -> Bool = { false }, onHead: (HTTPResponse) -> Bool = { _ in true },
        onBody: (UnsafeRawBufferPointer) -> Bool
    ) throws(HTTPError) -> HTTPResponse {
        // The callbacks of libcurl are called by the thread that sends, until `exchange` returns.
        let result = withoutActuallyEscaping(isStopped) { isStopped in
            withoutActuallyEscaping(onHead) { onHead in
                withoutActuallyEscaping(onBody) { onBody in
                    Result { () throws(HTTPError) in
                        try exchange(request, Listener(isStopped: isStopped, onHead: onHead, onBody: onBody))
                    }
                }
            }
        }
        return try result.get()
    }

    /// Sends, and sends again to where a redirect leads as long as that may be followed.
    private func exchange(_ request: HTTPRequest, _ listener: Listener) throws(HTTPError) -> HTTPResponse {
        for line in request.headers.lines {
            try line.check()
            guard !Self.isOurs(line.name) else {
                throw HTTPError(.badHeader, "the header \(line.name) comes from the body and cannot be set")
            }
        }
        let watch = Watch(request.timeLimit)
        var request = request
        var hops = request.followsRedirects && (request.method == .get || request.method == .head) ? 5 : 0
        var hasSent = false
        while true {
            // One whose transfer failed is not used again: libcurl may have left it half-way, and takes no options for the
            // next then.
            let handle = try pool.take(for: request.url.origin)
            let transfer = Transfer(
                request, settings, by: handle, watch: watch, listener: listener, mayLeadOn: hops > 0)
            do throws(HTTPError) {
                let response = try transfer.run()
                pool.giveBack(handle)
                guard let next = transfer.next else { return response }
                request.url = next
            } catch {
                throw hasSent ? error.afterOthers : error
            }
            hops -= 1
            hasSent = true
        }
    }

    private static func isOurs(_ name: String) -> Bool {
        ["content-length", "transfer-encoding"].contains(name.lowercased())
    }
}

/// Who listens to an answer.
struct Listener {
    let isStopped: () -> Bool
    let onHead: (HTTPResponse) -> Bool
    let onBody: (UnsafeRawBufferPointer) -> Bool
}
