import Git
import HTTP

/// What counts for HTTP. Variables of the environment weigh more than lines, as with git.
extension NetworkSettings {
    /// How a URL is asked for.
    ///
    /// - Parameters:
    ///   - user: who is asked for, where that is known: lines may be for one user alone.
    ///   - remote: the remote that it belongs to, which may have a proxy of its own.
    func client(for url: HTTPURL, user: String? = nil, remote: String?) -> HTTPClient.Settings {
        let address = Self.address(url, user)
        func value(_ key: String) -> String? { self.value("http", key, for: address) }
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        var settings = HTTPClient.Settings()
        settings.userAgent = variable("GIT_HTTP_USER_AGENT") ?? value("useragent") ?? Self.userAgent
        settings.checksServers =
            environment["GIT_SSL_NO_VERIFY"] == nil && value("sslverify").flatMap(Setting.flag) ?? true
        // After git's own come those that curl and OpenSSL know.
        settings.certificateFile =
            (variable("GIT_SSL_CAINFO") ?? value("sslcainfo") ?? variable("CURL_CA_BUNDLE")
            ?? variable("SSL_CERT_FILE")).map(path)
        settings.certificateFolder =
            (variable("GIT_SSL_CAPATH") ?? value("sslcapath") ?? variable("SSL_CERT_DIR")).map(path)
        settings.identity = (variable("GIT_SSL_CERT") ?? value("sslcert")).map {
            .init(certificate: path($0), key: (variable("GIT_SSL_KEY") ?? value("sslkey")).map(path))
        }
        settings.slowest = pace(value, variable)
        settings.proxy = proxy(for: address, remote: remote)
        return settings
    }

    /// The URL as git would see it, with the user in it.
    static func address(_ url: HTTPURL, _ user: String?) -> String {
        guard let user, let end = url.description.firstRange(of: "://" as String)?.upperBound else {
            return url.description
        }
        return url.description[..<end] + PercentCoding.encode(user).replacing("/", with: "%2F")
            + "@" + url.description[end...]
    }

    /// Some servers speak git only with those whose name begins so.
    private static let userAgent = "git/2.0 (offbeat)"

    private func pace(
        _ value: (String) -> String?, _ variable: (String) -> String?
    ) -> HTTPClient.Pace? {
        let bytes = (variable("GIT_HTTP_LOW_SPEED_LIMIT") ?? value("lowspeedlimit")).flatMap(Setting.number)
        let seconds = (variable("GIT_HTTP_LOW_SPEED_TIME") ?? value("lowspeedtime")).flatMap(Setting.number)
        guard let bytes, let seconds, bytes > 0, 1...86_400 ~= seconds else { return nil }
        return .init(bytes: bytes, seconds: seconds)
    }

    private func proxy(for address: String, remote: String?) -> HTTPClient.Proxy {
        let own = remote.flatMap { self["remote.\($0).proxy"] }
        guard let proxy = own ?? value("http", "proxy", for: address) else { return .environment }
        return proxy.isEmpty ? .none : .url(proxy)
    }

    /// A path as git reads one in its configuration.
    private func path(_ text: String) -> String {
        guard text.hasPrefix("~/"), let home = environment["HOME"] else { return text }
        return home + text.dropFirst(1)
    }

    /// The header lines that are sent in any case. An empty value takes those before it away.
    ///
    /// - Parameter isForPerson: whether the server is told who asks. If not, it only gets what was meant for its URL: such a
    ///   header may be a secret, and one that was given for all URLs is for the remote.
    func extraHeaders(for url: HTTPURL, user: String? = nil, isForPerson: Bool) -> [(name: String, value: String)] {
        var lines: [(name: String, value: String)] = []
        for line in scoped("http", "extraheader", for: Self.address(url, user)) {
            if line.value.isEmpty { lines = [] }
            guard isForPerson || line.isForURL, let colon = line.value.firstIndex(of: ":") else { continue }
            let value = line.value[line.value.index(after: colon)...]
            lines.append((String(line.value[..<colon]), String(value.drop { $0 == " " })))
        }
        return lines
    }

    /// Where git follows redirects.
    enum Redirects { case never, first, always }

    /// Where redirects of a URL are followed.
    func redirects(for url: HTTPURL) -> Redirects {
        guard let value = value("http", "followredirects", for: url.description) else { return .first }
        switch Setting.flag(value) {
        case true: return .always
        case false: return .never
        case nil: return .first
        }
    }
}
