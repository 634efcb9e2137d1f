import Catalog
import Offbeat
import Serving
import Store

/// The steps that a post takes from being written to being out.
enum PostStepAPI {
    static let routes =
        [
            decision(.submit, "Hand a post in"), decision(.approve, "Approve a post"),
            decision(.reject, "Reject a post"), decision(.requestChanges, "Ask for changes of a post"),
        ] + [schedule, unschedule, publish, settle]

    private static func route(
        _ step: PostStep, _ summary: String, body: Route.Body, answer: Route.Answer = PostAPI.changed,
        _ run: @escaping @Sendable (Call, Session, String) throws -> Response
    ) -> Route {
        Route(.post, PostAPI.one + "/\(step.rawValue)", summary, tag: "posts", body: body, answers: [answer]) {
            call in
            let session = try call.session()
            return try run(call, session, PostAPI.find(call, session).post.id.hex)
        }
    }

    private static func decision(_ step: PostStep, _ summary: String) -> Route {
        route(step, summary, body: .optionalJSON("Note")) { call, session, id in
            PostAPI.answer(try session.decide(step, on: id, note: call.optionalForm("note").text("note")))
        }
    }

    private static let schedule = route(
        .schedule, "Set the time at which a post goes out", body: .json("Schedule")
    ) { call, session, id in
        let form = try call.form("at", "zone", "note")
        return PostAPI.answer(
            try session.schedulePost(
                id, at: form.requiredText("at"), zone: form.text("zone"), note: form.text("note")))
    }

    private static let unschedule = route(
        .unschedule, "Take away the time at which a post goes out", body: .optionalJSON("Note")
    ) { call, session, id in
        PostAPI.answer(try session.unschedulePost(id, note: call.optionalForm("note").text("note")))
    }

    private static let publish = route(
        .publish, "Bring a post out now", body: .optionalJSON("Nothing"),
        answer: .json("Published", "What came of it")
    ) { call, session, id in
        _ = try call.optionalForm()
        let outcome = try session.publish(.posts([id]), environment: call.service.settings.environment)
        var document = outcome.json.asObject ?? JSONObject()
        for key in ["failed", "lost", "attention"] {
            document[key] = .array((document[key]?.asArray ?? []).map(discreet))
        }
        document["post"] = try session.showPost(id).json
        document["version"] = .string(try session.library.version().description)
        document["remarks"] = .array(outcome.remarks.map { .string(Discretion.withoutPaths($0)) })
        return Response(json: .object(document))
    }

    private static let settle = route(
        .settle, "Say what became of a post that needs attention", body: .json("Settlement")
    ) { call, session, id in
        let form = try call.form("sent", "note")
        guard form.has("sent") else {
            throw Refusal(400, "sent has to be the address at which it is, or null if it did not go out")
        }
        let settlement = try form.text("sent").map { Session.Settlement.sent($0) } ?? .notSent
        return PostAPI.answer(try session.settlePost(id, settlement, note: form.text("note")))
    }

    /// What failed, without the folders of this computer.
    private static func discreet(_ undone: JSON) -> JSON {
        var document = undone.asObject ?? JSONObject()
        document["reason"] = document["reason"]?.asString.map { .string(Discretion.withoutPaths($0)) } ?? .null
        return .object(document)
    }
}
