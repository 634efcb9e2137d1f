import Catalog
import Offbeat
import Serving

/// Why a request is not done, where `Offbeat` was not even asked.
struct Refusal: Error {
    let status: Int
    let message: String
    let code: String
    var headers: Headers = [:]

    init(_ status: Int, _ message: String, code: String? = nil, headers: Headers = [:]) {
        (self.status, self.message, self.headers) = (status, message, headers)
        self.code = code ?? (status == 404 ? "not-found" : status == 401 || status == 403 ? "not-allowed" : "usage")
    }

    /// Nobody knows who asks.
    static let unknown = Refusal(
        401,
        "this library is only for those who were let in: open the link that `offbeat serve` printed, or name a token",
        headers: ["WWW-Authenticate": "Bearer realm=\"offbeat\""])
}

/// Any error as `application/problem+json`: its title, status and detail, and the code that scripts of the command line know.
struct ProblemAnswer {
    let response: Response

    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal:
            response = Self.response(refusal.status, refusal.message, code: refusal.code, headers: refusal.headers)
        case let problem as Problem:
            response = Self.response(problem.status, problem.detail, code: "usage", headers: problem.headers)
        case let failure as Failure: response = Self.response(to: failure)
        default: response = Self.response(to: Failure(error))
        }
    }

    private static func response(to failure: Failure) -> Response {
        var headers: Headers = [:]
        let status = status(of: failure.code)
        if status == 503 { headers["Retry-After"] = "1" }
        return response(
            status, PublicText.plain(failure.message), code: failure.code.rawValue,
            hint: failure.hint.map(PublicText.plain), headers: headers)
    }

    /// The status that says the same as a failure's kind.
    static func status(of code: Failure.Code) -> Int {
        switch code {
        case .usage: 400
        case .notFound: 404
        case .notAllowed: 403
        case .ambiguous, .wrongState, .changed, .raceLost: 409
        case .overLimit: 413
        case .notAudio: 422
        case .noSpace: 507
        case .offline, .locked, .interrupted: 503
        case .notAStore, .newerFormat, .damaged, .readOnly, .io: 500
        }
    }

    private static func response(
        _ status: Int, _ message: String, code: String, hint: String? = nil, headers: Headers
    ) -> Response {
        let document: JSON = [
            "type": "about:blank", "title": .string(Problem.title(of: status)), "status": .integer(Int64(status)),
            "detail": .string(message), "code": .string(code), "hint": hint.map(JSON.string) ?? .null,
        ]
        var response = Response(
            status, bytes: document.compact() + [UInt8(ascii: "\n")], type: "application/problem+json")
        for line in headers.lines { response.headers.append(line.name, line.value) }
        return response
    }
}
