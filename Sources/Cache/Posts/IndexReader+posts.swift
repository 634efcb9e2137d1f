public import Blobs
public import Catalog
public import Store

extension IndexReader {
    /// A page of posts.
    public func posts(_ request: HistoryRequest) throws -> HistoryPage {
        try HistoryPaging(request, in: database).page()
    }

    /// How many posts a request asks for that can be read, whatever its page.
    public func postCount(_ request: HistoryRequest) throws -> Int {
        try HistoryPaging(request, in: database).count()
    }

    /// The images of all posts of workspaces, one for each post that has one.
    public func images(ofPostsIn workspaces: [WorkspaceID]) throws -> [Pointer] {
        try workspaces.flatMap { try PostTable(database).images(of: $0) }
    }

    /// The posts of workspaces that cannot be read, and why.
    public func unreadablePosts(in workspaces: [WorkspaceID]) throws -> [UnreadableRecord] {
        try workspaces.flatMap { try UnreadableTable(database).posts(of: $0) }
    }

    /// The posts of any workspace that an id, or the digits that one begins with, may name; also those that cannot be read.
    public func postFolders(withPrefix digits: String) throws -> [RecordFolder] {
        let lost = try UnreadableTable(database).folders().compactMap { RecordFolder(path: $0) }.filter { folder in
            if case .post(_, let id) = folder { id.hasPrefix(digits) } else { false }
        }
        return try PostTable(database).folders(withPrefix: digits) + lost
    }

    /// The posts of any workspace that have a title, whatever its case and accents.
    public func postFolders(titled title: String) throws -> [RecordFolder] {
        try PostTable(database).folders(titled: Folding.fold(title))
    }

    /// The posts of workspaces that go out by themselves, at a time on their own clock up to this one; the earliest first.
    public func posts(dueUntil time: LocalTime, in workspaces: [WorkspaceID]) throws -> [RecordFolder] {
        try workspaces.flatMap { try PostTable(database).folders(dueUntil: time, of: $0) }
    }

    /// The workspaces that have a profile key.
    public func workspaces(ofProfile key: String) throws -> [WorkspaceID] {
        try WorkspaceTable(database).workspaces(ofProfile: key)
    }

    /// The posts about any of these tracks, in all workspaces.
    public func postFolders(about tracks: [TrackID]) throws -> [RecordFolder] {
        try tracks.flatMap { try PostTable(database).folders(about: $0) }
    }

    /// The histories that have posts about any of these tracks.
    public func histories(about tracks: [TrackID]) throws -> Set<CacheView> {
        let workspaces = Set(
            try postFolders(about: tracks).compactMap { if case .post(let id, _) = $0 { id } else { nil } })
        return Set(try workspaces.map { try WorkspaceTable(database).view(of: $0) })
    }

    /// What these histories, and the names of the people in them, are known by; it is another whenever one of them changed.
    public func stamp(ofHistoriesOf workspaces: [WorkspaceID]) throws -> String? {
        try ViewTable(database).last(of: workspaces.map(ViewTable.Part.history) + [.people]).map {
            "\($0.turn)-\($0.version)"
        }
    }

    /// The version at which any of these histories last changed.
    public func version(ofHistoriesOf workspaces: [WorkspaceID]) throws -> Version? {
        try change(ofHistoriesOf: workspaces)?.version
    }

    func change(ofHistoriesOf workspaces: [WorkspaceID]) throws -> ViewTable.Change? {
        try ViewTable(database).last(of: workspaces.map(ViewTable.Part.history)).map {
            .init(turn: $0.turn, version: $0.version)
        }
    }
}
