/// All that can be asked for.
enum API {
    static let routes: [Route] =
        SessionAPI.routes + TrackAPI.routes + PersonAPI.routes + WorkspaceAPI.routes + PostAPI.routes
        + VersionAPI.routes + ConflictAPI.routes + StatusAPI.routes + CacheAPI.routes + EventAPI.routes
        + [OpenAPI.route]
}
