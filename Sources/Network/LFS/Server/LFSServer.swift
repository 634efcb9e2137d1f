import HTTP
import Synchronization

/// One git-lfs server, as it is asked for one operation.
final class LFSServer: Sendable {
    let operation: TransferDirection
    let endpoint: LFSEndpoint
    let web: WebClient
    private let authenticate: LFSClient.Authenticate
    private let grant = Mutex<LFSGrant?>(nil)
    /// Whether it has ever answered as what it is taken for.
    private let hasAnswered = Mutex(false)

    init(
        _ operation: TransferDirection, at endpoint: LFSEndpoint, web: WebClient,
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
            let answer: (head: HTTPResponse, body: [UInt8])
            do throws(NetworkError) {
                answer = try web.collect(
                    request, as: grant.access, secrets: grant.headers, upTo: limit, isOptional: isOptional,
                    isStopped: isStopped)
            } catch {
                guard grant.isGuess, [.offline, .denied, .refused].contains(error.code), !isWanted(error) else {
                    throw error
                }
                throw hasAnswered.withLock { $0 } ? error : nothingThere
            }
            if grant.isGuess { try requireServer(answer.head) }
            // It may have ended before its time.
            guard [401, 403].contains(answer.head.status), !isSecondTry, forget(grant) else { return answer }
            isSecondTry = true
        }
    }

    // MARK: A guess

    /// Whether a server wants to know who asks, which is more than nothing.
    private func isWanted(_ error: NetworkError) -> Bool {
        error.code == .denied && !error.isOfTrust
    }

    private func requireServer(_ head: HTTPResponse) throws(NetworkError) {
        let isNone = [400, 404, 405, 410, 501].contains(head.status) || head.isPage
        let isFirst = hasAnswered.withLock { answered in
            defer { answered = answered || !isNone }
            return !answered
        }
        // One that has no such files may say 404, too, in git-lfs's own words.
        let speaks = head.headers["Content-Type"]?.lowercased().hasPrefix(Self.mediaType) == true
        if isNone, isFirst, !speaks { throw nothingThere }
    }

    private var nothingThere: NetworkError {
        NetworkError(
            .refused,
            "\(endpoint.ssh?.host ?? endpoint.url.host) has neither git-lfs-transfer nor git-lfs-authenticate",
            hint: "install Offbeat there (make install), or name a git-lfs server: git config lfs.url https://…")
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
