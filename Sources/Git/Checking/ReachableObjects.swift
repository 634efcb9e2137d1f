/// Goes through everything that can be reached from some objects, each object once, however damaged it is.
///
/// What cannot be read is told with the place where it hangs, and the walk goes on beside it. It ends, whatever the
/// objects claim: each is read once, and none whose claimed size is beyond reason.
public struct ReachableObjects {
    /// Where an object hangs: in which version, and where in its tree.
    public struct Place: Hashable, Sendable {
        /// The reference by which it was reached.
        public let reference: String
        /// The version; nil for one that is itself the object, or a tag.
        public let version: ObjectID?
        /// The path in the version's tree; nil for the commit.
        public let path: TreePath?
    }

    /// What the walk meets.
    public enum Visit {
        /// A commit that can be read.
        case commit(ObjectID, Commit)
        /// A file that can be read: its size, and its bytes if it is small.
        case blob(ObjectID, text: [UInt8]?, size: Int, Place)
        /// An object that is missing, damaged or of another kind than it must be.
        case unreadable(ObjectID, ObjectKind, Place, GitError)
    }

    /// More than any sound blob of a repository like this has.
    public static let blobLimit = 1 << 31
    /// The bytes of files up to this size are handed over: of all that may be pointers.
    static let textLimit = 1024

    private let repository: Repository
    private var seen: Set<ObjectID> = []
    /// Files by themselves: what is one and is also named as a folder must be looked at as both.
    private var seenFiles: Set<ObjectID> = []
    private var commits: [(id: ObjectID, place: Place)] = []

    /// Prepares to walk.
    public init(in repository: Repository) { self.repository = repository }

    /// How many objects were met so far.
    public var count: Int { seen.count + seenFiles.count }

    /// Walks from an object that a reference stands for: a commit, or a tag of one.
    ///
    /// - Parameter isEnd: whether the history is left alone from this commit on; not asked about the first.
    public mutating func walk(
        from id: ObjectID, of reference: String, endingAt isEnd: (ObjectID) throws -> Bool = { _ in false },
        _ visit: (Visit) throws -> Void
    ) throws {
        guard let target = try peeled(id, of: reference, visit) else { return }
        var next = 0
        commits = [(target, Place(reference: reference, version: nil, path: nil))]
        while next < commits.count {
            let (id, place) = commits[next]
            next += 1
            // The waiting line is cut now and then, so that it does not grow with the history.
            if next > 4096 {
                commits.removeFirst(next)
                next = 0
            }
            try visitCommit(id, place, isEnd, visit)
        }
        commits = []
    }

    /// The commit that a tag stands for, through tags of tags; nil where there is nothing more to walk from.
    private mutating func peeled(
        _ start: ObjectID, of reference: String, _ visit: (Visit) throws -> Void
    ) throws -> ObjectID? {
        var id = start
        let place = Place(reference: reference, version: nil, path: nil)
        while true {
            switch (try? repository.header(id))?.kind {
            case .commit, nil: return id
            case .tree: try visitTree(id, place, visit)
            case .blob: try visitBlob(id, place, visit)
            case .tag:
                guard seen.insert(id).inserted, let target = try target(ofTag: id, place, visit) else { return nil }
                id = target
                continue
            }
            return nil
        }
    }

    private mutating func target(
        ofTag id: ObjectID, _ place: Place, _ visit: (Visit) throws -> Void
    ) throws -> ObjectID? {
        do throws(GitError) {
            return try repository.target(ofTag: id)
        } catch {
            try tell(id, .tag, place, error, visit)
            return nil
        }
    }

    private mutating func visitCommit(
        _ id: ObjectID, _ place: Place, _ isEnd: (ObjectID) throws -> Bool, _ visit: (Visit) throws -> Void
    ) throws {
        guard seen.insert(id).inserted else { return }
        let commit: Commit
        do throws(GitError) { commit = try repository.readCommit(id) } catch {
            return try tell(id, .commit, place, error, visit)
        }
        try visit(.commit(id, commit))
        try visitTree(commit.tree, Place(reference: place.reference, version: id, path: .root), visit)
        for parent in commit.parents where try !seen.contains(parent) && !isEnd(parent) {
            commits.append((parent, Place(reference: place.reference, version: id, path: nil)))
        }
    }

    private mutating func visitTree(_ root: ObjectID, _ place: Place, _ visit: (Visit) throws -> Void) throws {
        var pending = [(id: root, path: place.path ?? .root)]
        while let (id, path) = pending.popLast() {
            guard seen.insert(id).inserted else { continue }
            let tree: Tree
            do throws(GitError) { tree = try repository.readTree(id) } catch {
                try tell(id, .tree, place.at(path), error, visit)
                continue
            }
            for entry in tree.entries where entry.mode != .submodule {
                if entry.isTree {
                    if !seen.contains(entry.id) { pending.append((entry.id, path.appending(entry.name))) }
                } else if !seenFiles.contains(entry.id) {
                    try visitBlob(entry.id, place.at(path.appending(entry.name)), visit)
                }
            }
        }
    }

    private mutating func visitBlob(_ id: ObjectID, _ place: Place, _ visit: (Visit) throws -> Void) throws {
        guard seenFiles.insert(id).inserted else { return }
        let found: (text: [UInt8]?, size: Int)
        do throws(GitError) {
            found = try repository.withBlob(id, limit: Self.blobLimit) { bytes in
                (bytes.count <= Self.textLimit ? Array(bytes) : nil, bytes.count)
            }
        } catch { return try tell(id, .blob, place, error, visit) }
        try visit(.blob(id, text: found.text, size: found.size, place))
    }

    private func tell(
        _ id: ObjectID, _ kind: ObjectKind, _ place: Place, _ error: GitError, _ visit: (Visit) throws -> Void
    ) throws {
        try visit(.unreadable(id, kind, place, error))
    }
}

extension ReachableObjects.Place {
    fileprivate func at(_ path: TreePath) -> Self { Self(reference: reference, version: version, path: path) }
}
