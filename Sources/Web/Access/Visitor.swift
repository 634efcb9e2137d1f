import Offbeat
import Serving

/// Somebody who was let in.
struct Visitor: Sendable {
    /// By what it was let in.
    enum Way: String, Sendable { case link, token, guest }

    let way: Way
    /// The library that it works in: a guest's own.
    let library: Library
    /// For whom it acts; nil for the library's own choice.
    let handle: String?
    /// What it showed; nil for one that is just let in.
    var pass: Pass?

    /// Its session now: what a person may is looked up each time.
    func session() throws -> Session {
        do throws(Failure) { return try library.session(as: handle) } catch {
            // Whoever is no person of the library any more is nobody that a token could speak for.
            if way == .token, error.code == .notFound { throw Refusal.unknown }
            throw error
        }
    }
}
