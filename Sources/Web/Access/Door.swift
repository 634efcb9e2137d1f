import Digest
import Offbeat
import Serving
import Synchronization

/// Finds out whose a request is, and keeps out what comes from elsewhere.
final class Door: Sendable {
    /// Lets in whoever has it.
    let token: String
    private let library: Library
    private let settings: PageSettings
    private let state = Mutex(State())

    private struct State {
        var port: UInt16 = 0
        /// Who was let in, by the digest of the cookie's value.
        var sessions: [ContentHash: Visitor] = [:]
    }

    init(of library: Library, _ settings: PageSettings) {
        (self.library, self.settings) = (library, settings)
        token = Self.secret()
    }

    /// Notes where it stands.
    func open(at port: UInt16) { state.withLock { $0.port = port } }

    /// The cookie's name: cookies are told apart by host alone, and several libraries may be served on one.
    private var cookieName: String { "offbeat-\(state.withLock { $0.port })" }

    // MARK: What comes from elsewhere

    /// Refuses what was meant for another name: a page from elsewhere could make its own name mean this computer.
    func requireOwnName(_ request: Request) throws {
        let host = request.headers["Host"] ?? ""
        guard names.contains(host.lowercased()) else {
            throw Refusal(421, "this server is reached at another name", code: "not-allowed")
        }
    }

    private var names: Set<String> {
        let port = state.withLock { $0.port }
        let address = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
        var names: Set = ["localhost:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)", "\(address):\(port)"]
        if port == 80 { names.formUnion(["localhost", "127.0.0.1", "[::1]", address]) }
        if let url = settings.publicURL, let place = url.split(separator: "/").dropFirst().first {
            names.insert(place.lowercased())
        }
        return names
    }

    /// Refuses to change anything for a page from elsewhere, which a browser would lend its cookie.
    func requireOwnPage(_ request: Request) throws {
        if request.headers["Authorization"] != nil { return }
        let isOwn =
            request.headers["Origin"].map { origin in
                origin == settings.publicURL || names.contains { origin.lowercased() == "http://\($0)" }
            } ?? (request.headers["Sec-Fetch-Site"].map { $0 == "same-origin" || $0 == "none" } ?? true)
        guard isOwn else { throw Refusal(403, "another page asks for this") }
    }

    // MARK: Who asks

    /// Who asks; nil where that is nobody known.
    func visitor(of request: Request) throws -> Visitor? {
        if let line = request.headers["Authorization"] {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0].lowercased() == "bearer", let visitor = visitor(by: String(words[1]))
            else { throw Refusal.unknown }
            return visitor
        }
        guard let value = request.cookie(cookieName) else { return nil }
        return state.withLock { $0.sessions[Self.digest(of: value)] }
    }

    /// Who asks; refused where that is nobody known.
    func requireVisitor(of request: Request) throws -> Visitor {
        guard let visitor = try visitor(of: request) else { throw Refusal.unknown }
        return visitor
    }

    /// Whom a token lets in.
    func visitor(by token: String) -> Visitor? {
        guard Self.digest(of: token) == Self.digest(of: self.token) else { return nil }
        return Visitor(way: .link, library: library, handle: settings.handle)
    }

    /// Lets somebody in from now on: the line that gives the browser its cookie.
    func admit(_ visitor: Visitor) -> String {
        let value = Self.secret()
        state.withLock { $0.sessions[Self.digest(of: value)] = visitor }
        let isSecure = settings.publicURL?.hasPrefix("https:") == true
        return "\(cookieName)=\(value); Path=/; HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }

    /// Forgets whoever asks: the line that takes the browser's cookie.
    func dismiss(_ request: Request) -> String {
        if let value = request.cookie(cookieName) {
            state.withLock { _ = $0.sessions.removeValue(forKey: Self.digest(of: value)) }
        }
        return "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
    }

    /// Only digests are compared and kept: how long a comparison takes says nothing about the secret then.
    private static func digest(of secret: String) -> ContentHash { ContentHash(of: Array(secret.utf8)) }

    private static func secret() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
