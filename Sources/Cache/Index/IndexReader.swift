public import Catalog
public import Store
import SQLite

/// All rows, as they are at one version.
public struct IndexReader {
    let database: Database
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

    /// What cannot be read, and why, in the order of paths.
    public func unreadable() throws -> [(folder: RecordFolder, record: UnreadableRecord)] {
        try UnreadableTable(database).all()
    }

    /// How many fields wait for a person, in all records.
    public func conflictCount() throws -> Int { try Counts(database).number(.conflicts) }

    /// The change by which the list of the tracks that somebody may use became what it is: also one of analyses, which is no
    /// version of the library.
    func change(ofPickerIn scope: TrackRequest.Scope) throws -> ViewTable.Change? {
        try ViewTable(database).last(of: parts(ofPickerIn: scope)).map { .init(turn: $0.turn, version: $0.version) }
    }

    /// The version at which the list of the tracks that somebody may use last changed.
    public func version(ofPickerIn scope: TrackRequest.Scope) throws -> Version? {
        try ViewTable(database).last(of: parts(ofPickerIn: scope))?.version
    }

    func parts(ofPickerIn scope: TrackRequest.Scope) throws -> [ViewTable.Part] {
        switch scope {
        case .everything: return [.people, .store, .tracks]
        case .nothing: return [.people, .store]
        case .usable(let person):
            return try [.people, .store, .person(person)]
                + PeopleTable(database).workspaces(of: person).map(ViewTable.Part.workspace)
        }
    }
}
