import Blobs
import Files
import HTTP

/// Why a file did not go or come this time.
struct LFSFailure: Error, Sendable {
    /// What follows from it.
    enum Kind: Sendable {
        /// It is tried again, at the earliest after so long where the server says so.
        case passing(Duration?)
        /// It is tried again at once, in another way.
        case another
        /// The server is asked again what is to be done, once: what it said may have ended before its time.
        case notAllowed
        /// The same, and where it does not help, none of the others is tried: hosts shut out who is wrong too often.
        case unknown
        /// Another process is bringing it.
        case busy
        /// It is more than the server takes at once.
        case tooLarge
        /// It is given up.
        case final
        /// The server does not have it.
        case missing
        /// The server, or this computer, has something else of that name.
        case damaged
        /// All files are given up: none of the others would fare better.
        case all
    }

    let kind: Kind
    let error: NetworkError

    init(_ kind: Kind, _ error: NetworkError) { (self.kind, self.error) = (kind, error) }

    /// What an answer means that is not what was wanted.
    init(_ head: HTTPResponse, _ body: [UInt8], asking what: String) {
        error = NetworkError(head, body, asking: what)
        if error.code == .noSpace {
            kind = .all
            return
        }
        switch head.status {
        case _ where error.code == .offline: kind = .passing(head.wish)
        case 404, 410: kind = .missing
        case 413: kind = .tooLarge
        case 401: kind = .unknown
        case 403: kind = .notAllowed
        default: kind = .final
        }
    }

    /// What it means that there is no answer.
    init(_ error: NetworkError) {
        self.error = error
        switch error.code {
        case .offline: kind = .passing(nil)
        case .refused, .missing: kind = .final
        case .denied, .local, .stopped, .noSpace: kind = .all
        }
    }

    /// Nothing can be kept on this computer, or read here; or another process was the first to make a file grow.
    init(_ error: BlobError) { self.init(error.fileError?.code == .exists ? .busy : .all, NetworkError(error)) }
}

extension NetworkError {
    /// Says that something on this computer fails.
    init(_ error: BlobError) {
        switch error.code {
        case .noSpace, .overQuota:
            self.init(.noSpace, error.message, hint: "free some space on this computer and try again")
        default: self.init(.local, error.message)
        }
    }
}
