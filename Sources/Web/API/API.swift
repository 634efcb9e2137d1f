/// All that can be asked for.
enum API {
    static let routes: [Route] =
        SessionAPI.routes + TrackAPI.routes + PersonAPI.routes + WorkspaceAPI.routes + PostAPI.routes
        + VersionAPI.routes + ConflictAPI.routes + StatusAPI.routes + CacheAPI.routes + SyncAPI.routes
        + GuestAPI.routes + EventAPI.routes + [OpenAPI.route]
}
