import HTTP

/// A proxy that git's configuration names, taken apart, for one that is told a name without a password there: the password
/// is asked for then, as git does.
struct ProxyAccess {
    /// Where it is asked about at `git credential`.
    let place: CredentialPlace
    private let scheme: Substring
    private let server: Substring

    /// Takes a proxy apart; nil where it has no name, or has a password already, or is none of HTTP.
    init?(_ proxy: HTTPClient.Proxy) {
        guard case .url(let text) = proxy else { return nil }
        let start = text.firstRange(of: "://" as String)
        scheme = start.map { text[..<$0.lowerBound] } ?? "http"
        let rest = start.map { text[$0.upperBound...] } ?? text[...]
        guard let sign = rest.lastIndex(of: "@") else { return nil }
        let user = rest[..<sign]
        server = rest[rest.index(after: sign)...]
        guard !user.isEmpty, !user.contains(":"), let url = try? HTTPURL("\(scheme)://\(server)") else {
            return nil
        }
        place = CredentialPlace(proxy: url, user: MatchedURL.decoded(String(user)))
    }

    /// The proxy with what it is told; nil where that is no name with a password.
    func proxy(telling credential: Credential) -> HTTPClient.Proxy? {
        guard let password = credential["password"] else { return nil }
        let user = credential["username"] ?? place.user ?? ""
        return .url("\(scheme)://\(Self.encoded(user)):\(Self.encoded(password))@\(server)")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                return String(Character(Unicode.Scalar(byte)))
            default: return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
