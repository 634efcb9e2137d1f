import HTTP

extension NetworkError {
    /// Says what it means that a request has no answer.
    init(_ error: HTTPError) {
        switch error.code {
        case .unreachable, .timedOut, .cutOff:
            self.init(.offline, error.description, hint: "try again later; what was done so far stays")
        case .tls: self.init(.denied, error.description, hint: error.fault.map(Self.hint))
        case .proxyDenied: self.init(.denied, error.description, hint: Self.proxyHint)
        case .badAnswer:
            self.init(
                .refused, error.description,
                hint: "look at the remote's address and its port, and whether this network wants a login first")
        case .stopped: self.init(.stopped, error.description)
        case .library: self.init(.local, error.description)
        default: self.init(.refused, error.description)
        }
    }

    /// Whether it was the server that was not believed to be the right one. Who is refused says `denied` as well, and has no
    /// message of TLS.
    var isOfTrust: Bool { code == .denied && Self.trustHints.contains { hint == $0 } }

    private static let trustHints: [String] = HTTPError.TrustFault.allCases.map(hint)

    /// What to do about a proxy that wants to know who asks.
    static let proxyHint = "set a name and a password in http.proxy: http://name:password@host:port"

    /// What to do about a server that is not trusted, or does not trust us.
    private static func hint(_ fault: HTTPError.TrustFault) -> String {
        switch fault {
        case .expired:
            "its certificate is too old: whoever runs the server has to renew it; or this computer's clock is wrong"
        case .notYetValid: "its certificate is not valid yet: look at this computer's clock"
        case .otherName: "its certificate is for another name: look at the address"
        case .selfSigned, .unknownIssuer:
            "if it is the right server, get its certificate and name it: git config --global http.sslCAInfo FILE"
        case .badCertificate: "whoever runs the server has to look at its certificate"
        case .trustedFile: "look at http.sslCAInfo and http.sslCAPath"
        case .ownCertificate:
            "look at http.sslCert and http.sslKey; a key that is locked by a password cannot be used"
        case .noAgreement: "it may not speak TLS 1.2 or later, or not at all: look at the address and its port"
        }
    }
}
