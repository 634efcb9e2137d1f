public import HTTP

/// Speaks HTTP with the servers of remotes on behalf of a person: by the proxies and certificates of git's configuration, and
/// with the names and passwords that `git credential` knows.
///
/// A server is asked without a name first, since many want none. Once it wanted one, and took it, it is told that at once,
/// for as long as this client lives; and a server that has refused all that there is gets no more guesses.
///
/// It may be used by any number of threads at once.
public final class WebClient: Sendable {
    let settings: NetworkSettings
    private let desk: CredentialDesk
    private let ways: WebWays

    /// Prepares to ask as git is configured to.
    ///
    /// - Parameters:
    ///   - remote: the remote that is spoken with, which may have a proxy of its own.
    ///   - mayAsk: whether a person is at a terminal and may be asked for a password. If not, nobody is.
    ///   - onQuestion: is told with true before somebody may be asked, and with false afterwards.
    public convenience init(
        settings: NetworkSettings, remote: String? = nil, mayAsk: Bool = false,
        onQuestion: @escaping @Sendable (Bool) -> Void = { _ in }
    ) {
        var program = CredentialProgram(settings: settings, mayAsk: mayAsk)
        program.questions = Questions(onQuestion)
        self.init(settings: settings, remote: remote, program: program)
    }

