public import Offbeat
import Serving

/// A library that is served, from when it is made until it is stopped.
public final class PageServer: Sendable {
    /// Where it is reached.
    public let url: String
    /// Lets in whoever has it, as long as the server runs: it is made anew at each start.
    public let token: String
    let server: Server
    let service: Service

    /// Where a browser begins: it gets a cookie there, and the token is no longer seen.
    public var link: String { "\(url)/?token=\(token)" }

    /// Begins to serve a library.
    public init(_ library: Library, _ settings: PageSettings) throws(Failure) {
        if library.guest != nil {
            throw Failure(.notAllowed, "a guest may not serve a library", hint: "serve the library itself")
        }
        try Self.requireTokens(library, settings)
        let service = try Service(library, settings)
        var listening = ServerSettings()
        (listening.address, listening.port) = (settings.address, settings.port)
        do throws(ServingError) {
            server = try Server(listening) { request in service.answer(request) }
        } catch {
            throw Failure(.io, "\(error)", hint: "choose another with --port")
        }
        let host = settings.address.contains(":") ? "[\(settings.address)]" : settings.address
        url = settings.publicURL ?? "http://\(host):\(server.port)"
        token = service.door.token
        self.service = service
        service.begin(at: server.port)
    }

    /// Others than this computer's own people come in as somebody, or not at all.
    private static func requireTokens(_ library: Library, _ settings: PageSettings) throws(Failure) {
        let isLocal = settings.address.hasPrefix("127.") || settings.address == "::1"
        if isLocal { return }
        guard try library.tokens().isEmpty else { return }
        throw Failure(
            .notAllowed, "\(settings.address) can be reached from other computers, and nobody has a token yet",
            hint: "`offbeat user token HANDLE` makes one for a person; or leave out --host")
    }

    deinit { stop(within: 0) }

    /// Stops: what is under way has so many seconds to come to its end.
    public func stop(within seconds: Double) {
        service.stop()
        server.stop(within: seconds)
        service.end()
    }
}
