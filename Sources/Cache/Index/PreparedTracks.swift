import Catalog
import Files
import Git
import Store
import Synchronization

/// All tracks of a version, prepared for the index a portion after the other: while one is entered, the next is read.
struct PreparedTracks {
    /// What came of one track.
    struct Item: Sendable {
        let id: TrackID
        /// What is to be entered; nil where the record cannot be read.
        let row: PreparedTrack?
        /// What of it cannot be read.
        let problems: [UnreadableRecord]
    }

    private static let portion = 4096

    private let snapshot: Snapshot
    private let folders: [(id: TrackID, folder: ObjectID)]

    init(of snapshot: Snapshot) throws(StoreError) {
        self.snapshot = snapshot
        folders = try snapshot.trackFolders()
    }

    /// Calls `body` with each portion, in the order of ids.
    func forEach(_ body: ([Item]) throws -> Void) throws {
        var next = begin(at: 0)
        for start in stride(from: 0, to: folders.count, by: Self.portion) {
            let portion = try next.result()
            next = begin(at: start + Self.portion)
            try body(portion)
        }
    }

    private func begin(at start: Int) -> Preparation {
        Preparation(snapshot, folders[min(start, folders.count)..<min(start + Self.portion, folders.count)])
    }
}

/// A portion that a thread of its own prepares.
private final class Preparation: Sendable {
    private let items: Box
    private let work: BackgroundWork

    private final class Box: Sendable {
        let items = Mutex<[PreparedTracks.Item]>([])
    }

    init(_ snapshot: Snapshot, _ folders: ArraySlice<(id: TrackID, folder: ObjectID)>) {
        let box = Box()
        items = box
        work = BackgroundWork {
            var items: [PreparedTracks.Item] = []
            items.reserveCapacity(folders.count)
            for (id, folder) in folders {
                switch try snapshot.read(id, in: folder) {
                case .unreadable(let record): items.append(.init(id: id, row: nil, problems: [record]))
                case .track(let track):
                    items.append(
                        .init(id: id, row: PreparedTrack(track, at: folder), problems: track.unreadableStems))
                }
            }
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
