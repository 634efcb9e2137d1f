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
    /// Files of the past that no other place holds.
    private(set) var onlyHere: Set<ContentHash> = []
    /// Files of the past of which nobody knows whether another place holds them. They stay where they are: in quarantine, too,
    /// or a remote that is away at times would have them taken back again and again, and never go.
    private(set) var undecided: Set<Pointer> = []

    private let here: Set<Pointer>
    /// What others have said by which it is decided.
    let copies: CopiesFound
    private let keepQuarantine: Retention
    private let now: UInt64

    /// Decides about the files that are here and those in quarantine.
    init(for request: CollectionRequest, _ survey: CollectionSurvey, knowing copies: CopiesFound, now: UInt64) {
        here = Set(survey.found.here)
        self.copies = copies
        keepQuarantine = request.keepQuarantine
        self.now = now
        for file in survey.found.here where fate(of: file, survey.needs) == .goes { setAside.append(file) }
        for (shelf, items) in survey.found.setAside {
            for item in items { decide(item, setAsideAt: shelf.made, survey.needs) }
        }
    }

    private enum Fate { case goes, stays, isUndecided }

    private mutating func decide(_ item: Quarantine.Item, setAsideAt moment: UInt64, _ needs: FileNeeds) {
        if here.contains(item.pointer) { return delete.append(item) }
        switch fate(of: item.pointer, needs) {
        case .isUndecided: break
        case .stays: takeBack.append(item.pointer)
        case .goes: if !keepQuarantine.keeps(Int64(clamping: moment), now: now) { delete.append(item) }
        }
    }

    private mutating func fate(of file: Pointer, _ needs: FileNeeds) -> Fate {
        switch needs.verdict(on: file, isElsewhere: { copies[file] == .held }) {
        case .mayGo: return .goes
        case .mustStay(.onlyCopy):
            if copies[file] == .unknown {
                undecided.insert(file)
                return .isUndecided
            }
            onlyHere.insert(file.oid)
            return .stays
        case .mustStay: return .stays
        }
    }
}

/// What a collection has found: the files that it decides about, and what they are needed for.
struct CollectionSurvey {
    let found: FoundFiles
    let needs: FileNeeds
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
