import Catalog
import HTTP

/// What is sent to a service for one post.
struct ServiceRequest {
    /// Why nothing can be sent.
    struct Obstacle: Error {
        let words: String
    }

    let api: HTTPURL
    let platforms: [String]
    private let key: String
    private let body: [UInt8]
    private let token: String
    private let profileKey: String?

    /// Puts it together, or says what it lacks.
    static func make(
        for publication: Publication, _ settings: ServiceSettings, token: String?
    ) -> Result<ServiceRequest, Obstacle> {
        Result { () throws(Obstacle) in try ServiceRequest(publication, settings, token) }
    }

    private init(_ publication: Publication, _ settings: ServiceSettings, _ token: String?) throws(Obstacle) {
        api = try Self.url(settings.url, named: "the publishing service's address")
        guard api.isSecure || api.isLoopback else {
            throw Obstacle(
                words: "\(api.place) would get the token unprotected: its address has to begin with https://")
        }
        guard let token, !token.isEmpty else {
            throw Obstacle(words: "there is no token for \(api.place): set one on this computer")
        }
        guard Self.isPlain(token), Self.isPlain(settings.profileKey ?? "") else {
            throw Obstacle(words: "the token or the profile key for \(api.place) has a blank or a line break in it")
        }
        guard !publication.platforms.isEmpty else {
            throw Obstacle(words: "the post names no platform that \(api.place) could bring it to")
        }
        (self.token, profileKey) = (token, settings.profileKey)
        platforms = publication.platforms
        key = publication.key.description
        var members: JSONObject = [
            "idempotencyKey": .string(key), "platforms": .array(platforms.map { .string($0) }),
            "post": .string(Self.text(of: publication)),
        ]
        let media = try Self.media(of: publication, settings, api)
        if !media.isEmpty { members["mediaUrls"] = .array(media.map { .string($0) }) }
        body = JSON.object(members).compact()
    }

    private static func url(_ text: String, named name: String) throws(Obstacle) -> HTTPURL {
        do { return try HTTPURL(text) } catch { throw Obstacle(words: "\(name) cannot be used: \(error)") }
    }

    private static func text(of publication: Publication) -> String {
        [publication.title ?? "", publication.text].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func media(
        of publication: Publication, _ settings: ServiceSettings, _ api: HTTPURL
    ) throws(Obstacle) -> [String] {
        let media = [publication.track?.audio, publication.image].compactMap { $0 }
        if media.isEmpty { return [] }
        guard let text = settings.mediaURLBase else {
            let what = publication.track == nil ? "an image" : "audio"
            throw Obstacle(words: "the post has \(what), and no address is set where \(api.place) could fetch it")
        }
        let base = try url(text, named: "the address of posts' files")
        do {
            return try media.map { medium throws(HTTPError) in try base.appending(medium.name).description }
        } catch { throw Obstacle(words: "a file of the post has no address: \(error)") }
    }

    private static func isPlain(_ secret: String) -> Bool { secret.utf8.allSatisfy { 0x21...0x7E ~= $0 } }

    // MARK: Requests

    /// The request that hands the post over.
    func sending() throws(HTTPError) -> HTTPRequest {
        var request = HTTPRequest(.post, try api.appending("post"), headers: headers, body: .bytes(body))
        request.headers.append("Content-Type", "application/json")
        request.headers.append("Idempotency-Key", key)
        return request
    }

    /// The request that asks what became of it.
    func asking(about id: String) throws(HTTPError) -> HTTPRequest {
        HTTPRequest(.get, try api.appending("post/\(id)"), headers: headers)
    }

    private var headers: HTTPHeaders {
        var headers: HTTPHeaders = ["Accept": "application/json", "Authorization": "Bearer \(token)"]
        if let profileKey { headers.append("Profile-Key", profileKey) }
        return headers
    }

    /// What others say, fit to be told: on one line, not too long, and without the secrets, which a service may repeat.
    func fit(_ words: String, limit: Int = 300) -> String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace || scalar.value < 0x20 }
        var text = words.unicodeScalars.split(whereSeparator: isBlank).map { String($0) }.joined(separator: " ")
        for secret in [token, profileKey ?? ""] where !secret.isEmpty {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "…")
        }
        let scalars = text.unicodeScalars.filter { ![.control, .format].contains($0.properties.generalCategory) }
        return scalars.count > limit
            ? String(String.UnicodeScalarView(scalars.prefix(limit))) + "…"
            : String(String.UnicodeScalarView(scalars))
    }

    /// Whether a secret is in it.
    func betrays(_ text: String) -> Bool {
        [token, profileKey ?? ""].contains { !$0.isEmpty && text.contains($0) }
    }
}
