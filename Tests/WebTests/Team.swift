import Catalog
import Files
import HTTP
import Offbeat
import TestSupport
import Testing

@testable import Web

/// One library that two people use, each by a server of their own: Ana, who owns the workspace `band`, and Ben.
struct Team {
    let ana: Stage
    let ben: Stage

    /// Calls `body` with a library in which Ben has a role in Ana's workspace; none, where there is no role.
    static func with(_ role: Role? = nil, _ body: (Team) throws -> Void) throws {
        try Stage.with { ana in
            #expect(try ana.ask(.post, "/api/people", ["handle": "ben", "name": "Ben"]).status == 201)
            #expect(try ana.ask(.post, "/api/workspaces", ["slug": "band", "zone": "Europe/Berlin"]).status == 201)
            if let role {
                let path = "/api/workspaces/band/members/ben"
                #expect(try ana.ask(.put, path, ["role": .string(role.rawValue)]).status == 200)
            }
            try ana.beside(as: "ben") { ben in try body(Team(ana: ana, ben: ben)) }
        }
    }
}

extension Stage {
    /// Calls `body` with another server of the same library, for another person.
    func beside(as handle: String, _ body: (Stage) throws -> Void) throws {
        var settings = PageSettings(
            folder: FilePath(#filePath).parent.parent.parent.appending("Sources/Web/Page"))
        settings.port = 0
        settings.handle = handle
        let server = try PageServer(library, settings)
        defer { server.stop(within: 1) }
        try body(Stage(folder: folder, library: library, server: server))
    }

    /// The headers of who has the link, and more.
    func headers(_ more: (String, String)...) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Authorization": "Bearer \(server.token)"]
        for (name, value) in more { headers[name] = value }
        return headers
    }

    /// Sends bytes as they are.
    func send(_ method: HTTPRequest.Method, _ path: String, bytes: [UInt8], type: String) throws -> Reply {
        var request = HTTPRequest(
            method, try HTTPURL(server.url + path), headers: headers(("Content-Type", type)))
        request.body = .bytes(bytes)
        var body: [UInt8] = []
        let response = try HTTPClient().send(request) { bytes in
            body += bytes
            return true
        }
        return Reply(status: response.status, headers: response.headers, body: body)
    }

    /// Writes a post in the workspace `band`, and answers its path.
    func write(_ text: String = "Out now", _ more: JSONObject = [:]) throws -> String {
        var document = more
        document["text"] = .string(text)
        let reply = try ask(.post, "/api/workspaces/band/posts", .object(document))
        #expect(reply.status == 201, "\(reply.text)")
        return "/api/workspaces/band/posts/\(try #require(reply.json()["post"]?["id"]?.asString))"
    }

    /// Takes a step with a post, and answers how it stands then, or the status where it is refused.
    func step(_ step: String, _ path: String, _ document: JSON? = nil) throws -> String {
        let reply = try ask(.post, "\(path)/\(step)", document)
        guard reply.status == 200 else { return "\(reply.status)" }
        return try #require(reply.json()["post"]?["state"]?.asString)
    }
}
