import Blobs
import Digest
import Files

/// What a collection is going to do.
struct CollectionPlan {
    /// Files that nothing needs.
    private(set) var setAside: [Pointer] = []
    /// What was set aside earlier and is needed again.
    private(set) var takeBack: [Pointer] = []
    /// What was set aside long enough ago, or lies in `objects` as well.
    private(set) var delete: [Quarantine.Item] = []
    /// Files of the past that no other place is known to hold.
    private(set) var onlyHere: Set<ContentHash> = []

    private let here: Set<Pointer>
    private let request: CollectionRequest
    private let now: UInt64

    /// Decides about the files that are here and those in quarantine.
    init(
        for request: CollectionRequest, of store: Store, _ found: FoundFiles, _ needs: FileNeeds
    ) throws {
        here = Set(found.here)
        self.request = request
        now = store.context.now()
        for file in found.here {
            if try mayGo(file, at: store.blobs.path(of: file.oid), needs) { setAside.append(file) }
        }
        for (shelf, items) in found.setAside {
            for item in items { try decide(item, setAsideAt: shelf.made, needs) }
        }
    }

    private mutating func decide(_ item: Quarantine.Item, setAsideAt moment: UInt64, _ needs: FileNeeds) throws {
        if here.contains(item.pointer) { return delete.append(item) }
        guard try mayGo(item.pointer, at: item.path, needs) else { return takeBack.append(item.pointer) }
        if !request.keepQuarantine.keeps(Int64(clamping: moment), now: now) { delete.append(item) }
    }

    private mutating func mayGo(_ file: Pointer, at path: FilePath, _ needs: FileNeeds) throws -> Bool {
        let isElsewhere = request.isElsewhere
        switch try needs.verdict(on: file, isElsewhere: { try isElsewhere(file, path) }) {
        case .mayGo: return true
        case .mustStay(.onlyCopy): onlyHere.insert(file.oid)
        case .mustStay: break
        }
        return false
    }
}

/// The files that a collection decides about.
struct FoundFiles {
    let here: [Pointer]
    let setAside: [(shelf: Quarantine.Shelf, items: [Quarantine.Item])]

    /// Lists them. Whoever puts a file after that has claimed it before its name appeared, and claims are read later.
    init(in blobs: BlobStore) throws(BlobError) {
        here = try blobs.files()
        var setAside: [(shelf: Quarantine.Shelf, items: [Quarantine.Item])] = []
        for shelf in try blobs.quarantine.shelves() {
            setAside.append((shelf, try blobs.quarantine.items(on: shelf)))
        }
        self.setAside = setAside
    }

    var all: [Pointer] { here + setAside.flatMap { $0.items.map(\.pointer) } }
}
