import HTTP
import Network
import TestSupport

/// The error that a call throws.
func refusal<Value>(_ body: () throws -> Value) -> NetworkError? {
    do { _ = try body() } catch { return error as? NetworkError }
    return nil
}

extension LoopbackServer {
    /// Something to ask for here.
    func at(_ target: String = "/") throws -> HTTPURL { try HTTPURL(url + target) }
}
