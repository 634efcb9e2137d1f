/// All that can be asked for.
enum API {
    static let routes: [Route] = SessionAPI.routes + TrackAPI.routes + EventAPI.routes + [OpenAPI.route]
}
