public import HTTP

/// Where the git-lfs server of a remote is.
public struct LFSEndpoint: Sendable, Hashable {
    /// Below which its requests are asked, such as `https://host/team/songs.git/info/lfs`.
    public let url: HTTPURL
    /// The name before the host in the address, if anybody's.
    public let user: String?
    /// Who is asked first where that is, and what opens it; nil where it is asked itself.
    public let ssh: SSHAddress?

    /// Names a server.
    public init(url: HTTPURL, user: String? = nil, ssh: SSHAddress? = nil) {
        self.url = url
        self.user = user
        self.ssh = ssh
    }
}

extension LFSEndpoint {
    /// Finds the server as git-lfs does: `lfs.url`, then `remote.<name>.lfsurl`, for uploads `lfs.pushurl` and
    /// `remote.<name>.lfspushurl` before either, else by the address of the remote.
    ///
    /// - Parameters:
    ///   - name: the remote's name in the settings.
    ///   - address: where git reaches it for this operation.
    ///   - lfsconfig: what `.lfsconfig` of the remote's version says. Anybody may have written it, so it only counts
    ///     where the settings are silent, and only with the settings that git-lfs takes from there.
    public static func find(
        for operation: TransferDirection, of name: String, at address: NetworkAddress, settings: NetworkSettings,
        lfsconfig: LFSConfig = LFSConfig()
    ) throws(NetworkError) -> LFSEndpoint {
        var keys = ["lfs.url", "remote.\(name).lfsurl"]
        if operation == .upload {
            keys.insert("remote.\(name).lfspushurl", at: 1)
            keys.insert("lfs.pushurl", at: 0)
        }
        for key in keys {
            if let text = settings[key], !text.isEmpty {
                return try explicit(text, from: "the setting \(key)", operation, settings)
            }
            if let text = lfsconfig[key], !text.isEmpty {
                return try explicit(text, from: "\(key) in .lfsconfig", operation, settings)
            }
        }
        return try guess(address)
    }

    private static func explicit(
        _ text: String, from place: String, _ operation: TransferDirection, _ settings: NetworkSettings
    ) throws(NetworkError) -> LFSEndpoint {
        do throws(NetworkError) {
            switch try NetworkAddress(settings.rewritten(text, forPush: operation == .upload)) {
            case .web(let url, let user): return LFSEndpoint(url: url, user: user)
            case .ssh(let address): return LFSEndpoint(url: try web(address, below: ""), ssh: address)
            }
        } catch {
            throw NetworkError(
                .refused, "\(place) is not the address of a git-lfs server: \(error.message)",
                hint: "it has to be https://host/path, or ssh://host/path")
        }
    }

    /// The server that a remote has by itself.
    static func guess(_ address: NetworkAddress) throws(NetworkError) -> LFSEndpoint {
        switch address {
        case .web(let url, let user):
            let path = String(url.target.prefix { $0 != "?" })
            return LFSEndpoint(url: try parsed(url.origin + below(path)), user: user)
        case .ssh(let address):
            if let url = try azure(address) { return LFSEndpoint(url: url) }
            return LFSEndpoint(url: try web(address, below: "/info/lfs"), ssh: address)
        }
    }

    /// Azure DevOps has git by ssh, and git-lfs by https alone.
    private static func azure(_ address: SSHAddress) throws(NetworkError) -> HTTPURL? {
        guard ["ssh.dev.azure.com", "vs-ssh.visualstudio.com"].contains(address.host.lowercased()) else {
            return nil
        }
        let parts = address.path.split(separator: "/").map { PercentCoding.encode(String($0)) }
        guard parts.count == 4, parts[0] == "v3" else { return nil }
        return try parsed("https://dev.azure.com/\(parts[1])/\(parts[2])/_git/\(parts[3])/info/lfs")
    }

    private static func below(_ path: String) -> String {
        let path = path.hasSuffix("/") ? String(path.dropLast()) : path
        return path + (path.hasSuffix(".git") ? "" : ".git") + "/info/lfs"
    }

    /// The web server that is taken to stand beside the one at the other end of ssh.
    private static func web(_ address: SSHAddress, below: String) throws(NetworkError) -> HTTPURL {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        let path = PercentCoding.encode(address.path.hasPrefix("/") ? address.path : "/\(address.path)")
        return try parsed("https://\(host)\(below.isEmpty ? path : Self.below(path))")
    }

    private static func parsed(_ text: String) throws(NetworkError) -> HTTPURL {
        do throws(HTTPError) { return try HTTPURL(text) } catch {
            throw NetworkError(
                .refused, "there is no telling where the remote's git-lfs server is: \(error.description)",
                hint: "`git config lfs.url https://…` in the store says where it is")
        }
    }
}
