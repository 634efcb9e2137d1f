import Serving

/// What happens, as it happens.
enum EventAPI {
    static let routes: [Route] = [
        Route(
            .get, "/api/events", "What changes, as it changes", tag: "events",
            answers: [.bytes("text/event-stream", "Events, until one side ends it")]
        ) { call in
            Response(events: call.service.events.listen())
        }
    ]
}
