import Blobs
import Digest
import Files
import Git

/// Finds out what some files are needed for, as far as this computer knows.
struct NeedsSurvey {
    /// One repository, and what hangs in it alone: the store itself, or a guest's store over it.
    private struct Area {
        let repository: Repository
        /// The trees and blobs that references stand for.
        var trees: [PointerTable.Root] = []
        var blobs: [PointerTable.Root] = []
        /// The versions that no area before has.
        var versions: [ObjectID] = []
    }

    private let store: Store
    private let keeping: Retention
    private let isPastNeeded: Bool
    private let walk: PointerWalk
    private var graph = VersionGraph()
    private var areas: [Area] = []
    private var claimed: Set<ContentHash> = []
    /// The guests' stores that were entered.
    private var guests: [FilePath] = []

    /// Prepares to ask about these files; `report` is told how many objects were met.
    init(
        _ files: [Pointer], of store: Store, keeping: Retention, pastToo isPastNeeded: Bool = true,
        report: @escaping (Int) -> Void
    ) {
        self.store = store
        self.keeping = keeping
        self.isPastNeeded = isPastNeeded
        walk = PointerWalk(for: files, report: report)
    }

    /// Looks at everything that may need a file, by a survey that is made for it: once more, where a guest's store was taken
    /// away meanwhile. It needs nothing any more, but what was met on the way through it counts as looked at.
    static func needs(_ make: () -> NeedsSurvey) throws(StoreError) -> FileNeeds {
        while true {
            var survey = make()
            do throws(StoreError) { return try survey.needs() } catch {
                if survey.guests.allSatisfy({ FileSystem.exists($0) }) { throw error }
            }
        }
    }

    /// Looks at everything that may need a file. Throws `.damaged` where something of it cannot be read: then nobody
    /// knows what may go.
    private mutating func needs() throws(StoreError) -> FileNeeds {
        do {
            try store.repository.refresh()
            try enter(store.repository, name: "")
            for guest in try HistoryRoots.guests(of: store.path) { try enter(guest: guest) }
            try walkAll()
            return FileNeeds(walk.origins, claimed: claimed)
        } catch { throw Self.translated(error) }
    }

    private static func translated(_ error: any Error) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as GitError where error.code == .wrongKind || error.code == .tooLarge:
            StoreError(.damaged, "cannot read the history: \(error)", hint: "`offbeat fsck` says what is damaged")
        case let error as GitError: StoreError(error, verb: "read", what: "the history")
        case let error as BlobError: StoreError(error)
        case let error as FileError: StoreError(error)
        default: StoreError(.io, "\(error)")
        }
    }

    // MARK: Roots

    private mutating func enter(guest: FilePath) throws {
        let name = guest.lastComponent?.string ?? ""
        guests.append(guest)
        do {
            try enter(try Repository(at: guest), name: "scratch/\(name): ")
        } catch {
            throw StoreError(
                .damaged, "the guest's store \(guest) cannot be read, so nobody knows what it needs: \(error)",
                hint: "end the guest, or remove the directory if nobody needs it")
        }
    }

    private mutating func enter(_ repository: Repository, name: String) throws {
        let isGuest = !areas.isEmpty
        claimed.formUnion(
            try Self.claims(of: isGuest ? BlobStore(directory: Store.files(in: repository.path)) : store.blobs))
        var area = Area(repository: repository)
        let roots = try HistoryRoots(of: repository)
        for root in roots.references {
            try enter(root.id, as: .head(name + root.name), &area)
            // What a guest has seen of its remotes says nothing about ours.
            if !isGuest, root.name.utf8.starts(with: "refs/remotes/".utf8) { graph.confirm(root.id) }
        }
        for root in roots.remembered where graph.nodes[root.id] == nil && repository.contains(root.id) {
            try enter(root.id, as: .head(name + root.name), &area)
        }
        areas.append(area)
    }

    /// Without a journal nobody here has claimed anything, and asking would make one.
    static func claims(of blobs: BlobStore) throws(BlobError) -> Set<ContentHash> {
        let hasJournal = FileSystem.exists(blobs.directory.appending("journal"))
        let claimed = hasJournal ? try blobs.journal.claimed() : []
        return claimed.union(try Lease.current(in: blobs.directory))
    }

    /// Enters what a reference stands for, through tags.
    private mutating func enter(_ start: ObjectID, as origin: FileNeeds.Origin, _ area: inout Area) throws(GitError)
    {
        var id = start
        while case .tag = try area.repository.header(id).kind { id = try area.repository.target(ofTag: id) }
        switch try area.repository.header(id).kind {
        case .blob: area.blobs.append(.init(id: id, origin: origin))
        case .tree, .tag: area.trees.append(.init(id: id, origin: origin))
        case .commit:
            area.versions += try graph.add(from: id, in: area.repository)
            if let node = graph.nodes[id] { area.trees.append(.init(id: node.tree, origin: origin)) }
        }
    }

    // MARK: Walking

    /// The needs that bind most come first, in all areas, so that each file is told with the strongest.
    private func walkAll() throws {
        for area in areas {
            try walk.walk(trees: area.trees, in: area.repository.path)
            try walk.walk(blobs: area.blobs, in: area.repository.path)
        }
        guard isPastNeeded else { return }
        let now = store.context.now()
        let recent = graph.recent { keeping.keeps($0, now: now) }
        try walkVersions { graph.confirmed.contains($0) ? nil : .unsynced(Version($0)) }
        try walkVersions { recent.contains($0) ? .recent(Version($0)) : nil }
        try walkVersions { .past(Version($0)) }
    }

    private func walkVersions(_ origin: (ObjectID) -> FileNeeds.Origin?) throws {
        for area in areas {
            let trees = area.versions.compactMap { id in
                graph.nodes[id].flatMap { node in origin(id).map { PointerTable.Root(id: node.tree, origin: $0) } }
            }
            try walk.walk(trees: trees, in: area.repository.path)
        }
    }
}
