import Digest
import Offbeat

/// By what somebody was let in. What it allows is found out anew at each request.
enum Admission: Sendable {
    /// The link that was printed at the start.
    case link
    /// A person's token, as long as it is good.
    case token(AccessToken)
    /// Nothing: a guest, with a library of its own.
    case guest(GuestPlace)
}

/// What a request shows: enough to ask later whether whoever came by it would still be let in.
enum Pass: Sendable, Hashable {
    /// The cookie of a session, by its digest.
    case cookie(ContentHash)
    /// The link's token, in the request itself.
    case link
    /// A person's token, in the request itself.
    case token(AccessToken)
}
