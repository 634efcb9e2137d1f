import Glibc
import TestSupport

@testable import HTTP

/// A client that takes no notice of this computer's proxies, and is not patient.
func client(
    connect: Duration = .seconds(10), activity: Duration = .seconds(10), certificates: String? = nil,
    proxy: HTTPClient.Proxy = .none
) -> HTTPClient {
    var settings = HTTPClient.Settings()
    settings.connectTimeout = connect
    settings.activityTimeout = activity
    settings.certificateFile = certificates
    settings.proxy = proxy
    return HTTPClient(settings)
}

/// The error that a call throws.
func failure<Value>(_ body: () throws -> Value) -> HTTPError? {
    do { _ = try body() } catch { return error as? HTTPError }
    return nil
}

extension LoopbackServer {
    /// Something to ask for here.
    func at(_ target: String = "/") throws -> HTTPURL { try HTTPURL(url + target) }
}

extension HTTPClient {
    /// The body of an answer as text.
    func text(_ request: HTTPRequest) throws -> String {
        String(decoding: try send(request, upTo: 1 << 20).body, as: UTF8.self)
    }
}
