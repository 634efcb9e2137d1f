import HTTP
import TestSupport

@testable import Network

/// The error that a call throws.
func refusal<Value>(_ body: () throws -> Value) -> NetworkError? {
    do { _ = try body() } catch { return error as? NetworkError }
    return nil
}

extension LoopbackServer {
    /// Something to ask for here.
    func at(_ target: String = "/") throws -> HTTPURL { try HTTPURL(url + target) }
}

extension WebClient {
    /// Sends a request and collects the body, of `limit` bytes at most.
    func send(
        _ request: HTTPRequest, as access: Access, upTo limit: Int, isStopped: () -> Bool = { false }
    ) throws(NetworkError) -> (head: HTTPResponse, body: [UInt8]) {
        try Self.collecting(upTo: limit, from: request.url) { (take) throws(NetworkError) in
            try send(request, as: access, isStopped: isStopped, onBody: take)
        }
    }
}
