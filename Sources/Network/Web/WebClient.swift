public import HTTP

/// Speaks HTTP with the servers of remotes on behalf of a person: by the proxies and certificates of git's configuration, and
/// with the names and passwords that `git credential` knows.
///
/// It may be used by any number of threads at once.
public final class WebClient: Sendable {
    private let settings: NetworkSettings
    private let client: HTTPClient

    /// Prepares to ask as git is configured to.
    public init(settings: NetworkSettings) {
        self.settings = settings
        client = HTTPClient()
    }

    /// Who is asked for, and whether the server may be told who asks.
    public enum Access: Sendable, Hashable {
        /// The request has all that it needs in its headers, or is for a host that is told nothing.
        case anonymous
        /// The person, under this name where one is known.
        case person(user: String?)
    }

    /// Sends a request, and again with a name and a password where the server wants to know who asks. Any answer but 401 is
    /// the caller's to understand.
    ///
    /// The closures are as for ``HTTPClient``; what an answer says that is not the last one reaches neither.
    public func send(
        _ request: HTTPRequest, as access: Access, isStopped: () -> Bool = { false },
        onHead: (HTTPResponse) -> Bool = { _ in true }, onBody: (UnsafeRawBufferPointer) -> Bool
    ) throws(NetworkError) -> HTTPResponse {
        do throws(HTTPError) {
            return try client.send(request, isStopped: isStopped, onHead: onHead, onBody: onBody)
        } catch { throw NetworkError(error) }
    }

    /// The same, collecting the body of `limit` bytes at most.
    public func send(
        _ request: HTTPRequest, as access: Access, upTo limit: Int, isStopped: () -> Bool = { false }
    ) throws(NetworkError) -> (head: HTTPResponse, body: [UInt8]) {
        do throws(HTTPError) { return try client.send(request, upTo: limit, isStopped: isStopped) } catch {
            throw NetworkError(error)
        }
    }
}

extension NetworkError {
    /// Says what it means that a request has no answer.
    init(_ error: HTTPError) {
        switch error.code {
        case .unreachable, .timedOut, .cutOff:
            self.init(.offline, error.description, hint: "try again later; what was done so far stays")
        case .tls: self.init(.denied, error.description)
        case .stopped: self.init(.stopped, error.description)
        case .library: self.init(.local, error.description)
        default: self.init(.refused, error.description)
        }
    }
}
