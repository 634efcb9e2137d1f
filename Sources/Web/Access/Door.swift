import Catalog
import Digest
import Guests
import Offbeat
import Serving
import Store
import Synchronization

/// Finds out whose a request is, and keeps out what comes from elsewhere.
final class Door: Sendable {
    /// Lets in whoever has it, as long as the server runs.
    let token: String
    let guests: GuestHouse
    let sessions: Sessions
    private let library: Library
    private let settings: PageSettings
    private let tokens: AccessTokenLookup
    private let standing = Mutex(Standing())

    /// What depends on the port.
    private struct Standing {
        var cookieName = ""
        var names: Set<String> = []
        var origins: Set<String> = []
    }

    init(of library: Library, _ settings: PageSettings) {
        (self.library, self.settings) = (library, settings)
        token = Self.secret()
        guests = GuestHouse(of: library, settings)
        sessions = Sessions(atMost: settings.sessionLimit, idleFor: Int64(settings.idleness * 1000))
        tokens = AccessTokenLookup(in: library)
    }

    private var now: Int64 { Int64(clamping: library.context.now()) }

    /// Notes where it stands.
    func open(at port: UInt16) {
        let address = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
        var hosts = ["localhost", "127.0.0.1", "[::1]"]
        // At all addresses at once, each of them is a name that cannot be known; then it has to be said.
        if !["0.0.0.0", "[::]"].contains(address) { hosts.append(address.lowercased()) }
        var standing = Standing()
        // Cookies are told apart by host alone, and several libraries may be served on one.
        standing.cookieName = "offbeat-\(port)"
        standing.names = Set(hosts.map { "\($0):\(port)" } + (port == 80 ? hosts : []))
        standing.origins = Set(standing.names.map { "http://\($0)" })
        if let url = settings.publicURL?.lowercased() {
            let parts = url.split(separator: "/", omittingEmptySubsequences: false)
            if parts.count > 2 {
                standing.names.insert(String(parts[2]))
                standing.origins.insert("\(parts[0])//\(parts[2])")
            }
        }
        self.standing.withLock { $0 = standing }
    }

    private var cookieName: String { standing.withLock { $0.cookieName } }

    // MARK: What comes from elsewhere

    /// Refuses what was meant for another name: a page from elsewhere could make its own name mean this computer.
    func requireOwnName(_ request: Request) throws {
        let host = (request.headers["Host"] ?? "").lowercased()
        guard standing.withLock({ $0.names.contains(host) }) else {
            throw Refusal(421, "this server is reached at another name", code: "not-allowed")
        }
    }

    /// Refuses to change anything for a page from elsewhere, which a browser would lend its cookie.
    ///
    /// Browsers say where a page is from in `Origin`, most in `Sec-Fetch-Site` too. A program that says neither and yet shows a
    /// cookie says `X-Offbeat: 1`: no page from elsewhere may send such a line without being allowed to first, which it is not.
    func requireOwnPage(_ request: Request) throws {
        // No browser adds this by itself.
        if request.headers["Authorization"] != nil { return }
        let isOwn: Bool
        if let origin = request.headers["Origin"] {
            isOwn = standing.withLock { $0.origins.contains(origin.lowercased()) }
        } else if let site = request.headers["Sec-Fetch-Site"] {
            isOwn = site == "same-origin" || site == "none"
        } else {
            isOwn = request.headers["X-Offbeat"] != nil || request.cookie(cookieName) == nil
        }
        guard isOwn else { throw Refusal(403, "another page asks for this, or none says that it does") }
    }

    // MARK: Who asks

    /// Who asks; nil where that is nobody known. What a request says of itself counts, not the cookie that comes with it.
    func visitor(of request: Request) throws -> Visitor? {
        if let line = request.headers["Authorization"] {
            let words = line.split(separator: " ")
            guard words.count == 2, words[0].lowercased() == "bearer" else { throw Refusal.unknown }
            let admission = try admission(by: String(words[1]))
            return try visitor(admission, showing: Self.pass(of: admission))
        }
        guard let value = request.cookie(cookieName) else { return nil }
        let digest = AccessToken.digest(of: value)
        guard let admission = sessions.find(digest, at: now) else { return nil }
        return try visitor(admission, showing: .cookie(digest))
    }

    /// Who asks; refused where that is nobody known.
    func requireVisitor(of request: Request) throws -> Visitor {
        guard let visitor = try visitor(of: request) else { throw Refusal.unknown }
        return visitor
    }

    /// What a token allows. A wrong one is refused, and how often does not matter: of 256 random bits nobody guesses any.
    func admission(by secret: String) throws -> Admission {
        if AccessToken.digest(of: secret) == AccessToken.digest(of: token) { return .link }
        if let token = try tokens.token(of: secret) { return .token(token) }
        throw Refusal.unknown
    }

    private static func pass(of admission: Admission) -> Pass? {
        switch admission {
        case .link: .link
        case .token(let token): .token(token)
        case .guest: nil
        }
    }

    /// Whoever was let in; nil where that is over.
    func visitor(_ admission: Admission, showing pass: Pass? = nil) throws -> Visitor? {
        switch admission {
        case .link: return Visitor(way: .link, library: library, handle: settings.handle, pass: pass)
        case .token(let token):
            guard try tokens.isGood(token) else { return nil }
            return Visitor(way: .token, library: library, handle: token.person.hex, pass: pass)
        case .guest(let place):
            guard guests[place.id] != nil, now < place.end else { return nil }
            guard let library = place.library else {
                throw Refusal(
                    503, "somebody is just taking your work in", code: "locked", headers: ["Retry-After": "1"])
            }
            return Visitor(way: .guest, library: library, handle: nil, pass: pass)
        }
    }

    /// Whether whoever showed this would still be let in. It counts as use of a session.
    func stillAdmits(_ pass: Pass) -> Bool {
        switch pass {
        case .link: true
        case .token(let token): (try? tokens.isGood(token)) == true
        case .cookie(let digest):
            switch sessions.find(digest, at: now) {
            case nil: false
            case .link: true
            case .token(let token): (try? tokens.isGood(token)) == true
            case .guest(let place): guests[place.id] != nil && now < place.end
            }
        }
    }

    // MARK: Coming and going

    /// Lets somebody in from now on: the line that gives the browser its cookie.
    func admit(_ admission: Admission) -> String {
        let value = Self.secret()
        sessions.add(admission, as: AccessToken.digest(of: value), at: now)
        return cookie(value)
    }

    /// Forgets whoever asks: the line that takes the browser's cookie, and the guest that it was.
    func dismiss(_ request: Request) -> (cookie: String, guest: GuestPlace?) {
        var guest: GuestPlace?
        if let value = request.cookie(cookieName) {
            if case .guest(let place)? = sessions.remove(AccessToken.digest(of: value)) { guest = place }
        }
        return (cookie("", "; Max-Age=0"), guest)
    }

    private func cookie(_ value: String, _ more: String = "") -> String {
        let isSecure = settings.publicURL?.lowercased().hasPrefix("https:") == true
        return "\(cookieName)=\(value); Path=/; HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")\(more)"
    }

    /// Forgets whoever stayed away too long or whose time is over, and answers the guests among them.
    func sweep() -> [GuestPlace] {
        let now = now
        let over = guests.places.filter { $0.end <= now }
        for place in over { sessions.remove(guest: place.id) }
        return over + sessions.sweep(at: now)
    }

    private static func secret() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
