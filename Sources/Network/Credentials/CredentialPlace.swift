import HTTP

/// What a name and a password are for: never anything else than that.
struct CredentialPlace: Hashable, Sendable {
    let isSecure: Bool
    /// With the port, where that is not the scheme's own.
    let host: String
    /// The path of the repository, where git is configured to tell them apart.
    let path: String?
    let user: String?

    init(_ url: HTTPURL, user: String?, usesPath: Bool) {
        isSecure = url.isSecure
        host = url.place
        self.user = user
        path = usesPath ? Self.repository(of: url) : nil
    }

    /// A proxy.
    init(proxy url: HTTPURL, user: String) {
        isSecure = url.isSecure
        // Without its port a proxy's own would be taken for that of the web.
        host = "\(url.host):\(url.port)"
        path = nil
        self.user = user
    }

    /// What is asked below a repository's path belongs to that.
    private static func repository(of url: HTTPURL) -> String {
        let path = url.target.prefix { $0 != "?" }.drop { $0 == "/" }
        let ends = ["/info/refs", "/git-upload-pack", "/git-receive-pack", "/info/lfs"]
        let start = ends.compactMap { path.firstRange(of: $0)?.lowerBound }.min()
        return MatchedURL.decoded(String(path[..<(start ?? path.endIndex)]))
    }

    /// As it is said to `git credential`.
    var scheme: String { isSecure ? "https" : "http" }
}
