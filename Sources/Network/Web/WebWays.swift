import Git
import HTTP
import Synchronization

/// How a server is asked, as git's configuration says.
struct WebWay: Sendable {
    let settings: HTTPClient.Settings
    /// The proxy whose password may have to be asked for, if there is such a one.
    let proxy: ProxyAccess?
    /// Headers for servers that are told who asks, and for others.
    let personHeaders: [(name: String, value: String)]
    let anonymousHeaders: [(name: String, value: String)]
    /// Whether names and passwords are for one repository each, and not for all of the server.
    let usesPath: Bool

    init(to url: HTTPURL, user: String?, by settings: NetworkSettings, remote: String?) {
        self.settings = settings.client(for: url, user: user, remote: remote)
        proxy = ProxyAccess(self.settings.proxy)
        personHeaders = settings.extraHeaders(for: url, user: user, isForPerson: true)
        anonymousHeaders = settings.extraHeaders(for: url, user: user, isForPerson: false)
        let value = settings.value("credential", "usehttppath", for: NetworkSettings.address(url, user))
        usesPath = value.flatMap(Setting.flag) == true
    }

    /// The request with the headers of git's configuration, where it has not its own.
    func completed(_ request: HTTPRequest, isForPerson: Bool) -> HTTPRequest {
        let headers = isForPerson ? personHeaders : anonymousHeaders
        if headers.isEmpty { return request }
        var request = request
        let own = Set(request.headers.lines.map { $0.name.lowercased() })
        for line in headers where !own.contains(line.name.lowercased()) {
            request.headers.append(line.name, line.value)
        }
        return request
    }
}

/// The ways to servers, found out once for each: a configuration is long, and requests are many.
final class WebWays: Sendable {
    private let settings: NetworkSettings
    private let remote: String?
    /// Whether what counts may be another for another path of the same server; nothing is kept then.
    private let dependsOnPath: Bool
    private let known = Mutex<[String: WebWay]>([:])
    private let clients = Mutex<[HTTPClient.Settings: HTTPClient]>([:])

    init(_ settings: NetworkSettings, remote: String?) {
        self.settings = settings
        self.remote = remote
        dependsOnPath = settings.dependsOnPath
    }

    func way(to url: HTTPURL, user: String?) -> WebWay {
        if dependsOnPath { return WebWay(to: url, user: user, by: settings, remote: remote) }
        let server = user.map { "\($0)@\(url.origin)" } ?? url.origin
        if let way = known.withLock({ $0[server] }) { return way }
        let way = WebWay(to: url, user: user, by: settings, remote: remote)
        known.withLock { $0[server] = way }
        return way
    }

    /// Who sends: one for each way to connect. Most people have one, since few settings differ between servers.
    func client(_ settings: HTTPClient.Settings) -> HTTPClient {
        clients.withLock { clients in
            if let client = clients[settings] { return client }
            let client = HTTPClient(settings)
            clients[settings] = client
            return client
        }
    }
}
