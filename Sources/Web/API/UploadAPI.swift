import Blobs
import Catalog
import Digest
import Offbeat
import Serving
import Store

/// Audio: how it comes here, and how it is played.
enum UploadAPI {
    static let routes: [Route] = [
        Route(
            .post, "/api/tracks", "Add a track: the body is the audio, as it is", tag: "tracks",
            parameters: [
                .text("name", "What the file is called, as in take.wav.", isRequired: true),
                .text("title", "The title; what the file says of itself, else."),
                .text("artist", "The artist."), .text("album", "The album."),
                .text("owner", "The handle of whose it is; who asks, else."),
                .texts("tag", "A tag; each other that is named too."),
            ], body: .bytes,
            answers: [.json("Addition", "It is here, or was here before", status: 201)]
        ) { call in
            let query = call.request.query
            guard let name = query["name"] else { throw Refusal(400, "the name of the file is missing") }
            let session = try call.session()
            var request = AddRequest(paths: [])
            (request.title, request.artist, request.album) = (query["title"], query["artist"], query["album"])
            request.owner = query["owner"]
            request.tags = query.all("tag")
            let outcome = try call.arriving(named: name) { try session.add(request, from: $0) }
            return try answer(to: outcome, session)
        },
        Route(
            .get, "/api/tracks/{id}/audio", "The audio of a track", tag: "tracks", answers: audioAnswers
        ) { call in try audio(of: call) },
        Route(
            .put, "/api/tracks/{id}/audio", "Give a track other audio; it stays the same track", tag: "tracks",
            parameters: [.text("name", "What the file is called; as before, else.")], body: .bytes,
            answers: [.json("Addition", "It has this audio now")]
        ) { call in
            let id = try call.track()
            let session = try call.session()
            let before = try session.show(id)
            let name = call.request.query["name"] ?? before.track.audio.name ?? "audio"
            let outcome = try call.arriving(named: name) { try session.replace(id, with: $0) }
            let track = try outcome.tracks.first ?? session.show(id)
            return Response(
                json: document(outcome.version, track, outcome.tracks.isEmpty ? "present" : "replaced"))
        },
    ]

    private static func answer(to outcome: AddOutcome, _ session: Session) throws -> Response {
        if let track = outcome.added.first { return Response(201, json: document(outcome.version, track, "added")) }
        if let track = outcome.replaced.first {
            return Response(201, json: document(outcome.version, track, "replaced"))
        }
        guard let id = outcome.present.first else { throw Failure(.io, "nothing was added") }
        return Response(201, json: document(outcome.version, try session.show(id.description), "present"))
    }

    private static func document(_ version: Version, _ track: TrackSummary, _ result: String) -> JSON {
        ["version": .string(version.description), "track": track.json, "result": .string(result)]
    }

    // MARK: Playing

    static let audioAnswers: [Route.Answer] = [
        .bytes("audio/*", "The audio; a part of it where `Range` asks for one"),
        Route.Answer(status: 206, summary: "The part that `Range` asks for", type: "audio/*"),
        Route.Answer(status: 304, summary: "It is still what `If-None-Match` names"),
        Route.Answer(status: 416, summary: "There is no such part"),
    ]

    private static let types = [
        "wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "ogg": "audio/ogg", "opus": "audio/ogg",
        "aiff": "audio/aiff", "aif": "audio/aiff", "m4a": "audio/mp4", "aac": "audio/aac", "caf": "audio/x-caf",
    ]

    static func audio(of call: Call, stem: String? = nil) throws -> Response {
        let audio = try call.session().openAudio(of: call.track(), stem: stem)
        let (pointer, ending) = (audio.pointer, audio.ending)
        let file = ServedFile(descriptor: audio.release(), length: pointer.size)
        var response = Response(
            file: file, type: types[ending] ?? "application/octet-stream", tag: "\"\(pointer.oid.hex)\"",
            to: call.request)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    }
}
