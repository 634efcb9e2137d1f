import Catalog
import Git
import SQLite
import Store

/// Makes rows again: those of what differs between two versions, or all.
struct IndexUpdate {
    private let database: Database
    private let store: Store
    private let snapshot: Snapshot
    private let turn: Int64
    private let summaries: AnalysisSummaries
    private(set) var touched: Set<ViewTable.Part> = []
    private var added = (tracks: 0, conflicts: 0)
    private var posts: PostUpdate

    /// How many rows were made again.
    private(set) var rows = 0
    /// How many of them are posts, by the history that is not what it was.
    var histories: [WorkspaceID: Int] { posts.rows }

    private var tracks: TrackTable { TrackTable(database) }
    private var unreadable: UnreadableTable { UnreadableTable(database) }

    init(of store: Store, in database: Database, to version: Version, _ stamp: IndexStamp) throws(StoreError) {
        self.store = store
        self.database = database
        turn = stamp.turn
        let analyses = try stamp.heads.analyses.map { (id) throws(StoreError) in try store.analyses(of: Version(id))
        }
        summaries = AnalysisSummaries(of: analyses, by: Analyzer(stamp.analyzer))
        snapshot = try store.snapshot(of: version)
        posts = PostUpdate(in: database, to: snapshot)
    }

    // MARK: What differs

    /// Makes again what differs from an earlier version, or from any other whose objects are here, and what is wanted
    /// besides.
    mutating func refresh(from old: Version, and wanted: [RecordFolder]) throws {
        // A path outside the grammar is shown nowhere, unless it lies where a record should.
        let changed = try store.changes(from: old, to: snapshot.version).compactMap(\.folder)
        try refresh(Set(changed + wanted))
        try finish()
    }

    /// Makes again what could not be read when it was made: the record is what it was, but what was damaged below it may
    /// have been mended since.
    mutating func lookAgain() throws {
        try refresh(Set(unreadable.folders().compactMap { RecordFolder(path: $0) }))
        try finish()
    }

    private mutating func refresh(_ folders: Set<RecordFolder>) throws {
        var changed: [(id: TrackID, row: Int64?)] = []
        for folder in try folders.union(posts.dependents(of: folders)) {
            rows += 1
            if case .track(let id) = folder {
                changed.append((id, try tracks.row(of: id)))
            } else {
                try refresh(folder)
            }
        }
        // Words must be entered in the order of rows, or SQLite writes a piece of its index for each.
        changed.sort { ($0.row ?? .max) < ($1.row ?? .max) }
        var places = changed.map(\.row).makeIterator()
        try PreparedTracks(changed.map(\.id), of: snapshot, summaries).forEach { items in
            for item in items { try refresh(item, at: places.next() ?? nil) }
        }
    }

    /// Makes again what is no track.
    private mutating func refresh(_ folder: RecordFolder) throws {
        switch folder {
        case .post(let workspace, let id): return try refresh(id, of: workspace)
        case .person(let id):
            try PeopleTable(database).set(id, to: snapshot.person(id))
            touched.insert(.people)
        case .workspace(let id):
            let workspace = try snapshot.workspace(id)
            let affected = try PeopleTable(database).set(id, to: workspace)
            touched.formUnion(affected.map(ViewTable.Part.person))
            try posts.set(id, to: workspace)
        case .store: touched.insert(.store)
        case .track: break
        }
        try setConflicts(of: folder, to: snapshot.openConflicts(in: folder).count)
        try unreadable.set(folder.path, to: [snapshot.unreadable(folder)].compactMap(\.self))
    }

    private mutating func refresh(_ id: PostID, of workspace: WorkspaceID, at tree: ObjectID? = nil) throws {
        let (conflicts, problem) = try posts.set(id, of: workspace, at: tree)
        let folder = RecordFolder.post(workspace, id)
        try setConflicts(of: folder, to: conflicts)
        try unreadable.set(folder.path, to: [problem].compactMap(\.self))
    }

    private mutating func refresh(_ item: PreparedTracks.Item, at row: Int64?) throws {
        touched.insert(.tracks)
        var before: TrackTable.Before?
        switch (row, item.row) {
        case (let row?, let track?): before = try tracks.replace(row, by: track)
        case (let row?, nil): before = try tracks.remove(row)
        case (nil, let track?): try tracks.add(track)
        case (nil, nil): break
        }
        if let before {
            touch(before.audience)
            added.tracks -= 1
            added.conflicts -= before.conflicts
        }
        if let track = item.row { count(track) }
        if before?.files ?? [] != Set(item.row?.files ?? []) { touched.insert(.files) }
        try unreadable.set(RecordFolder.track(item.id).path, to: item.problems)
    }

    private mutating func count(_ track: PreparedTrack) {
        touch(track.audience)
        added.tracks += 1
        added.conflicts += track.conflicts
    }

    private mutating func touch(_ audience: TrackTable.Audience) {
        if let owner = audience.owner { touched.insert(.person(owner)) }
        touched.formUnion(audience.workspaces.map(ViewTable.Part.workspace))
    }

    private mutating func setConflicts(of folder: RecordFolder, to number: Int) throws {
        let path = Value.text(folder.path)
        let before = try database.prepare("SELECT number FROM conflicts WHERE folder = ?")
        try before.bind([path])
        if try before.step() { added.conflicts -= Int(before.integer(0)) }
        before.reset()
        if number == 0 { return try database.run("DELETE FROM conflicts WHERE folder = ?", path) }
        try database.run("INSERT OR REPLACE INTO conflicts VALUES(?, ?)", path, .integer(Int64(number)))
        added.conflicts += number
    }

    // MARK: From nothing

    /// Makes all rows.
    mutating func build() throws {
        for table in IndexSchema.derivedTables { try database.execute("DELETE FROM \(table)") }
        try database.execute("DELETE FROM views")
        // Sorted once at the end, not at each row.
        try IndexSchema.dropOrders(in: database)
        try PreparedTracks(allOf: snapshot, summaries.loaded()).forEach { prepared in
            for track in prepared {
                rows += 1
                try unreadable.add(track.problems, of: RecordFolder.track(track.id).path)
                guard let track = track.row else { continue }
                try tracks.insert(track)
                count(track)
            }
        }
        try tracks.enterAllWords()
        try IndexSchema.createOrders(in: database)
        let beside = try snapshot.foldersBesideTracks()
        for folder in beside { if case .post = folder {} else { try refresh(folder) } }
        for case .workspace(let workspace) in beside {
            for (id, tree) in try snapshot.postFolders(of: workspace) {
                rows += 1
                try refresh(id, of: workspace, at: tree)
            }
        }
        touched.formUnion([.tracks, .files, .people, .store])
        try finish()
    }

    private mutating func finish() throws {
        try Counts(database).add(added.tracks, to: .tracks)
        try Counts(database).add(added.conflicts, to: .conflicts)
        touched.formUnion(histories.keys.map(ViewTable.Part.history))
        try ViewTable(database).touch(touched, turn: turn, version: snapshot.version)
    }
}
