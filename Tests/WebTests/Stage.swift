import Catalog
import Files
import HTTP
import Offbeat
import Store
import TestSupport

@testable import Web

/// A library that is served, and somebody who asks.
struct Stage {
    let folder: FilePath
    let library: Library
    let server: PageServer
    let client = HTTPClient()

    /// What came back.
    struct Reply {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func json() throws -> JSON { try JSON.parse(body) }
    }

    /// Calls `body` with a library that one person uses, Ana.
    static func with(_ change: (inout PageSettings) -> Void = { _ in }, _ body: (Stage) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let context = StoreContext(
                now: { UInt64(SystemClock.wallMilliseconds()) }, utcOffset: { _ in 60 }, machine: Array("web".utf8))
            let library = try Library.create(
                at: folder.appending("store"), seed: StoreSeed(name: "Band", handle: Handle("ana")),
                context: context)
            var settings = PageSettings(folder: pages)
            settings.port = 0
            // Nothing changes a library but what a test does; who tries that, says so.
            settings.analyzesArrivals = false
            change(&settings)
            let server = try PageServer(library, settings)
            defer { server.stop(within: 1) }
            try body(Stage(folder: folder, library: library, server: server))
        }
    }

    static var pages: FilePath {
        FilePath(#filePath).parent.parent.parent.appending("Sources/Web/Page")
    }

    /// Asks; as whoever has the link, unless the headers say otherwise.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ document: JSON? = nil, headers: HTTPHeaders? = nil
    ) throws -> Reply {
        var request = HTTPRequest(
            method, try HTTPURL(server.url + path), headers: headers ?? ["Authorization": "Bearer \(server.token)"])
        if let document {
            request.headers["Content-Type"] = "application/json"
            request.body = .bytes(document.compact())
        }
        var body: [UInt8] = []
        let response = try client.send(request) { bytes in
            body += bytes
            return true
        }
        return Reply(status: response.status, headers: response.headers, body: body)
    }

    /// Adds a made-up sound, and answers its id.
    func addSound(_ name: String = "song", seed: UInt64 = 1) throws -> String {
        let file = folder.appending("\(name).wav")
        try FileSystem.write(noise(seed: seed), to: file)
        let outcome = try library.session().add(AddRequest(paths: [file]))
        return outcome.added.first?.id.description ?? ""
    }
}
