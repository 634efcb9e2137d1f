import Offbeat

/// Somebody who was let in.
struct Visitor: Sendable {
    /// By what it was let in.
    enum Way: String, Sendable { case link, token, guest }

    let way: Way
    /// The library that it works in: a guest's own.
    let library: Library
    /// For whom it acts; nil for the library's own choice.
    let handle: String?

    /// Its session now: what a person may is looked up each time.
    func session() throws -> Session { try library.session(as: handle) }
}
