import Catalog
import HTTP

/// What opens a server: where it is asked, and with which headers.
struct LFSGrant: Sendable {
    let url: HTTPURL
    let user: String?
    /// Secrets, for that server and nobody else.
    let headers: HTTPHeaders
    let expiry: LFSExpiry?
    /// Whether nobody has said that there is such a server: it is where others have one beside their ssh.
    let isGuess: Bool

    /// A server that is asked as it is.
    init(_ endpoint: LFSEndpoint) {
        (url, user, headers, expiry) = (endpoint.url, endpoint.user, HTTPHeaders(), nil)
        isGuess = endpoint.ssh != nil
    }

    /// What `git-lfs-authenticate` answered on behalf of an endpoint.
    init(_ answer: [UInt8], for endpoint: LFSEndpoint) throws(NetworkError) {
        let host = endpoint.ssh?.host ?? endpoint.url.host
        func failure(_ why: String) -> NetworkError {
            NetworkError(
                .refused, "git-lfs-authenticate at \(host) does not answer as it should: \(why)",
                hint: "ask whoever runs \(host)")
        }
        let noAccess = NetworkError(
            .denied, "\(host) gives no access to git-lfs with this key",
            hint:
                "it may only read, or has to be authorised for the organisation there (SSO); or use https with a token"
        )
        // What failed inside some hosts ends in order, and says nothing.
        guard answer.contains(where: { $0 > 0x20 }) else { throw noAccess }
        let values: JSON
        do throws(JSONError) { values = try JSON.parse(answer, limit: 1 << 20) } catch {
            throw failure("this is no JSON")
        }
        guard values.asObject != nil, let headers = HTTPHeaders(values["header"]) else {
            throw failure("there is no object with headers in it")
        }
        if let word = headers["Authorization"], word.split(separator: " ").count < 2 { throw noAccess }
        if let href = values["href"]?.asString, !href.isEmpty {
            guard case .web(let url, let user)? = try? NetworkAddress(href) else {
                throw failure("its href is not the address of a web server")
            }
            (self.url, self.user) = (url, user)
        } else {
            (url, user) = (endpoint.url, nil)
        }
        self.headers = headers
        isGuess = false
        expiry = LFSExpiry(values)
    }

    /// Whether a request has all that it needs in its headers.
    var isComplete: Bool { headers["Authorization"] != nil }

    /// On whose behalf the server is asked.
    var access: WebClient.Access { isComplete ? .anonymous : .person(user: user) }
}

extension HTTPHeaders {
    /// Reads an object of names and values; no object is no headers. Nil where a value is something else than text.
    ///
    /// What belongs to the body is left out, since it comes with that.
    init?(_ values: JSON?) {
        self.init()
        guard let values, values != .null else { return }
        guard let object = values.asObject else { return nil }
        for entry in object.entries {
            guard let value = entry.value.asString else { return nil }
            if ["content-length", "transfer-encoding"].contains(entry.key.lowercased()) { continue }
            append(entry.key, value)
        }
    }

    /// Adds lines, each in place of those of that name.
    mutating func merge(_ others: HTTPHeaders) {
        for line in others.lines { self[line.name] = line.value }
    }
}
