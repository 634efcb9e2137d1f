public import HTTP

/// Where a remote is that is not a folder of this computer.
public enum NetworkAddress: Hashable, Sendable {
    /// At the other end of ssh.
    case ssh(SSHAddress)
    /// At a web server; `user` stands before the host in the URL, if anybody does. A password in a URL is never kept.
    case web(HTTPURL, user: String?)
}

/// Who and what is named at the other end of ssh, as git reads `ssh://user@host:port/path` and `user@host:path`.
public struct SSHAddress: Hashable, Sendable {
    /// The name there; nil leaves it to ssh.
    public let user: String?
    /// The host, or the name that ssh's configuration has for it.
    public let host: String
    /// The port; nil leaves it to ssh.
    public let port: UInt16?
    /// The path of the repository there. It begins with `/` or `~`, or at the home.
    public let path: String

    /// Names a repository.
    public init(user: String?, host: String, port: UInt16?, path: String) {
        self.user = user
        self.host = host
        self.port = port
        self.path = path
    }
}
