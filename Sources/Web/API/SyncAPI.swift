import Catalog
import Offbeat
import Serving

/// Bringing the library and its remote together.
enum SyncAPI {
    static let routes: [Route] = [
        Route(
            .post, "/api/sync", "Sync with the remote; how it goes is told by the events sync", tag: "sync",
            answers: [.json("SyncBegun", "It runs, or is about to", status: 202)]
        ) { call in
            guard let visitor = call.visitor else { throw Refusal.unknown }
            if visitor.library.guest != nil { throw Refusal(403, "a guest may not sync") }
            if try visitor.library.remotes().isEmpty {
                throw Failure(
                    .usage, "this store has no remote to sync with",
                    hint: "`offbeat remote add origin URL` adds one")
            }
            call.service.sync.request()
            return Response(202, json: ["state": "running"])
        }
    ]
}

extension Schemas {
    static let syncing: JSONObject = [
        "SyncBegun": object(["state": text], required: ["state"])
    ]
}
