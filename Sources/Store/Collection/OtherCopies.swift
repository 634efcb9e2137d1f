public import Blobs

/// What is known of other places that hold files of the past.
public struct OtherCopies: Sendable {
    /// A place that was asked and gave no answer.
    public struct Silence: Sendable, Hashable {
        /// What the place is called.
        public let place: String
        /// Why, in a line.
        public let reason: String

        /// Notes one.
        public init(of place: String, because reason: String) {
            self.place = place
            self.reason = reason
        }
    }

    /// The files that some place holds.
    public var held: Set<Pointer>
    /// The places that gave no answer. Of a file that no other holds nobody knows whether they do.
    public var silent: [Silence]

    /// Notes what was found out; without anything, that no place holds any.
    public init(held: Set<Pointer> = [], silent: [Silence] = []) {
        self.held = held
        self.silent = silent
    }
}

/// What a collection has heard of other places.
struct CopiesFound {
    /// What is known of a file.
    enum Answer {
        case held, notHeld
        /// Nobody was asked, or not all have answered.
        case unknown
    }

    private let asked: Set<Pointer>
    private let copies: OtherCopies

    /// Nobody was asked.
    init() { (asked, copies) = ([], OtherCopies()) }

    /// Asks about all these files together.
    init(of files: Set<Pointer>, askedBy request: CollectionRequest) throws {
        asked = files
        if !files.isEmpty { request.report("Asking the remotes", 0) }
        copies = files.isEmpty ? OtherCopies() : try request.copies(files.sorted { $0.oid < $1.oid })
    }

    /// The places that gave no answer.
    var silent: [OtherCopies.Silence] { copies.silent }

    subscript(file: Pointer) -> Answer {
        if copies.held.contains(file) { return .held }
        return asked.contains(file) && copies.silent.isEmpty ? .notHeld : .unknown
    }
}
