import Blobs
import Catalog
import Files
import Git
import Store

/// What earlier additions left behind: which files held what, and which tracks they became, as of one version.
///
/// Tracks are told only where everybody sees all of them; elsewhere each is looked up for the person who asks.
struct Recollection: Sendable {
    private let store: Store
    private let files: KnownFiles
    /// The version as of which tracks are told; nil where none are.
    let version: Version?

    /// Brings what is known up to the store's present version, at the cost of what changed since.
    init(of store: Store, sharing: Sharing, settledAfter: Double) throws {
        self.store = store
        files = KnownFiles(at: Self.place(in: store.path), settledAfter: settledAfter)
        guard sharing == .everyone else {
            version = nil
            return
        }
        let now = try store.version()
        version = now
        let stamp = files.stamp()
        guard stamp != now.description else { return }
        let old = stamp.flatMap { ObjectID(hex: $0) }.map(Version.init)
        let changed = old.flatMap { try? Self.tracks(in: store, changedFrom: $0, to: now) }
        files.agree(from: stamp, to: now.description, without: changed.map { $0.map(\.bytes) })
    }

    /// Where a store keeps it.
    static func place(in store: FilePath) -> FilePath { store.appending("cache/known-files") }

    /// The tracks that are not the same in both versions.
    private static func tracks(
        in store: Store, changedFrom old: Version, to new: Version
    ) throws(StoreError) -> Set<TrackID> {
        var changed: Set<TrackID> = []
        for change in try store.changes(from: old, to: new) {
            if case .track(let id)? = change.folder { changed.insert(id) }
        }
        return changed
    }

    /// The tracks of which nothing told here holds in a later version.
    func tracks(changedIn later: Version) throws(StoreError) -> Set<TrackID> {
        guard let version, version != later else { return [] }
        return try Self.tracks(in: store, changedFrom: version, to: later)
    }

    // MARK: Asking

    /// What is known of the files in a folder: of all of them where all are asked for, else of these.
    func files(in folder: FileSearch.Folder, _ status: FileStatus, named names: [FilePath]) -> [FilePath:
        KnownFiles.Known]
    {
        let stamp = version?.description
        if folder.isWalked { return files.files(in: status, asOf: stamp) }
        var found: [FilePath: KnownFiles.Known] = [:]
        for name in names { found[name] = files.file(named: name, in: status, asOf: stamp) }
        return found
    }

    // MARK: Remembering

    /// Remembers files that are durable in the store, and no track yet.
    func remember(_ sightings: [KnownFiles.Sighting], readAfter moment: FileTime) {
        files.remember(sightings, readAfter: moment)
    }

    /// Remembers files with the tracks that they are in a later version; `changed` are all tracks that may be others
    /// there.
    func remember(
        _ sightings: [KnownFiles.Sighting], readAfter moment: FileTime?, asOf later: Version,
        changing changed: Set<TrackID>
    ) {
        if let version, version != later {
            files.agree(from: version.description, to: later.description, without: changed.map(\.bytes))
        }
        guard let moment else { return }
        files.remember(sightings, readAfter: moment, asOf: version == nil ? nil : later.description)
    }
}
