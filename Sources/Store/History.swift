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
        person = commit.trailers.last { $0.key == "Offbeat-Person" }.flatMap { PersonID($0.value) }
        subject = commit.summary
    }
}
