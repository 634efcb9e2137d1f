import Catalog
import Serving

/// The members of a document that came with a request, each read by its type.
struct Form: Sendable {
    private let members: JSONObject

    /// Takes a document that has no other members than these.
    init(_ document: JSON, of names: [String]) throws {
        guard let members = document.asObject else {
            throw Refusal(400, "an object is wanted: a document in braces", code: "usage")
        }
        if let other = members.keys.first(where: { !names.contains($0) }) {
            throw Refusal(
                400, "there is no \(Self.shown(other)) here, only \(names.joined(separator: ", "))", code: "usage")
        }
        self.members = members
    }

    /// Whether there is a member of that name, be it null.
    func has(_ name: String) -> Bool { members[name] != nil }

    /// The value of that name; nil for null too.
    subscript(_ name: String) -> JSON? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// Text; nil where there is none.
    func text(_ name: String) throws -> String? {
        try self[name].map { try Self.require($0.asString, name, "text") }
    }

    /// Text that has to be there.
    func requiredText(_ name: String) throws -> String { try Self.require(try text(name), name, "text") }

    /// True or false; nil where there is neither.
    func truth(_ name: String) throws -> Bool? {
        try self[name].map { try Self.require($0.asBool, name, "true or false") }
    }

    /// A list of texts; nil where there is none.
    func texts(_ name: String) throws -> [String]? {
        try self[name].map { value in
            try Self.require(value.asArray, name, "a list").map {
                try Self.require($0.asString, name, "a list of texts")
            }
        }
    }

    /// A whole number; nil where there is none.
    func number(_ name: String, in range: ClosedRange<Int64>) throws -> Int64? {
        try self[name].map { value in
            let number = try Self.require(value.asInteger, name, "a whole number")
            guard range.contains(number) else {
                throw Refusal(
                    400, "\(name) has to be from \(range.lowerBound) to \(range.upperBound)", code: "usage")
            }
            return number
        }
    }

    private static func require<Value>(_ value: Value?, _ name: String, _ what: String) throws -> Value {
        guard let value else { throw Refusal(400, "\(name) has to be \(what)", code: "usage") }
        return value
    }

    private static func shown(_ name: String) -> String { name.utf8.count > 40 ? "\(name.prefix(20))…" : name }
}

extension Call {
    /// The document that comes with it, which has no other members than these.
    func form(_ names: String...) throws -> Form { try Form(document(), of: names) }

    /// The same; without a document, an empty one.
    func optionalForm(_ names: String...) throws -> Form {
        try Form(request.body.isPresent && request.body.length != 0 ? document() : [:], of: names)
    }

    /// What is true or false in the query; nil where it is not there.
    func truth(_ name: String) throws -> Bool? {
        guard let text = request.query[name] else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw Refusal(400, "\(name) has to be true or false", code: "usage")
        }
    }
}

extension Route.Parameter {
    static func truth(_ name: String, _ summary: String) -> Self {
        Self(name: name, summary: summary, schema: ["type": "boolean"])
    }
}

extension Schemas {
    static let truth: JSON = ["type": "boolean"]
    static let number: JSON = ["type": "integer"]
    static let optionalNumber: JSON = ["type": ["integer", "null"]]
    static let time: JSON = ["type": "string", "format": "date-time"]
    static let optionalTime: JSON = ["type": ["string", "null"], "format": "date-time"]

    static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }

    /// A document of a request: what it does not name is refused.
    static func form(_ properties: JSONObject, required: [String] = []) -> JSON {
        var schema = object(properties, required: required).asObject ?? JSONObject()
        schema["additionalProperties"] = false
        return .object(schema)
    }

    /// An object whose members all have to be there.
    static func whole(_ properties: JSONObject) -> JSON { object(properties, required: properties.keys) }
}
