import Catalog
import Guests
import Offbeat
import Serving
import Store

/// Guests whose work was sent to whoever asks, and what becomes of it.
enum GuestAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/guests", "The guests whose work was sent to you, or who work for you", tag: "guests",
            answers: [.json("GuestList", "The guests, the oldest first; all of them for whoever has the link")]
        ) { call in
            let session = try call.session()
            let guests = try guests(of: call, session)
            return Response(json: ["guests": .array(try guests.map { try document(of: $0, session) })])
        },
        Route(
            .post, "/api/guests/{id}/keep", "Take a guest's work into the library", tag: "guests",
            answers: [.json("KeptGuest", "It is in; the guest is gone")]
        ) { call in
            let session = try call.session()
            let guest = try guest(of: call, session)
            let kept = try call.service.withClosed(guest.scratch.id) { () throws(Failure) in
                try session.keepGuest(guest.scratch.id.hex)
            }
            call.service.events.tellOfGuests()
            return Response(json: [
                "guest": .string(kept.id.hex), "version": .string(kept.absorbed.to.description),
                "from": .string(kept.absorbed.from.description), "changes": .integer(Int64(kept.changes.count)),
                "conflicts": .integer(Int64(kept.absorbed.report.conflicts.count)),
            ])
        },
        Route(
            .delete, "/api/guests/{id}", "Discard a guest's work", tag: "guests", answers: [.nothing("Gone")]
        ) { call in
            let session = try call.session()
            let guest = try guest(of: call, session)
            _ = try call.service.withClosed(guest.scratch.id) { () throws(Failure) in
                try session.endGuest(guest.scratch.id.hex)
            }
            call.service.events.tellOfGuests()
            return Response(204)
        },
    ]

    /// Those that whoever asks has to do with.
    private static func guests(of call: Call, _ session: Session) throws -> [GuestSummary] {
        let isHost = call.visitor?.way == .link
        return try session.guests().filter { guest in
            if isHost { return true }
            guard let person = session.person?.id else { return false }
            return guest.offer?.person == person || guest.scratch.pass.person == person
        }
    }

    private static func guest(of call: Call, _ session: Session) throws -> GuestSummary {
        let id = call["id"]
        guard let found = try guests(of: call, session).first(where: { $0.scratch.id.hex == id }) else {
            throw Refusal(404, "there is no such guest")
        }
        return found
    }

    private static func document(of guest: GuestSummary, _ session: Session) throws -> JSON {
        let pass = guest.scratch.pass
        let offer = guest.offer
        let to = try offer.map { offer in
            try session.people().first { $0.id == offer.person }?.handle?.text ?? offer.person.hex
        }
        return [
            "guest": .string(pass.id.hex), "person": guest.person.map(JSON.string) ?? .null,
            "started": .string(Timestamp(milliseconds: pass.started).description),
            "expires": .string(Timestamp(milliseconds: pass.expires).description),
            "inUse": .bool(guest.isInUse), "bytes": guest.usage.map { .integer($0.bytes) } ?? .null,
            "records": guest.usage.map { .integer(Int64($0.records)) } ?? .null,
            "offer": offer.map { document(of: $0, to: to ?? "") } ?? .null,
        ]
    }

    static func document(of offer: GuestOffer, to handle: String) -> JSON {
        [
            "to": .string(handle), "note": offer.note.map(JSON.string) ?? .null,
            "at": .string(Timestamp(milliseconds: offer.moment).description),
        ]
    }
}

extension Schemas {
    static let guests: JSONObject = [
        "Guest": object(
            [
                "guest": text, "person": optionalText, "started": text, "expires": text,
                "inUse": ["type": "boolean"],
                "bytes": ["type": ["integer", "null"]], "records": ["type": ["integer", "null"]],
                "offer": ["anyOf": [reference("Offer"), ["type": "null"]]],
            ], required: ["guest", "person", "started", "expires", "inUse", "bytes", "records", "offer"]),
        "GuestList": object(
            ["guests": ["type": "array", "items": reference("Guest")]], required: ["guests"]),
        "KeptGuest": object(
            [
                "guest": text, "version": text, "from": text, "changes": ["type": "integer"],
                "conflicts": ["type": "integer"],
            ], required: ["guest", "version", "from", "changes", "conflicts"]),
    ]
}
