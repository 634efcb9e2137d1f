public import Catalog
public import Git

extension Snapshot {
    /// Visits every track, in the order of ids. This is the whole library: nothing on a hot path may call it.
    public func forEachTrack(_ visit: (TrackReading) throws -> Void) throws {
        try forEachTrackFolder { id, folder in try visit(read(id, in: tree(folder))) }
    }

    /// All tracks, and the folder of each, by which ``read(_:in:)`` finds it without a walk. No record is read.
    public func trackFolders() throws(StoreError) -> [(id: TrackID, folder: ObjectID)] {
        var found: [(id: TrackID, folder: ObjectID)] = []
        do {
            try forEachTrackFolder { id, folder in found.append((id, folder)) }
        } catch let error as StoreError { throw error } catch {}
        return found
    }

    /// Visits the ids of all tracks without reading their records.
    public func forEachTrackID(_ visit: (TrackID) throws -> Void) throws {
        try forEachTrackFolder { id, _ in try visit(id) }
    }

    /// How many tracks there are: the folders are counted, none is read.
    public func trackCount() throws(StoreError) -> Int {
        var count = 0
        do { try forEachTrackID { _ in count += 1 } } catch let error as StoreError { throw error } catch {}
        return count
    }

    /// How many posts there are, in all workspaces: their folders are counted, none is read.
    public func postCount() throws(StoreError) -> Int {
        var count = 0
        for workspace in try folder(at: "workspaces")?.entries ?? [] where workspace.mode == .tree {
            for shelf in try folder(at: "workspaces/\(workspace.name.string)/posts")?.entries ?? [] {
                guard shelf.mode == .tree else { continue }
                count += try tree(shelf.id).entries.count { $0.mode == .tree && PostID($0.name.string) != nil }
            }
        }
        return count
    }

    /// The tracks whose id begins with these digits.
    public func trackIDs(withPrefix prefix: String) throws(StoreError) -> [TrackID] {
        var found: [TrackID] = []
        let digits = Array(prefix.prefix(3)).map(String.init)
        guard digits.count == 3, let folder = try folder(at: (["tracks"] + digits).joined(separator: "/")) else {
            return []
        }
        for entry in folder.entries where entry.mode == .tree {
            guard let id = TrackID(entry.name.string), id.description.hasPrefix(prefix) else { continue }
            found.append(id)
        }
        return found
    }

    /// Finds the tracks whose folder holds a given audio pointer, by the pointer's blob.
    func tracks(holding pointers: Set<ObjectID>) throws -> [ObjectID: [TrackID]] {
        var found: [ObjectID: [TrackID]] = [:]
        try forEachTrackFolder { id, folder in
            for entry in try tree(folder).entries where pointers.contains(entry.id) {
                if FileExtension(of: entry.name, stem: "audio") != nil { found[entry.id, default: []].append(id) }
            }
        }
        return found
    }

    private func forEachTrackFolder(_ visit: (TrackID, ObjectID) throws -> Void) throws {
        guard let tracks = try folder(at: "tracks") else { return }
        try descend(tracks, depth: 3, visit)
    }

    private func descend(_ tree: Tree, depth: Int, _ visit: (TrackID, ObjectID) throws -> Void) throws {
        for entry in tree.entries where entry.mode == .tree {
            if depth > 0 {
                try descend(self.tree(entry.id), depth: depth - 1, visit)
            } else if let id = TrackID(entry.name.string) {
                try visit(id, entry.id)
            }
        }
    }
}
