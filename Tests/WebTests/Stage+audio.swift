import Catalog
import Files
import HTTP
import Offbeat
import TestSupport

@testable import Web

extension Stage {
    /// Sends bytes as they are; as whoever has the link, unless the headers say otherwise.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: HTTPRequest.Body, headers: HTTPHeaders = [:]
    ) throws -> Reply {
        var request = HTTPRequest(method, try HTTPURL(server.url + path), headers: headers)
        request.headers["Authorization"] = "Bearer \(server.token)"
        request.body = body
        var bytes: [UInt8] = []
        let response = try HTTPClient().send(request) { piece in
            bytes += piece
            return true
        }
        return Reply(status: response.status, headers: response.headers, body: bytes)
    }

    /// What lies where files are written before they have their names, once nobody is at it.
    func leftovers() throws -> [String] {
        let folder = library.path.appending("lfs/tmp")
        for _ in 0..<500 {
            if try FileSystem.list(folder).isEmpty { return [] }
            SystemClock.sleep(seconds: 0.005)
        }
        return try FileSystem.list(folder).map(\.name.string)
    }

    /// How many files are stored.
    func storedFiles() throws -> Int {
        var count = 0
        for case .file in DirectoryWalk(library.path.appending("lfs/objects"), entering: { _ in true }) {
            count += 1
        }
        return count
    }
}
