/// What a server answered, without the body.
public struct HTTPResponse: Sendable, Hashable {
    /// The status, such as 200.
    public let status: Int
    /// The header lines in their order.
    public let headers: HTTPHeaders
    /// What was asked in the end: another than in the request only where redirects are followed.
    public let url: HTTPURL
    /// Where a redirect leads that was not followed. Only known once the answer is over, not yet in `onHead`.
    public let next: HTTPURL?

    init(status: Int, headers: HTTPHeaders, url: HTTPURL, next: HTTPURL? = nil) {
        self.status = status
        self.headers = headers
        self.url = url
        self.next = next
    }

    /// Whether what was wanted was done.
    public var isSuccess: Bool { 200...299 ~= status }
}
