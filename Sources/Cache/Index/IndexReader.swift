public import Store
import SQLite

/// All rows, as they are at one version.
public struct IndexReader {
    private let database: Database
    /// The version that the rows agree with.
    public let version: Version

    let heads: RemoteHeads

    init(_ database: Database, _ version: Version, _ heads: RemoteHeads) {
        self.database = database
        self.version = version
        self.heads = heads
    }

    /// A page of tracks; nil when the track that it is to begin behind is gone.
    public func tracks(_ request: TrackRequest) throws -> TrackPage? {
        try TrackPaging(request, in: database).page()
    }

    /// All tracks that are asked for, in the order of ids.
    public func matches(_ request: TrackRequest) throws -> [TrackRow] {
        try TrackPaging(request, in: database).all()
    }

    /// What cannot be read, and why.
    public func unreadable() throws -> [UnreadableRecord] {
        try UnreadableTable(database).all().map { UnreadableRecord(path: $0.path, reason: $0.reason) }
    }

    /// How many fields wait for a person, in all records.
    public func conflictCount() throws -> Int { try Counts(database).number(.conflicts) }

    /// The version at which the list of the tracks that somebody may use last changed.
    public func version(ofPickerIn scope: TrackRequest.Scope) throws -> Version? {
        var parts: [ViewTable.Part] = [.people, .store]
        switch scope {
        case .everything: parts.append(.tracks)
        case .nothing: break
        case .usable(let person):
            parts.append(.person(person))
            parts += try PeopleTable(database).workspaces(of: person).map(ViewTable.Part.workspace)
        }
        return try ViewTable(database).version(of: parts)
    }
}
