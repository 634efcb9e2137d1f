import Catalog
import Offbeat
import Serving

/// Places in a track that people marked.
enum MarkerAPI {
    static let routes: [Route] = [
        Route(
            .post, "/api/tracks/{id}/markers", "Mark a place in a track", tag: "tracks", body: .json("NewMarker"),
            answers: [.json("Track", "The track with its markers", status: 201)]
        ) { call in
            let document = try call.document()
            guard let text = document["text"]?.asString else { throw Refusal(400, "text has to be a text") }
            let outcome = try call.session().addMarker(to: call.track(), at: position(in: document), text: text)
            guard let track = outcome.tracks.first else { throw Failure(.io, "nothing was marked") }
            return TrackAPI.answer(with: track, status: 201)
        },
        Route(
            .delete, "/api/tracks/{id}/markers/{marker}", "Take a marker away", tag: "tracks",
            answers: [.json("Track", "The track without it")]
        ) { call in
            let outcome = try call.session().removeMarker(from: call.track(), named: call["marker"])
            guard let track = outcome.tracks.first else { throw Failure(.io, "nothing was taken away") }
            return TrackAPI.answer(with: track)
        },
    ]

    private static func position(in document: JSON) throws -> MarkerPosition {
        if let frame = document["frame"]?.asInteger, frame >= 0 { return .frame(frame) }
        if let seconds = document["seconds"]?.asDouble, seconds >= 0, seconds.isFinite { return .seconds(seconds) }
        if let text = document["at"]?.asString { return try MarkerPosition(parsing: text) }
        throw Refusal(400, "say where: frame or seconds, which are not below 0, or at as in \"1:02.5\"")
    }
}
