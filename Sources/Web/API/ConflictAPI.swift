import Catalog
import Offbeat
import Serving
import Store

/// What two people changed apart, and waits for a decision.
enum ConflictAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/conflicts", "List what waits for a decision", tag: "conflicts",
            answers: [.json("ConflictList", "The fields, with what stands and what lost")]
        ) { call in Response(json: ["conflicts": try call.session().conflicts().json]) },
        Route(
            .post, "/api/conflicts/{id}/{field}", "Decide a field", tag: "conflicts", body: .json("Decision"),
            answers: [.json("Decided", "The record as it is now")]
        ) { call in
            let choice = try choice(of: call.form("take", "value"))
            return Response(
                json: try call.session().resolve(call["id"], field: call["field"], taking: choice).json)
        },
    ]

    private static func choice(of form: Form) throws -> ResolveChoice {
        guard form.has("take") != form.has("value") else {
            throw Refusal(400, "a decision is either take or value")
        }
        if form.has("value") { return .value(try value(of: form)) }
        if form["take"]?.asString == "current" { return .current }
        guard let number = form["take"]?.asInteger, let place = Int(exactly: number), place > 0 else {
            throw Refusal(400, "take has to be current, or a number from 1")
        }
        return .other(place)
    }

    /// A value as a person writes it; null takes it away.
    private static func value(of form: Form) throws -> String {
        switch form["value"] {
        case nil: return ""
        case .string(let text)?: return text
        case .bool(let truth)?: return "\(truth)"
        case let value? where value.asDouble != nil: return value.description
        default: throw Refusal(400, "value has to be text, a number, true, false or null")
        }
    }

    static let schemas: JSONObject = [
        "ConflictList": Schemas.whole([
            "conflicts": Schemas.list(
                Schemas.whole([
                    "n": Schemas.number, "kind": Schemas.text, "id": Schemas.text, "field": Schemas.text,
                    "current": [:],
                    "others": Schemas.list(
                        Schemas.whole(["value": [:], "by": Schemas.optionalText, "at": Schemas.time])),
                ]))
        ]),
        "Decision": [
            "oneOf": [
                Schemas.form(
                    ["take": ["anyOf": [["const": "current"], ["type": "integer", "minimum": 1]]]],
                    required: ["take"]),
                Schemas.form(
                    ["value": ["type": ["string", "number", "boolean", "null"]]], required: ["value"]),
            ]
        ],
        "Decided": Schemas.object(
            [
                "version": Schemas.text, "track": Schemas.reference("Track"), "record": ["type": "object"],
                "removed": Schemas.list(Schemas.text),
            ], required: ["version"]),
    ]
}
