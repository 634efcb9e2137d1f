public import Catalog
import Git

/// One version in the history, and what made it.
public struct HistoryEntry: Sendable {
    /// The version.
    public let version: Version
    /// What it was made from; two or more for a merge, none for the first.
    public let parents: [Version]
    /// When, in milliseconds since 1970.
    public let at: UInt64
    /// Who, as git shows it.
    public let author: String
    /// The person that the commit names, if it does.
    public let person: PersonID?
    /// What was done, in plain words.
    public let subject: String
    /// The first stamp of the operation, by which it is known; nil for what no Offbeat made, and for merges.
    public let operation: Stamp?
    /// The operation that this one took back, if it is an undo.
    public let undoes: Stamp?
    /// The version of a guest's store whose work this one took in, and the replica by which that was stamped.
    public let absorbs: (version: Version, replica: ReplicaID)?
}

extension Store {
    /// Visits the history, newest first, until `visit` gives false.
    public func forEachVersion(from version: Version, _ visit: (HistoryEntry) throws -> Bool) throws {
        var history = repository.history(from: version.id)
        while let commit = try history.next() {
            if try !visit(HistoryEntry(commit)) { return }
        }
    }
}

extension HistoryEntry {
    init(_ commit: Commit) {
        version = Version(commit.id ?? .zero)
        parents = commit.parents.map(Version.init)
        at = UInt64(max(0, commit.committer.seconds)) * 1000
        author = commit.author.name
        let trailers = commit.trailers
        person = trailers.last(Trailer.person).flatMap { PersonID($0) }
        operation = trailers.last(Trailer.operation).flatMap { Stamp($0) }
        undoes = trailers.last(Trailer.undoes).flatMap { Stamp($0) }
        absorbs = trailers.last(Trailer.absorbs).flatMap(Self.absorbed)
        subject = commit.summary
    }

    private static func absorbed(_ text: String) -> (version: Version, replica: ReplicaID)? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 2, let id = ObjectID(hex: words[0]), let replica = ReplicaID(words[1]) else {
            return nil
        }
        return (Version(id), replica)
    }
}

/// What the trailers of a version are called.
extension Trailer {
    static let operation = "Offbeat-Operation"
    static let person = "Offbeat-Person"
    static let undoes = "Offbeat-Undoes"
    static let absorbs = "Offbeat-Keeps"
}

extension [Trailer] {
    /// The value of the last trailer of that name.
    fileprivate func last(_ key: String) -> String? { last { $0.key == key }?.value }
}
