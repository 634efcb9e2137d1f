/// What a client asks for.
public struct Request: Sendable {
    /// The method, as it came: `GET`, `PUT`.
    public let method: String
    /// The path in its parts, decoded: `/a%2Fb/c` is `["a/b", "c"]` and `/` is none. No part is empty, `.` or `..`.
    public let path: [String]
    /// The query in its order, decoded.
    public let query: Query
    /// The header lines.
    public let headers: Headers
    /// Whom it was meant for, as it says: a name and perhaps a port. Empty only in HTTP/1.0.
    public let host: String
    /// The address it came from, in numbers.
    public let remote: String
    /// What comes with it.
    public let body: RequestBody

    /// The cookies in their order; what is no cookie is left out.
    public var cookies: [(name: String, value: String)] {
        headers.all("Cookie").flatMap { $0.split(separator: ";") }.compactMap { piece in
            guard let middle = piece.firstIndex(of: "=") else { return nil }
            let name = piece[..<middle].drop { $0 == " " }
            return name.isEmpty ? nil : (String(name), String(piece[piece.index(after: middle)...]))
        }
    }

    /// The value of the first cookie with that name.
    public func cookie(_ name: String) -> String? { cookies.first { $0.name == name }?.value }

    /// Whether the client sends no more: most have gone then, and wait for no answer.
    public var isForsaken: Bool { body.exchange.isForsaken }
}

/// What stands behind the question mark.
public struct Query: Sendable {
    /// The names and values in their order; a value that is not there is empty.
    public let items: [(name: String, value: String)]

    /// The first value of that name.
    public subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of that name.
    public func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }
}
