import HTTP
import Synchronization

/// One git-lfs server, as it is asked for one operation.
final class LFSServer: Sendable {
    let operation: LFSEndpoint.Operation
    let endpoint: LFSEndpoint
    let web: WebClient
    private let authenticate: LFSClient.Authenticate
    private let grant = Mutex<LFSGrant?>(nil)

    init(
        _ operation: LFSEndpoint.Operation, at endpoint: LFSEndpoint, web: WebClient,
        authenticate: @escaping LFSClient.Authenticate
    ) {
        self.operation = operation
        self.endpoint = endpoint
        self.web = web
        self.authenticate = authenticate
    }

    /// What opens the server now. Several threads at once ask for it once.
    func opened() throws(NetworkError) -> LFSGrant {
        try grant.withLock { grant throws(NetworkError) in
            if let grant, grant.expiry?.isOver != true { return grant }
            let new = try ask()
            grant = new
            return new
        }
    }

    private func ask() throws(NetworkError) -> LFSGrant {
        guard let ssh = endpoint.ssh, let answer = try authenticate(ssh, operation) else {
            return LFSGrant(endpoint)
        }
        return try LFSGrant(answer, for: endpoint)
    }

    /// Lets go of what opened the server and does not any more; false where it would be the same again.
    func forget(_ old: LFSGrant) -> Bool {
        guard old.isComplete else { return false }
        grant.withLock { grant in
            if grant?.headers == old.headers { grant = nil }
        }
        return true
    }

    /// Asks the server itself for something, in JSON and for JSON, of `limit` bytes at most. With `isOptional`, a 401 does not
    /// mean that it does not believe who asks.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]?, upTo limit: Int, isRepeatable: Bool,
        isOptional: Bool = false, isStopped: () -> Bool
    ) throws(NetworkError) -> (head: HTTPResponse, body: [UInt8]) {
        var isSecondTry = false
        while true {
            let grant = try opened()
            var request = HTTPRequest(method, try grant.url.below(path))
            request.headers = Self.headers(withBody: body != nil)
            request.headers.merge(grant.headers)
            if let body { request.body = .bytes(body) }
            request.acceptsPacked = true
            request.isRepeatable = isRepeatable
            let answer = try web.collect(
                request, as: grant.access, secrets: grant.headers, upTo: limit, isOptional: isOptional,
                isStopped: isStopped)
            // It may have ended before its time.
            guard [401, 403].contains(answer.head.status), !isSecondTry, forget(grant) else { return answer }
            isSecondTry = true
        }
    }

    static let mediaType = "application/vnd.git-lfs+json"

    static func headers(withBody: Bool) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Accept": mediaType]
        if withBody { headers.append("Content-Type", mediaType) }
        return headers
    }
}

extension HTTPURL {
    /// The URL of something below this one.
    func below(_ path: String) throws(NetworkError) -> HTTPURL {
        do throws(HTTPError) { return try appending(path) } catch { throw NetworkError(error) }
    }
}
