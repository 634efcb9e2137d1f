import Catalog
import Serving

/// One thing that can be asked for: what it takes, what it gives, and who answers. The OpenAPI document is made of these.
struct Route: Sendable {
    enum Method: String, Sendable, CaseIterable { case get, put, post, patch, delete }

    /// A value in the query.
    struct Parameter: Sendable {
        let name: String
        let summary: String
        let schema: JSON
        var isRequired = false

        static func text(_ name: String, _ summary: String, isRequired: Bool = false) -> Parameter {
            Parameter(
                name: name, summary: summary, schema: ["type": "string", "maxLength": 1000], isRequired: isRequired)
        }

        /// A text that may be there more than once.
        static func texts(_ name: String, _ summary: String) -> Parameter {
            Parameter(
                name: name, summary: summary,
                schema: ["type": "array", "items": ["type": "string", "maxLength": 1000]])
        }

        static func number(_ name: String, _ summary: String, _ range: ClosedRange<Int64>) -> Parameter {
            Parameter(
                name: name, summary: summary,
                schema: [
                    "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
                ])
        }

        static func choice(_ name: String, _ summary: String, _ values: [String]) -> Parameter {
            Parameter(
                name: name, summary: summary, schema: ["type": "string", "enum": .array(values.map(JSON.string))])
        }
    }

    /// What comes with a request.
    enum Body: Sendable {
        /// A document of a schema that `Schemas` has under that name, of so many bytes at most.
        case json(String, limit: Int = 1 << 20)
        /// The same, and none at all says as much as an empty one.
        case optionalJSON(String)
        /// Bytes as they are, of any kind.
        case bytes
    }

    /// What is answered when it is done.
    struct Answer: Sendable {
        let status: Int
        let summary: String
        /// The name of the schema of the document; nil where there is none.
        var schema: String?
        /// What it is where it is no document.
        var type: String?

        static func json(_ schema: String, _ summary: String, status: Int = 200) -> Answer {
            Answer(status: status, summary: summary, schema: schema)
        }

        static func nothing(_ summary: String) -> Answer { Answer(status: 204, summary: summary) }

        static func bytes(_ type: String, _ summary: String) -> Answer {
            Answer(status: 200, summary: summary, type: type)
        }
    }

    /// Who may ask.
    enum Need: Sendable {
        /// Anybody, known or not.
        case nobody
        /// Whoever was let in: a person, whoever has the link, a guest.
        case visitor
    }

    let method: Method
    /// What stands between the slashes; values in braces: `["api", "tracks", "{id}"]`.
    let path: [String]
    let summary: String
    let tag: String
    var need = Need.visitor
    var parameters: [Parameter] = []
    var body: Body?
    let answers: [Answer]
    let run: @Sendable (Call) throws -> Response

    init(
        _ method: Method, _ path: String, _ summary: String, tag: String, need: Need = .visitor,
        parameters: [Parameter] = [], body: Body? = nil, answers: [Answer],
        run: @escaping @Sendable (Call) throws -> Response
    ) {
        self.method = method
        self.path = path.split(separator: "/").map(String.init)
        (self.summary, self.tag, self.need) = (summary, tag, need)
        (self.parameters, self.body, self.answers, self.run) = (parameters, body, answers, run)
    }

    /// The values that its path has in the place of the braces; nil where the path is another.
    func values(in path: [String]) -> [String: String]? {
        guard path.count == self.path.count else { return nil }
        var values: [String: String] = [:]
        for (part, given) in zip(self.path, path) {
            if part.hasPrefix("{") {
                values[String(part.dropFirst().dropLast())] = given
            } else if part != given {
                return nil
            }
        }
        return values
    }
}
