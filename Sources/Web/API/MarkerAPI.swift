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
            let form = try call.form("text", "frame", "seconds", "at")
            let outcome = try call.session().addMarker(
                to: call.track(), at: position(in: form), text: form.requiredText("text"))
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

    private static func position(in form: Form) throws -> MarkerPosition {
        let frame = try form.number("frame", in: 0...Int64.max)
        let seconds = try form.seconds("seconds")
        let text = try form.text("at")
        switch (frame, seconds, text) {
        case (let frame?, nil, nil): return .frame(frame)
        case (nil, let seconds?, nil): return .seconds(seconds)
        case (nil, nil, let text?): return try MarkerPosition(parsing: text)
        default: throw Refusal(400, "say where by one of frame, seconds, or at as in \"1:02.5\"", code: "usage")
        }
    }
}

extension Form {
    /// How many seconds; nil where that is not said.
    fileprivate func seconds(_ name: String) throws -> Double? {
        guard let value = self[name] else { return nil }
        guard let seconds = value.asDouble, seconds >= 0, seconds.isFinite else {
            throw Refusal(400, "\(name) has to be a number that is not below 0", code: "usage")
        }
        return seconds
    }
}
