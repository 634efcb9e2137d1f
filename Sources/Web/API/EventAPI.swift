import Serving

/// What happens, as it happens.
enum EventAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/events",
            "What changes, as it changes: the events moved, analysis, sync, guests, and reset where some were missed",
            tag: "events", answers: [.bytes("text/event-stream", "Events, until one side ends it")]
        ) { call in
            guard let visitor = call.visitor else { throw Refusal.unknown }
            let last = call.request.headers["Last-Event-ID"]
            // What is no number of ours is as good as one that is forgotten.
            let id = last.map { UInt64($0) ?? 0 }
            return Response(events: call.service.events.listen(visitor, since: id))
        }
    ]
}
