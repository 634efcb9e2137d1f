/// All that can be asked for.
enum API {
    static let routes: [Route] =
        SessionAPI.routes + TrackAPI.routes + EventAPI.routes + GuestAPI.routes + SyncAPI.routes + [OpenAPI.route]
}
