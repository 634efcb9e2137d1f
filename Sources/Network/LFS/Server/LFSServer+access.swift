import HTTP

extension LFSServer {
    /// On whose behalf an action is carried out, and with which headers besides its own.
    ///
    /// Nobody's name goes along but where the server is asked itself, and has not said that all is there; what was given for
    /// it goes nowhere else.
    func access(
        to action: LFSAction, of object: LFSObject
    ) -> (access: WebClient.Access, headers: HTTPHeaders) {
        guard action.headers["Authorization"] == nil, !object.isAuthenticated, let grant = try? opened(),
            action.url.origin == grant.url.origin
        else { return (.anonymous, HTTPHeaders()) }
        return (grant.access, grant.isComplete ? ["Authorization": grant.headers["Authorization"] ?? ""] : [:])
    }
}
