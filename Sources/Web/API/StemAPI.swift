import Catalog
import Offbeat
import Serving
import Store

/// The stems of a track.
enum StemAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/tracks/{id}/stems", "The stems of a track", tag: "stems",
            answers: [.json("StemList", "Its stems, by type")]
        ) { call in
            let stems = try call.session().stems(of: call.track())
            return Response(json: ["stems": .array(stems.map(\.json))])
        },
        Route(
            .put, "/api/tracks/{id}/stems/{type}", "Give a track a stem, or a stem other audio", tag: "stems",
            parameters: [.text("name", "What the file is called; after the type, else.")], body: .bytes,
            answers: [.json("StemChange", "What became of it"), .json("StemChange", "It is new", status: 201)]
        ) { call in
            let id = try call.track()
            let session = try call.session()
            let name = call.request.query["name"] ?? call["type"]
            let outcome = try call.arriving(named: name) { try session.addStem(call["type"], to: id, from: $0) }
            return Response(outcome.change == .added ? 201 : 200, json: document(of: outcome))
        },
        Route(
            .delete, "/api/tracks/{id}/stems/{type}", "Remove a stem; earlier versions keep it", tag: "stems",
            answers: [.json("StemChange", "The stem as it was")]
        ) { call in
            Response(json: document(of: try call.session().removeStem(call["type"], of: call.track())))
        },
        Route(
            .get, "/api/tracks/{id}/stems/{type}/audio", "The audio of a stem", tag: "stems",
            answers: UploadAPI.audioAnswers
        ) { call in try UploadAPI.audio(of: call, stem: call["type"]) },
    ]

    private static func document(of outcome: StemOutcome) -> JSON {
        [
            "version": .string(outcome.version.description), "stem": outcome.stem.json,
            "result": .string(outcome.change.rawValue),
        ]
    }
}
