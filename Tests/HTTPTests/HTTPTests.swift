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
    /// Sends a request and collects the body, of which it wants no more than `limit` bytes.
    func send(
        _ request: HTTPRequest, upTo limit: Int, isStopped: () -> Bool = { false }
    ) throws(HTTPError) -> (head: HTTPResponse, body: [UInt8]) {
        var body: [UInt8] = []
        let head = try send(request, isStopped: isStopped) { bytes in
            body.append(contentsOf: bytes)
            return body.count <= limit
        }
        return (head, body)
    }

    /// The body of an answer as text.
    func text(_ request: HTTPRequest) throws -> String {
        String(decoding: try send(request, upTo: 1 << 20).body, as: UTF8.self)
    }
}
