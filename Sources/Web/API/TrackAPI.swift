import Catalog
import Digest
import Offbeat
import Serving
import Store

/// Tracks: lists and single ones.
enum TrackAPI {
    static let routes: [Route] =
        [TrackListAPI.route] + single + UploadAPI.routes + StemAPI.routes + MarkerAPI.routes + AnalysisAPI.routes

    private static let single: [Route] = [
        Route(
            .get, "/api/tracks/{id}", "One track", tag: "tracks",
            answers: [
                .json("Track", "The track"),
                Route.Answer(status: 304, summary: "It is still what `If-None-Match` names"),
            ]
        ) { call in answer(with: try call.session().show(call.track()), to: call.request) },
        Route(
            .patch, "/api/tracks/{id}", "Change what is known of a track", tag: "tracks",
            body: .json("TrackPatch"),
            answers: [.json("Track", "The track as it is now; 412 where `If-Match` names what it is no longer")]
        ) { call in
            let id = try call.track()
            let session = try call.session()
            var request = EditRequest(.one(id), changes: try changes(in: call.document()))
            request.expectedRecords = try call.expectedRecords()
            return try matching(id, session) {
                let outcome = try session.edit(request)
                return answer(with: try outcome.tracks.first ?? session.show(id))
            }
        },
        Route(
            .delete, "/api/tracks/{id}", "Remove a track; earlier versions keep it", tag: "tracks",
            answers: [.nothing("It is gone; 412 where `If-Match` names what it is no longer")]
        ) { call in
            let id = try call.track()
            let session = try call.session()
            return try matching(id, session) {
                _ = try session.remove([id], expecting: call.expectedRecords())
                return Response(204)
            }
        },
    ]

    // MARK: Tags

    /// Answers with a track, or that it is known; a change is always answered with it.
    static func answer(with track: TrackSummary, status: Int = 200, to request: Request? = nil) -> Response {
        let bytes = track.json.compact() + [UInt8(ascii: "\n")]
        let tag = tag(of: track, bytes)
        var response =
            request?.knows(tag) == true ? Response(304) : Response(status, bytes: bytes, type: "application/json")
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response
    }

    /// The record's tag, by which changes are checked, and that of all that is shown with it, by which it is known again.
    private static func tag(of track: TrackSummary, _ bytes: [UInt8]) -> String {
        "\"\(track.recordTag)-\(ContentHash(of: bytes).hex.prefix(16))\""
    }

    /// Makes a change, and tells who has read what the track is no longer what it is.
    private static func matching(_ id: String, _ session: Session, _ change: () throws -> Response) throws
        -> Response
    {
        do { return try change() } catch let failure as Failure where failure.code == .changed {
            let track = try session.show(id)
            throw Refusal(
                412, failure.message + "; look at what it is now, and change that", code: failure.code.rawValue,
                headers: ["ETag": tag(of: track, track.json.compact() + [UInt8(ascii: "\n")])])
        }
    }

    // MARK: Changes

    private static func changes(in document: JSON) throws -> [TrackChange] {
        guard let fields = document.asObject else { throw Refusal(400, "a JSON object of fields is wanted") }
        return try fields.entries.map { entry in
            guard entry.key == "tags" else { return .value(entry.key, entry.value) }
            guard let tags = entry.value.asArray?.map(\.asString), !tags.contains(nil) else {
                throw Refusal(400, "tags has to be a list of texts")
            }
            return .tags(tags.compactMap(\.self))
        }
    }
}

extension Call {
    /// The track's id in the path. Only a whole one names a track here: words that match one today may match another tomorrow.
    func track() throws -> String {
        guard let id = TrackID(self["id"]) else { throw Refusal(404, "there is no such track") }
        return id.description
    }

    /// The tags of records that `If-Match` names; nil where any will do.
    func expectedRecords() throws -> Set<String>? {
        let lines = request.headers.all("If-Match").joined(separator: ",")
        let tags = lines.split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
        if tags.isEmpty || tags.contains("*") { return nil }
        return Set(
            tags.map { tag in
                // A server between may have weakened it.
                let bare = tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
                return String(bare.drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != "-" })
            })
    }
}
