import Files
import Git
import HTTP
import Synchronization

/// What is asked of a git server over HTTP, by whatever thread.
final class HTTPTalk: Sendable {
    private let place: Mutex<HTTPURL>
    private let user: String?
    let service: String
    let client: WebClient
    let patience: HTTPChannel.Patience
    let isStopped: @Sendable () -> Bool
    /// Is told where the repository is, before anything of an answer can be read.
    let onAnswer: @Sendable (HTTPURL) -> Void

    init(
        repository: HTTPURL, user: String?, service: String, client: WebClient, patience: HTTPChannel.Patience,
        isStopped: @escaping @Sendable () -> Bool, onAnswer: @escaping @Sendable (HTTPURL) -> Void = { _ in }
    ) {
        place = Mutex(repository)
        self.user = user
        self.service = service
        self.client = client
        self.patience = patience
        self.isStopped = isStopped
        self.onAnswer = onAnswer
        first = repository
    }

    private let first: HTTPURL

    /// Where the repository is, as far as is known.
    var repository: HTTPURL {
        get { place.withLock { $0 } }
        set { place.withLock { $0 = newValue } }
    }

    /// The name in the address is for the server that stands there.
    func access(at url: HTTPURL) -> WebClient.Access {
        .person(user: url.origin == first.origin || first.isSameServer(as: url) ? user : nil)
    }

    var isPush: Bool { service == "git-receive-pack" }

    // MARK: What is said first

    /// Asks for the references, wherever that leads.
    func list(_ duct: Duct) {
        duct.end(
            Result { () throws(NetworkError) in
                var url = try reading { () throws(HTTPError) in
                    try HTTPURL(repository.appending("info/refs").description + "?service=\(service)")
                }
                for _ in 0...Self.hopLimit {
                    var request = HTTPRequest(.get, url, headers: ["Pragma": "no-cache"])
                    request.acceptsPacked = true
                    request.silenceLimit = patience.listing
                    let wanted = "application/x-\(service)-advertisement"
                    guard let next = try ask(request, for: wanted, duct) else { return }
                    url = try follow(from: url, to: next)
                }
                throw NetworkError(.refused, "\(url.place) leads from one place to the next without end")
            })
    }

    /// As deep as people have ever had to nest.
    private static let hopLimit = 5

    /// Goes on to where a server leads, if that may be, and takes it for where the repository is.
    private func follow(from url: HTTPURL, to next: HTTPURL) throws(NetworkError) -> HTTPURL {
        guard client.settings.redirects(for: url) != .never else {
            throw NetworkError(
                .refused, "\(url.place) leads to \(next.place), and http.followRedirects is off",
                hint: "set the remote's address to where the repository is now")
        }
        guard next.isSecure || !url.isSecure else {
            throw NetworkError(
                .refused, "\(url.place) leads to \(next.place) without TLS, which is not followed",
                hint: "ask whoever runs \(url.place)")
        }
        let end = "/info/refs?service=\(service)"
        guard next.target.hasSuffix(end) else {
            throw NetworkError(
                .refused, "\(url.place) leads to a page of \(next.place) that is no git repository",
                hint: "look at the remote's address; it may want a login by a browser")
        }
        repository = try reading { () throws(HTTPError) in
            try HTTPURL(String(next.description.dropLast(end.count)))
        }
        return next
    }

    private func reading(_ body: () throws(HTTPError) -> HTTPURL) throws(NetworkError) -> HTTPURL {
        do throws(HTTPError) { return try body() } catch { throw NetworkError(error) }
    }

    // MARK: What is sent

    /// Sends a request and hands on the answer.
    func post(_ request: WireRequest, _ duct: Duct) {
        let body: PackBody
        do throws(FileError) { body = try PackBody(request) } catch {
            return duct.end(.failure(Self.unreadable(error.description)), isCertain: true)
        }
        do throws(NetworkError) {
            if request.pack != nil, body.length > Self.probeSize { try probe() }
            try post(body, of: request, duct)
            duct.end(.success(()))
        } catch {
            // A server that was not content with who asks has done nothing, and neither has one that lacks a part.
            let isCertain = !body.isWhole || body.refusal.map(Self.isCertain) ?? (error.code == .denied)
            duct.end(.failure(body.failure.map(Self.unreadable) ?? error), isCertain: isCertain)
        }
    }

    /// Whether an answer says that nothing was done. Those who pass requests on do not know it where they fail, and say
    /// so by 503, too.
    private static func isCertain(_ status: Int) -> Bool { 300...499 ~= status && status != 408 || status == 507 }

    private func post(_ body: PackBody, of request: WireRequest, _ duct: Duct) throws(NetworkError) {
        var post = try post()
        if isPush {
            post.body = body.stream
        } else if request.lines.count > Self.packedSize {
            post.headers.append("Content-Encoding", "gzip")
            post.body = .bytes(PackBody.gzip(request.lines))
        } else {
            post.body = .bytes(request.lines)
        }
        guard let next = try ask(post, for: "application/x-\(service)-result", duct, sending: body) else {
            return
        }
        body.refusal = 307
        throw NetworkError(
            .refused, "\(post.url.place) leads to \(next.place) in the middle of the conversation",
            hint: "set the remote's address to where the repository is now")
    }

    /// Fewer bytes are not worth it.
    private static let packedSize = 1_024
    /// A pack that is larger is not sent to somebody who then asks who we are.
    private static let probeSize = 1 << 20

    private static func unreadable(_ words: String) -> NetworkError {
        NetworkError(.local, "what is to be sent cannot be read: \(words)")
    }

    private func post() throws(NetworkError) -> HTTPRequest {
        let url = try reading { () throws(HTTPError) in try repository.appending(service) }
        var post = HTTPRequest(.post, url)
        post.headers.append("Content-Type", "application/x-\(service)-request")
        post.headers.append("Accept", "application/x-\(service)-result")
        post.silenceLimit = isPush ? patience.taking : patience.giving
        // A push that arrives twice would fail the second time.
        post.isRepeatable = !isPush
        return post
    }

    /// Sends as good as nothing, so that the server asks now who we are, if it does.
    private func probe() throws(NetworkError) {
        guard !client.isKnown(at: repository, as: access(at: repository)) else { return }
        var post = try post()
        post.body = .bytes(Array("0000".utf8))
        post.isRepeatable = true
        let probe = Duct()
        probe.close()
        _ = try ask(post, for: "application/x-\(service)-result", probe, isProbe: true)
    }
}
