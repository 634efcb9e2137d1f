import HTTP

extension LFSEndpoint {
    /// Reads what a setting says.
    static func address(_ text: String) throws(NetworkError) -> NetworkAddress {
        if let colons = text.firstRange(of: "://") {
            let scheme = text[..<colons.lowerBound].lowercased()
            let rest = text[colons.upperBound...]
            let authority = rest.prefix { $0 != "/" }
            let path = String(rest[authority.endIndex...])
            let at = authority.lastIndex(of: "@")
            let user = at.map { String(authority[..<$0].prefix { $0 != ":" }) }
            let host = at.map { authority[authority.index(after: $0)...] } ?? authority
            if scheme == "http" || scheme == "https" {
                do throws(HTTPError) {
                    return .web(try HTTPURL("\(scheme)://\(host)\(path)"), user: user)
                } catch { throw NetworkError(.refused, error.description) }
            }
            let parts = host.split(separator: ":")
            if ["ssh", "git+ssh", "ssh+git"].contains(scheme), let name = parts.first {
                let port = parts.count > 1 ? UInt16(String(parts[1])) : nil
                return .ssh(SSHAddress(user: user, host: String(name), port: port, path: path))
            }
        } else if let colon = text.firstIndex(of: ":"), !text.hasPrefix("/"), !text.hasPrefix("-"),
            !text[colon...].hasPrefix("::")
        {
            let place = text[..<colon]
            let at = place.lastIndex(of: "@")
            let user = at.map { String(place[..<$0]) }
            let host = at.map { place[place.index(after: $0)...] } ?? place
            let path = String(text[text.index(after: colon)...])
            return .ssh(SSHAddress(user: user, host: String(host), port: nil, path: path))
        }
        throw NetworkError(.refused, "it is neither a web address nor one for ssh")
    }
}
