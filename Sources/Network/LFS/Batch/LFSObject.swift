import Blobs
import Catalog
import HTTP

/// What a server says is to be done with a file.
struct LFSObject: Sendable {
    let file: Pointer
    /// Whether the actions have all that they need: then nobody's name is added.
    var isAuthenticated = false
    /// By their names: `download`, `upload`, `verify`.
    var actions: [String: LFSAction] = [:]
    /// Why nothing can be done.
    var problem: LFSProblem?

    /// Whether an action may no longer be used.
    var isExpired: Bool { actions.values.contains { $0.expiry?.isOver == true } }
}

/// A request that a server wants to be sent for a file.
struct LFSAction: Sendable {
    let url: HTTPURL
    let user: String?
    let headers: HTTPHeaders
    let expiry: LFSExpiry?
    /// Whether the server wants the file in chunks, and no length said before.
    let isChunked: Bool

    /// Reads one from the answer of a batch that `server` gave; `date` is what its clock said, in seconds since 1970.
    init(_ values: JSON, at server: HTTPURL, date: Int64?) throws(LFSProblem) {
        let host = server.place
        guard let href = values["href"]?.asString else {
            throw LFSProblem("\(host) wants a file sent or fetched, and does not say where")
        }
        guard case .web(let url, let user)? = try? NetworkAddress(href) else {
            throw LFSProblem("\(host) wants a file sent or fetched where there is no web server")
        }
        guard let headers = HTTPHeaders(values["header"]) else {
            throw LFSProblem("\(host) wants a file sent or fetched with headers that are none")
        }
        guard url.isSecure || !server.isSecure else {
            let words = "\(host) wants a file sent or fetched without TLS, by \(url.place)"
            throw LFSProblem(
                .failed(
                    NetworkError(
                        .refused, words,
                        hint: "whoever runs \(host) has to set its own address to https (for Gitea: ROOT_URL)")))
        }
        (self.url, self.user, self.headers) = (url, user, headers)
        let codings = values["header"]?.asObject?.entries.filter { $0.key.lowercased() == "transfer-encoding" }
        isChunked = codings?.contains { $0.value.asString?.lowercased().contains("chunked") == true } == true
        expiry = LFSExpiry(values, date: date)
    }
}

/// Why nothing can be done with a file.
struct LFSProblem: Error, Sendable {
    /// What it means for the file.
    enum Kind: Sendable {
        /// The server does not have it.
        case missing
        /// The server has something else of that name.
        case damaged
        /// Anything else.
        case failed(NetworkError)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    /// The server does not speak the protocol.
    init(_ message: String) { kind = .failed(NetworkError(.refused, message)) }
}
