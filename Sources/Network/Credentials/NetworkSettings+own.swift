import Git
import HTTP

extension NetworkSettings {
    /// The name and the password that stand in the address of a remote at the same server: with git they count for it.
    func ownCredential(for url: HTTPURL, user: String?) -> Credential? {
        var best: (credential: Credential, length: Int)?
        for line in lines where Self.isAddress(line.name) {
            guard let address = Self.parts(rewritten(line.value)), address.place == url.origin,
                user == nil || user == address.user
            else { continue }
            let length = url.target.hasPrefix(address.path) ? address.path.utf8.count : 0
            if length >= best?.length ?? 0 {
                best = (Credential(user: address.user, password: address.password), length)
            }
        }
        return best?.credential
    }

    private static func isAddress(_ name: String) -> Bool {
        if name == "lfs.url" || name == "lfs.pushurl" { return true }
        return name.hasPrefix("remote.")
            && [".url", ".pushurl", ".lfsurl", ".lfspushurl"].contains { name.hasSuffix($0) }
    }

    /// An address with a name and a password in it, taken apart.
    private static func parts(
        _ address: String
    ) -> (place: String, user: String, password: String, path: String)? {
        guard let colon = address.firstRange(of: "://" as String) else { return nil }
        let rest = address[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let sign = authority.lastIndex(of: "@"), let middle = authority[..<sign].firstIndex(of: ":"),
            let url = try? HTTPURL(String(address[..<colon.upperBound] + rest[rest.index(after: sign)...]))
        else { return nil }
        let user = MatchedURL.decoded(String(authority[..<middle]))
        let password = MatchedURL.decoded(String(authority[authority.index(after: middle)..<sign]))
        return (url.origin, user, password, url.target)
    }
}
