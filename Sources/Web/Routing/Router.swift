import Serving

/// Leads requests to their routes.
struct Router: Sendable {
    /// By what stands behind `/api/`, so that few have to be looked at.
    private let routes: [String: [Route]]

    init(_ routes: [Route]) {
        self.routes = Dictionary(grouping: routes) { $0.path.count > 1 ? $0.path[1] : "" }
    }

    func answer(_ request: Request, of service: Service) throws -> Response {
        let found = (routes[request.path.count > 1 ? request.path[1] : ""] ?? []).compactMap { route in
            route.values(in: request.path).map { (route: route, values: $0) }
        }
        guard !found.isEmpty else { throw Refusal(404, "there is nothing at this address") }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let (route, values) = found.first(where: { $0.route.method.rawValue.uppercased() == method }) else {
            let allowed = found.map { $0.route.method.rawValue.uppercased() }.sorted().joined(separator: ", ")
            throw Refusal(405, "this address takes \(allowed)", headers: ["Allow": allowed])
        }
        let visitor: Visitor?
        switch route.need {
        case .nobody: visitor = try service.door.visitor(of: request)
        case .visitor: visitor = try service.door.requireVisitor(of: request)
        }
        if route.method != .get { try service.door.requireOwnPage(request) }
        for parameter in route.parameters { try parameter.check(request) }
        service.noteOpening(request, by: visitor)
        return try route.run(Call(request, values, visitor, service))
    }
}
