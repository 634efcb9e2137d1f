import Catalog
import Guests
import Offbeat
import Serving
import Store

/// Who asks: what is known of them, coming in by a token, and leaving.
enum SessionAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/session", "Who you are", tag: "session", answers: [.json("Session", "Who asks")]
        ) { call in Response(json: try document(of: call)) },
        Route(
            .post, "/api/session", "Come in by a token", tag: "session", need: .nobody, body: .json("Credentials"),
            answers: [.json("Session", "Let in; a cookie comes with it", status: 201)]
        ) { call in
            guard let token = try call.document(upTo: 4096)["token"]?.asString,
                let visitor = call.service.door.visitor(by: token)
            else { throw Refusal(401, "this token is not known here") }
            let document = try document(of: visitor)
            var response = Response(201, json: document)
            response.headers["Set-Cookie"] = call.service.door.admit(visitor)
            return response
        },
        Route(
            .delete, "/api/session", "Leave", tag: "session", answers: [.nothing("Forgotten")]
        ) { call in
            var response = Response(204)
            response.headers["Set-Cookie"] = call.service.door.dismiss(call.request)
            return response
        },
    ]

    private static func document(of call: Call) throws -> JSON {
        guard let visitor = call.visitor else { throw Refusal.unknown }
        return try document(of: visitor)
    }

    private static func document(of visitor: Visitor) throws -> JSON {
        let session = try visitor.session()
        return [
            "user": (session.person?.handle?.text).map(JSON.string) ?? .null,
            "name": (session.person?.name).map(JSON.string) ?? .null, "way": .string(visitor.way.rawValue),
            "guest": session.library.guest.map { .string($0.id.hex) } ?? .null,
            "version": .string(try session.library.version().description),
        ]
    }
}
