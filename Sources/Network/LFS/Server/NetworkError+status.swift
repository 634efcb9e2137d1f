import HTTP

/// What the answers of git-lfs servers mean that are not what was asked for.
extension NetworkError {
    /// Says what an answer means that is none of the expected; `what` is what was asked of the server.
    init(_ response: HTTPResponse, _ body: [UInt8], asking what: String) {
        let (host, status) = (response.url.place, response.status)
        let said = Words.said(body, response)
        let hint = String.hint(status: status)
        if response.isBusy(saying: said) {
            let words = said.map { "\($0) (\(status))" } ?? "it answers \(status)"
            self.init(.offline, "\(host) does not \(what): \(words)", hint: .hint(status: 429))
        } else if status == 413, response.isPage {
            self.init(
                .refused, "\(host) does not \(what): a proxy in front of it takes no more at once (413)",
                hint: "whoever runs \(host) has to raise the proxy's limit (for nginx: client_max_body_size)")
        } else if let said, Words.tellLimit(said, status: status) {
            self = .full("\(host) does not \(what): \(said) (\(status))", status: status)
        } else if said == nil, response.isPage, response.isSuccess || response.isRedirect {
            self = .page(host)
        } else if let said {
            self.init(.of(status: status), "\(host) does not \(what): \(said) (\(status))", hint: hint)
        } else {
            self.init(.of(status: status), "\(host) does not \(what): it answers \(status)", hint: hint)
        }
    }

    /// A limit of a server is used up, for files or for what travels.
    static func full(_ message: String, status: Int) -> NetworkError {
        let hint = [507, 509].contains(status) ? String.hint(status: status) : nil
        return NetworkError(
            .noSpace, message,
            hint: hint ?? "the remote's storage or traffic is used up; make room there, or buy more")
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
