import Catalog
import Guests
import Offbeat
import Serving
import Store

/// Who asks: what is known of them, coming in by a token or as a guest, and leaving.
enum SessionAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/session", "Who you are", tag: "session", answers: [.json("Session", "Who asks")]
        ) { call in
            guard let visitor = call.visitor else { throw Refusal.unknown }
            return Response(json: try document(of: visitor))
        },
        Route(
            .post, "/api/session", "Come in: by a token, or without one as a guest", tag: "session", need: .nobody,
            body: .json("Credentials", limit: 4096),
            answers: [.json("Session", "Let in; a cookie comes with it", status: 201)]
        ) { call in try comeIn(call) },
        Route(
            .delete, "/api/session", "Leave; a guest's work goes with it", tag: "session",
            answers: [.nothing("Forgotten")]
        ) { call in
            var response = Response(204)
            let (cookie, guest) = call.service.door.dismiss(call.request)
            if let guest { call.service.dismiss(guest) }
            response.headers["Set-Cookie"] = cookie
            return response
        },
        Route(
            .post, "/api/session/offer", "As a guest, send your work to a person", tag: "session",
            body: .json("OfferRequest", limit: 8192), answers: [.json("Offer", "Sent")]
        ) { call in
            guard let visitor = call.visitor else { throw Refusal.unknown }
            let document = try call.document(upTo: 8192)
            guard let to = document["to"]?.asString else {
                throw Refusal(400, "to has to be the handle of a person")
            }
            let note = try text("note", of: document)
            let offer = try visitor.library.offerWork(to: to, note: note)
            call.service.events.tellOfGuests()
            return Response(json: GuestAPI.document(of: offer, to: to))
        },
    ]

    private static func comeIn(_ call: Call) throws -> Response {
        let service = call.service
        guard let document = try call.document(upTo: 4096).asObject else {
            throw Refusal(400, "an object is wanted")
        }
        let admission: Admission
        if let token = try text("token", of: .object(document)) {
            admission = try service.door.admission(by: token)
        } else {
            guard service.settings.letsGuestsIn else { throw Refusal.unknown }
            admission = .guest(try service.welcomeGuest())
        }
        do {
            guard let visitor = try service.door.visitor(admission) else { throw Refusal.unknown }
            var response = Response(201, json: try self.document(of: visitor))
            response.headers["Set-Cookie"] = service.door.admit(admission)
            return response
        } catch {
            if case .guest(let place) = admission { service.dismiss(place) }
            throw error
        }
    }

    /// A text of a document, which may be missing or null.
    private static func text(_ name: String, of document: JSON) throws -> String? {
        switch document[name] {
        case nil, .null?: return nil
        case let value?:
            guard let text = value.asString else { throw Refusal(400, "\(name) has to be text") }
            return text
        }
    }

    private static func document(of visitor: Visitor) throws -> JSON {
        let session = try visitor.session()
        let guest = session.library.guest
        return [
            "user": (session.person?.handle?.text).map(JSON.string) ?? .null,
            "name": (session.person?.name).map(JSON.string) ?? .null, "way": .string(visitor.way.rawValue),
            "guest": guest.map { .string($0.id.hex) } ?? .null,
            "expires": guest.map { .string(Timestamp(milliseconds: $0.expires).description) } ?? .null,
            "version": .string(try session.library.version().description),
        ]
    }
}

extension Schemas {
    static let session: JSONObject = [
        "Credentials": object(["token": ["type": "string", "maxLength": 1000]], required: []),
        "Session": object(
            [
                "user": optionalText, "name": optionalText,
                "way": ["type": "string", "enum": ["link", "token", "guest"]],
                "guest": optionalText, "expires": optionalText, "version": text,
            ], required: ["user", "way", "guest", "version"]),
        "OfferRequest": object(
            [
                "to": text,
                "note": ["type": ["string", "null"], "maxLength": .integer(Int64(GuestOffer.noteLimit))],
            ],
            required: ["to"]),
        "Offer": object(["to": text, "note": optionalText, "at": text], required: ["to", "note", "at"]),
    ]
}
