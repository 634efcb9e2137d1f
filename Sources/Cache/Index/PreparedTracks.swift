import Blobs
import Catalog
import Digest
import Files
import Git
import Store
import Synchronization

/// Tracks of a version, prepared for the index a portion after the other: while one is entered, the next two are read.
struct PreparedTracks {
    /// What came of one track.
    struct Item: Sendable {
        let id: TrackID
        /// What is to be entered; nil where there is no track, or its record cannot be read.
        var row: PreparedTrack?
        /// What of it cannot be read.
        var problems: [UnreadableRecord] = []
    }

    /// So many are not worth a thread.
    private static let few = 16

    private let snapshot: Snapshot
    private let summaries: AnalysisSummaries
    /// The folder of each, where that is known.
    private let folders: [(id: TrackID, folder: ObjectID?)]
    private let portion: Int

    /// All of the version, in the order of ids.
    init(allOf snapshot: Snapshot, _ summaries: AnalysisSummaries) throws(StoreError) {
        self.snapshot = snapshot
        self.summaries = summaries
        folders = try snapshot.trackFolders().map { ($0.id, $0.folder) }
        portion = 4096
    }

    /// These, in this order.
    init(_ ids: [TrackID], of snapshot: Snapshot, _ summaries: AnalysisSummaries) {
        self.snapshot = snapshot
        self.summaries = summaries
        folders = ids.map { ($0, nil) }
        portion = 128
    }

    /// Calls `body` with each portion.
    func forEach(_ body: ([Item]) throws -> Void) throws {
        if folders.count <= Self.few { return try body(Self.prepare(folders[...], of: snapshot, summaries)) }
        // To read a record takes longer than to enter it, so two are at it.
        var ahead = [begin(at: 0), begin(at: portion)]
        for start in stride(from: 0, to: folders.count, by: portion) {
            let items = try ahead.removeFirst().result()
            ahead.append(begin(at: start + 2 * portion))
            try body(items)
        }
    }

    private func begin(at start: Int) -> Preparation {
        Preparation(snapshot, summaries, folders[min(start, folders.count)..<min(start + portion, folders.count)])
    }

    fileprivate static func prepare(
        _ folders: ArraySlice<(id: TrackID, folder: ObjectID?)>, of snapshot: Snapshot,
        _ summaries: AnalysisSummaries
    ) throws -> [Item] {
        try folders.map { id, known in
            guard let folder = try known ?? snapshot.trackFolder(id) else { return Item(id: id) }
            switch try snapshot.read(id, in: folder) {
            case .unreadable(let record): return Item(id: id, problems: [record])
            case .track(let track):
                return Item(
                    id: id, row: PreparedTrack(track, at: folder, summaries[track.audio?.pointer.oid]),
                    problems: track.unreadableStems)
            }
        }
    }
}

/// A portion that a thread of its own prepares.
private final class Preparation: Sendable {
    private let items: Box
    private let work: BackgroundWork

    private final class Box: Sendable {
        let items = Mutex<[PreparedTracks.Item]>([])
    }

    init(
        _ snapshot: Snapshot, _ summaries: AnalysisSummaries,
        _ folders: ArraySlice<(id: TrackID, folder: ObjectID?)>
    ) {
        let box = Box()
        items = box
        work = BackgroundWork {
            let items = try PreparedTracks.prepare(folders, of: snapshot, summaries)
            box.items.withLock { $0 = items }
        }
    }

    func result() throws -> [PreparedTracks.Item] {
        try work.wait()
        return items.items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
