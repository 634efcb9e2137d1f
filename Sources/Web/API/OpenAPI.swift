import Catalog
import Offbeat
import Serving

/// The description of this API for programs, in OpenAPI 3.1, made of the routes themselves.
enum OpenAPI {
    static let route = Route(
        .get, "/api/openapi.json", "This description", tag: "about", need: .nobody,
        answers: [.bytes("application/json", "An OpenAPI document")]
    ) { _ in Response(json: document(of: API.routes)) }

    static func document(of routes: [Route]) -> JSON {
        var paths = JSONObject()
        for route in routes {
            let path = "/" + route.path.joined(separator: "/")
            var item = paths[path]?.asObject ?? JSONObject()
            item[route.method.rawValue] = operation(of: route)
            paths[path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": "Offbeat", "version": .string(Release.version)],
            "servers": [["url": "/"]],
            "security": [["bearer": []], ["cookie": []]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(Schemas.all),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "cookie": ["type": "apiKey", "in": "cookie", "name": "offbeat-8414"],
                ],
                "responses": [
                    "Problem": [
                        "description": "Why it is not done",
                        "content": ["application/problem+json": ["schema": Schemas.reference("Problem")]],
                    ]
                ],
            ],
        ]
    }

    private static func operation(of route: Route) -> JSON {
        var operation: JSONObject = [
            "summary": .string(route.summary), "tags": [.string(route.tag)],
            "operationId": .string(name(of: route)), "responses": responses(of: route),
        ]
        if route.need == .nobody { operation["security"] = [] }
        let inPath = route.path.filter { $0.hasPrefix("{") }.map { part -> JSON in
            [
                "name": .string(String(part.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": Schemas.text,
            ]
        }
        let inQuery = route.parameters.map { parameter -> JSON in
            [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
                "required": .bool(parameter.isRequired), "schema": parameter.schema,
            ]
        }
        if !(inPath + inQuery).isEmpty { operation["parameters"] = .array(inPath + inQuery) }
        switch route.body {
        case nil: break
        case .json(let schema, _):
            operation["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": Schemas.reference(schema)]],
            ]
        case .optionalJSON(let schema):
            operation["requestBody"] = [
                "required": false, "content": ["application/json": ["schema": Schemas.reference(schema)]],
            ]
        case .bytes:
            operation["requestBody"] = [
                "required": true, "content": ["application/octet-stream": JSON.object([:])],
            ]
        }
        return .object(operation)
    }

    private static func name(of route: Route) -> String {
        route.method.rawValue + "_"
            + route.path.dropFirst().map { $0.filter { $0 != "{" && $0 != "}" } }.joined(separator: "_")
    }

    private static func responses(of route: Route) -> JSON {
        var responses = JSONObject()
        for answer in route.answers {
            var description: JSONObject = ["description": .string(answer.summary)]
            if let schema = answer.schema {
                description["content"] = ["application/json": ["schema": Schemas.reference(schema)]]
            } else if let type = answer.type {
                description["content"] = .object([type: JSON.object([:])])
            }
            responses["\(answer.status)"] = .object(description)
        }
        responses["default"] = ["$ref": "#/components/responses/Problem"]
        return .object(responses)
    }
}