    init(settings: NetworkSettings, remote: String?, program: CredentialProgram) {
        self.settings = settings
        ways = WebWays(settings, remote: remote)
        desk = CredentialDesk(program)
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
    /// A body that is a stream has to be one that can be rewound, or the second try cannot be. The closures are as for
    /// ``HTTPClient``; what an answer says that is not the last one reaches neither.
    ///
    /// With `isOptional`, a server may refuse with 401 what it is asked, and mean no more than that: its answer to who has said
    /// who asks is the caller's, and the password is not taken for a wrong one.
    ///
    /// - Throws: `denied` where the server is not content with what there is to tell it; with ``Access/anonymous`` a 401 is
    ///   an answer like any other.
    @discardableResult
    public func send(
        _ request: HTTPRequest, as access: Access, isOptional: Bool = false, isStopped: () -> Bool = { false },
        onHead: (HTTPResponse) -> Bool = { _ in true }, onBody: (UnsafeRawBufferPointer) -> Bool
    ) throws(NetworkError) -> HTTPResponse {
        guard case .person(let user) = access else {
            let way = ways.way(to: request.url, user: nil)
            let request = way.completed(request, isForPerson: false)
            return try exchange(request, by: way, isStopped, onHead, onBody)
        }
        let way = ways.way(to: request.url, user: user)
        let request = way.completed(request, isForPerson: true)
        // Whoever brings their own word has no other: git does so with `http.extraHeader`.
        if request.headers["Authorization"] != nil {
            return try exchange(request, by: way, isStopped, onHead, onBody)
        }
        let place = CredentialPlace(request.url, user: user, usesPath: way.usesPath)
        var issued = desk.known(for: place, at: request.url, isStopped: isStopped)
        defer { if let issued { desk.settle(issued) } }
        while true {
            var attempt = request
            if let word = issued?.credential.authorization { attempt.headers["Authorization"] = word }
            let told = issued
            let answer = try exchange(
                attempt, by: way, isStopped,
                { head in
                    if let told { desk.settle(told) }
                    return onHead(head)
                }, onBody
            ) { Self.isRefusal($0, of: told) }
            guard Self.isRefusal(answer, of: issued), answer.status != 401 || !isOptional || issued == nil else {
                if let issued, 200...399 ~= answer.status { desk.accept(issued) }
                return answer
            }
            issued = try desk.next(
                after: issued, for: place, challenges: answer.headers.all("WWW-Authenticate"), isStopped: isStopped)
            guard request.body.rewind() else {
                throw NetworkError(.local, "\(request.url.place) asks again for what can be sent only once")
            }
        }
    }

    /// Whether a server wants to know who asks, or does not take what it was told.
    private static func isRefusal(_ answer: HTTPResponse, of issued: CredentialDesk.Issued?) -> Bool {
        issued == nil ? answer.status == 401 : HostAdvice.refusesPassword(answer)
    }

    /// Collects the body of an answer, of `limit` bytes at most.
    static func collecting(
        upTo limit: Int, from url: HTTPURL,
        _ step: ((UnsafeRawBufferPointer) -> Bool) throws(NetworkError) -> HTTPResponse
    ) throws(NetworkError) -> (head: HTTPResponse, body: [UInt8]) {
        var body: [UInt8] = []
        var isOver = false
        do throws(NetworkError) {
            let head = try step { bytes in
                isOver = bytes.count > limit - body.count
                if !isOver { body.append(contentsOf: bytes) }
                return !isOver
            }
            return (head, body)
        } catch {
            guard isOver else { throw error }
            throw NetworkError(.refused, "\(url.place) answers with more than the \(limit) bytes that are taken")
        }
    }

    /// Whether it is known what a server is told about who asks.
    func isKnown(at url: HTTPURL, as access: Access) -> Bool {
        guard case .person(let user) = access else { return true }
        let place = CredentialPlace(url, user: user, usesPath: ways.way(to: url, user: user).usesPath)
        return desk.knows(place, at: url)
    }

    // MARK: One exchange

    private static let dropLimit = 1 << 20

    /// Sends by way of the proxy that there is, and tells that who asks where it wants to know.
    private func exchange(
        _ request: HTTPRequest, by way: WebWay, _ isStopped: () -> Bool, _ onHead: (HTTPResponse) -> Bool,
        _ onBody: (UnsafeRawBufferPointer) -> Bool, drops: (HTTPResponse) -> Bool = { _ in false }
    ) throws(NetworkError) -> HTTPResponse {
        var settings = way.settings
        guard let proxy = way.proxy else {
            return try exchange(request, by: settings, isStopped, onHead, onBody, drops: drops)
        }
        var issued = desk.known(for: proxy.place, at: nil, isStopped: isStopped)
        defer { if let issued { desk.settle(issued) } }
        while true {
            if let told = issued.flatMap({ proxy.proxy(telling: $0.credential) }) { settings.proxy = told }
            do throws(NetworkError) {
                let answer = try exchange(request, by: settings, isStopped, onHead, onBody, drops: drops)
                if let issued { desk.accept(issued) }
                return answer
            } catch {
                guard error.hint == NetworkError.proxyHint, request.body.rewind() else { throw error }
                issued = try desk.next(after: issued, for: proxy.place, challenges: [], isStopped: isStopped)
            }
        }
    }

    /// Sends once. Of an answer that `drops` names the body is read, so that its connection stays, and dropped.
    private func exchange(
        _ request: HTTPRequest, by settings: HTTPClient.Settings, _ isStopped: () -> Bool,
        _ onHead: (HTTPResponse) -> Bool, _ onBody: (UnsafeRawBufferPointer) -> Bool, drops: (HTTPResponse) -> Bool
    ) throws(NetworkError) -> HTTPResponse {
        let client = ways.client(settings)
        var (isDropped, length) = (false, 0)
        let answer: HTTPResponse
        do throws(HTTPError) {
            answer = try client.send(request, isStopped: isStopped) { head in
                isDropped = drops(head) || head.status == 407
                return isDropped || onHead(head)
            } onBody: { bytes in
                length += bytes.count
                return isDropped ? length < Self.dropLimit : onBody(bytes)
            }
        } catch {
            guard isDropped, length >= Self.dropLimit else { throw NetworkError(error) }
            throw NetworkError(.refused, "\(request.url.place) refuses with more words than are taken")
        }
        if answer.status == 407 {
            throw NetworkError(
                .denied, "the proxy on the way to \(request.url.place) wants to know who asks",
                hint: NetworkError.proxyHint)
        }
        return answer
    }
}

extension HTTPRequest.Body {
    /// Goes back to the first byte; false where that cannot be.
    func rewind() -> Bool {
        switch self {
        case .none, .bytes: true
        case .stream(_, let rewind, _): rewind?() ?? false
        }
    }
}
