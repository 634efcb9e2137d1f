import Blobs
import Git
import Store

/// Something that is wrong at a remote, and what can be done about it.
struct RemoteFinding: Sendable {
    enum Remedy: Sendable {
        /// Nothing without a person.
        case none
        /// `HEAD` names the branch again.
        case head
        /// A branch gets the version back that it was last seen at.
        case branch(String)
        /// An object is needed again; a damaged file of its own may be in the way.
        case object(ObjectID)
        /// What is sound in a pack is kept.
        case pack(String)
        /// A file is brought again.
        case file(Pointer)
    }

    let problem: Problem
    let remedy: Remedy

    /// What tells two of them apart.
    var key: String { "\(problem.kind) \(problem.what)" }
}
