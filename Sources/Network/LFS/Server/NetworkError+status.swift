import Catalog
import HTTP

/// What the answers of git-lfs servers mean that are not what was asked for.
extension NetworkError {
    /// Says what an answer means that is none of the expected; `what` is what was asked of the server.
    init(_ response: HTTPResponse, _ body: [UInt8], asking what: String) {
        let (host, status) = (response.url.place, response.status)
        let said = Words.said(body)
        let hint = String.hint(status: status)
        if said == nil, response.isPage, response.isSuccess || response.isRedirect {
            self = .page(host)
        } else if let said {
            self.init(.of(status: status), "\(host) does not \(what): \(said) (\(status))", hint: hint)
        } else {
            self.init(.of(status: status), "\(host) does not \(what): it answers \(status)", hint: hint)
        }
    }

    /// A page for people where a program is asked.
    static func page(_ host: String) -> NetworkError {
        NetworkError(
            .refused, "\(host) answers with a web page instead of what a git-lfs server says",
            hint: "look whether this network wants a login first, or `git config lfs.url` is wrong")
    }
}

extension NetworkError.Code {
    /// What a status means for whoever asked.
    static func of(status: Int) -> NetworkError.Code {
        switch status {
        case 401, 403, 407: .denied
        case 408, 425, 429, 500, 502, 503, 504: .offline
        case 404, 410: .missing
        case 507, 509: .noSpace
        default: .refused
        }
    }
}

extension String {
    /// What to do about a status; nil where nobody knows.
    static func hint(status: Int) -> String? {
        switch status {
        case 401: "log in once by `git push` or `git fetch`, or look at git's credential helper"
        case 403: "ask whoever owns the remote for permission"
        case 404, 410: "look whether the remote's address is right, and whether it is a git-lfs server"
        case 406: "the server does not speak the git-lfs of today; `git config lfs.url` names another"
        case 413: "the server takes no file of that size; ask whoever runs it"
        case 422: "try again; if it stays so, whoever runs the server has to look at it"
        case 429, 500, 502, 503, 504: "try again later; what was done so far stays"
        case 501: "the server does not know git-lfs; `git config lfs.url` names another"
        case 507: "make room at the remote and try again"
        case 509: "the remote's limit for traffic is used up; wait until it is renewed, or buy more"
        default: nil
        }
    }
}

extension HTTPResponse {
    /// Whether the answer is a page for people.
    var isPage: Bool { headers["Content-Type"]?.lowercased().hasPrefix("text/html") == true }
}

/// Words of others, made fit to be shown.
enum Words {
    /// On one line, without what would move the cursor, of so many characters at most.
    static func line(_ text: String, atMost limit: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit * 8) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        let words = String(scalars).split(separator: " ").map(withoutSecrets).joined(separator: " ")
        return words.count > limit ? words.prefix(limit - 1) + "…" : words
    }

    /// A word that is a URL, without what may be secret in it.
    private static func withoutSecrets(_ word: Substring) -> Substring {
        guard let colons = word.firstRange(of: "://") else { return word }
        let rest = word[colons.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = rest[authority.endIndex...].prefix { $0 != "?" }
        return word[..<colons.upperBound] + host + path
    }

    /// What a server says in the body of an answer: its `message` in JSON, nothing else.
    static func said(_ body: [UInt8]) -> String? {
        guard let values = try? JSON.parse(body, limit: 1 << 20) else { return nil }
        let words = (values["message"] ?? values["error"] ?? values["Message"])?.asString.map {
            line($0, atMost: 200)
        }
        return words.flatMap { $0.isEmpty ? nil : $0 }
    }
}
