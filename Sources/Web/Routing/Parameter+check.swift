import Catalog
import Serving

extension Route.Parameter {
    /// Refuses a value that is not as the description of the parameter says: so what is told to programs is what holds.
    func check(_ request: Request) throws {
        let values = request.query.all(name)
        guard let value = values.first else { return }
        if schema["type"] == "array" {
            for value in values { try check(value, against: schema["items"] ?? .null) }
            return
        }
        guard values.count == 1 else { throw refusal("may be there once") }
        try check(value, against: schema)
    }

    private func check(_ value: String, against schema: JSON) throws {
        if let words = schema["enum"]?.asArray?.compactMap(\.asString), !words.contains(value) {
            throw refusal("has to be one of \(words.joined(separator: ", "))")
        }
        switch schema["type"]?.asString {
        case "boolean":
            guard value == "true" || value == "false" else { throw refusal("has to be true or false") }
        case "integer":
            let least = schema["minimum"]?.asInteger ?? .min
            let most = schema["maximum"]?.asInteger ?? .max
            guard let number = Int64(value), least...most ~= number else {
                throw refusal("has to be a whole number from \(least) to \(most)")
            }
        case "number":
            guard let number = Double(value), number.isFinite else { throw refusal("has to be a number") }
        default:
            if let most = schema["maxLength"]?.asInteger, value.unicodeScalars.count > most {
                throw refusal("has to be of \(most) characters at most")
            }
        }
    }

    private func refusal(_ what: String) -> Refusal { Refusal(400, "\(name) \(what)", code: "usage") }
}
