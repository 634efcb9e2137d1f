import Cache
import Catalog
import Offbeat
import Serving
import Store

/// Tracks: lists and single ones.
enum TrackAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/tracks", "List and search tracks", tag: "tracks",
            parameters: [
                .text("q", "What to look for, as in the command line's QUERY."),
                .choice("sort", "By what they are sorted.", SortKey.allCases.map(\.rawValue)),
                .number("limit", "How many at most.", 1...1000), .text("after", "Where the page before ended."),
                .number("skip", "Not the first so many.", 0...100_000_000),
            ], answers: [.json("TrackList", "A page of tracks")]
        ) { call in
            var request = ListRequest(query: call.request.query["q"] ?? "")
            if let name = call.request.query["sort"] {
                guard let key = SortKey(rawValue: name) else {
                    throw Refusal(400, "tracks cannot be sorted by that", code: "usage")
                }
                request.sort = key
            }
            request.limit = try call.number("limit", in: 1...1000) ?? 50
            request.cursor = call.request.query["after"]
            request.skip = try call.number("skip", in: 0...100_000_000) ?? 0
            let list = try call.session().list(request)
            return Response(json: [
                "version": .string(list.version.description), "total": .integer(Int64(list.total)),
                "tracks": .array(list.tracks.map(\.json)), "next": list.next.map(JSON.string) ?? .null,
            ])
        },
        Route(
            .get, "/api/tracks/{id}", "One track", tag: "tracks", answers: [.json("Track", "The track")]
        ) { call in Response(json: try call.session().show(call["id"]).json) },
    ]
}
