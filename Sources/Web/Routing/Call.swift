import Catalog
import Offbeat
import Serving

/// A request that has come to its route: what is asked for, and by whom.
struct Call: Sendable {
    let request: Request
    let service: Service
    /// Nil where nobody needs to be known and nobody is.
    let visitor: Visitor?
    private let values: [String: String]

    init(_ request: Request, _ values: [String: String], _ visitor: Visitor?, _ service: Service) {
        (self.request, self.values, self.visitor, self.service) = (request, values, visitor, service)
    }

    /// What stands in the path in the place of that name.
    subscript(_ name: String) -> String { values[name] ?? "" }

    /// The session of whoever asks.
    func session() throws -> Session {
        guard let visitor else { throw Refusal.unknown }
        return try visitor.session()
    }

    /// The document that comes with it.
    func document(upTo limit: Int = 1 << 20) throws -> JSON {
        let type = request.headers["Content-Type"]?.prefix { $0 != ";" }.lowercased() ?? ""
        guard type == "application/json" else {
            throw Refusal(415, "a document of the type application/json is wanted", code: "usage")
        }
        let bytes = try request.body.collect(upTo: limit)
        do { return try JSON.parse(bytes) } catch {
            throw Refusal(400, "this is no JSON document: \(error)", code: "usage")
        }
    }

    /// A whole number in the query; nil where there is none.
    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = request.query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(
                400, "\(name) has to be a whole number from \(range.lowerBound) to \(range.upperBound)",
                code: "usage")
        }
        return number
    }
}

extension Response {
    /// Makes an answer of a document.
    init(_ status: Int = 200, json: JSON) {
        self.init(status, bytes: json.compact() + [UInt8(ascii: "\n")], type: "application/json")
    }
}
