/// Why a request has no answer, in one line.
///
/// An answer is never an error, whatever its status says. No part of a URL but the host and the port is ever in the words,
/// and no header: either may hold secrets.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// Its name.
        public let rawValue: String

        /// Takes any name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The server, or the proxy on the way to it, cannot be reached: no such name, no route, nobody listens.
        public static let unreachable = Code(rawValue: "unreachable")
        /// The proxy wants to know who asks.
        public static let proxyDenied = Code(rawValue: "proxy-denied")
        /// There is no connection that can be trusted.
        public static let tls = Code(rawValue: "tls")
        /// It took too long to connect, nothing came or went for too long, or the whole took too long.
        public static let timedOut = Code(rawValue: "timed-out")
        /// The caller wanted an end.
        public static let stopped = Code(rawValue: "stopped")
        /// The connection ended before the answer did.
        public static let cutOff = Code(rawValue: "cut-off")
        /// The answer is larger than the caller takes.
        public static let tooLarge = Code(rawValue: "too-large")
        /// What should be a URL is none that may be asked.
        public static let badURL = Code(rawValue: "bad-url")
        /// A header of the request cannot be sent.
        public static let badHeader = Code(rawValue: "bad-header")
        /// What answered does not speak HTTP as it should.
        public static let badAnswer = Code(rawValue: "bad-answer")
        /// libcurl is missing, too old, or out of memory.
        public static let library = Code(rawValue: "library")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, where, and what can be done, in one line.
    public let description: String
    /// False only where it is certain that no byte of the request left for the server; a server that got a part of it may
    /// have acted on it.
    public let mayHaveArrived: Bool

    /// What is missing where there is no connection that can be trusted.
    public let fault: TrustFault?

    /// Why a server, or this side, is not trusted.
    public enum TrustFault: String, Sendable, Hashable, CaseIterable {
        /// The server's certificate is too old.
        case expired
        /// It begins to hold only later; or the clock of one of both is wrong.
        case notYetValid
        /// It is for a host of another name.
        case otherName
        /// The server signed it itself.
        case selfSigned
        /// Whoever signed it is not trusted here, or the server does not say who that is.
        case unknownIssuer
        /// There is something else about it that is wrong.
        case badCertificate
        /// The file with the certificates that are trusted cannot be read.
        case trustedFile
        /// The server wants a certificate from this side that it knows, or ours cannot be read.
        case ownCertificate
        /// Both sides do not come together: no TLS at all there, or another version.
        case noAgreement
    }

    init(_ code: Code, _ words: String, mayHaveArrived: Bool = false, fault: TrustFault? = nil) {
        self.code = code
        self.description = words
        self.mayHaveArrived = mayHaveArrived
        self.fault = fault
    }

    /// The same where a request has been sent before.
    var afterOthers: HTTPError { HTTPError(code, description, mayHaveArrived: true, fault: fault) }
}
