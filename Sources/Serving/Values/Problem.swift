/// Why a request is not done: a handler throws it, and the client gets it as `application/problem+json` (RFC 9457).
public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The status of the answer.
    public let status: Int
    /// What is wrong and what can be done, for a person.
    public let detail: String
    /// Header lines that belong to it.
    public var headers: Headers
    /// Whether the connection is over: what comes next on it cannot be told from what was refused.
    var endsConnection = false

    /// Makes one.
    public init(_ status: Int, _ detail: String, headers: Headers = [:]) {
        (self.status, self.detail, self.headers) = (status, detail, headers)
    }

    /// What a status is called.
    public static func title(of status: Int) -> String { Status.title(status) }

    /// The same in one line.
    public var description: String { "\(status) \(Status.title(status)): \(detail)" }

    var ending: Problem {
        var copy = self
        copy.endsConnection = true
        return copy
    }

    /// What is sent for it.
    var response: Response {
        let text =
            "{\"title\":\(Self.quoted(Status.title(status))),\"status\":\(status),\"detail\":\(Self.quoted(detail))}\n"
        var response = Response(status, bytes: Array(text.utf8), type: "application/problem+json")
        for line in headers.lines { response.headers.append(line.name, line.value) }
        return response
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<" ": quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Problem {
    static func malformed(_ detail: String) -> Problem { Problem(400, detail).ending }

    static let busy = Problem(
        503, "The server has too much to do: please try again in a moment.", headers: ["Retry-After": "1"])
    static let stopping = Problem(
        503, "The server is being stopped: please try again in a moment.", headers: ["Retry-After": "5"]
    ).ending
    static let cutOff = Problem(400, "The request ended before its body did.").ending
    static let slow = Problem(408, "The request did not come in time.").ending

    static func tooLarge(_ limit: Int64) -> Problem {
        Problem(413, "The body may have \(limit) bytes at most.").ending
    }
}

/// The names of statuses.
enum Status {
    private static let titles: [Int: String] = [
        200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
        308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
        412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request",
        422: "Unprocessable Content", 423: "Locked", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]

    static func title(_ status: Int) -> String { titles[status] ?? "Status \(status)" }
}
