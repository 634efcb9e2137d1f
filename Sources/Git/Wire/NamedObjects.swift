/// What the objects of a pack name that arrives, gathered while they are unpacked: so nothing has to be read once more to
/// find out whether something is lacking.
///
/// It holds each id that was named once, and no more of them than the pack has objects: a pack that names more lacks some of
/// it. Not for two threads at once.
final class NamedObjects {
    private var commits: Set<ObjectID> = []
    private var trees: Set<ObjectID> = []
    private var files: Set<ObjectID> = []
    /// How many objects the pack has.
    private let limit: Int
    /// False once something was met by which it is not known any more, or known that something is lacking.
    private(set) var isSound = true

    init(atMost limit: Int) { self.limit = limit }

    /// Whether what objects of this kind name is wanted.
    static func isWanted(_ kind: ObjectKind) -> Bool { kind == .commit || kind == .tree }

    /// Notes what an object names.
    func note(_ kind: ObjectKind, _ bytes: [UInt8]) {
        guard isSound else { return }
        do throws(GitError) {
            switch kind {
            case .commit:
                let commit = try Commit(parsing: bytes)
                trees.insert(commit.tree)
                commits.formUnion(commit.parents)
            case .tree:
                for entry in try Tree(parsing: bytes).entries where entry.mode != .submodule {
                    if entry.isTree { trees.insert(entry.id) } else { files.insert(entry.id) }
                }
            case .blob, .tag: break
            }
        } catch { return giveUp() }
        if commits.count + trees.count + files.count > limit { giveUp() }
    }

    /// Notes that there is an object about which nothing is known.
    func giveUp() {
        isSound = false
        (commits, trees, files) = ([], [], [])
    }

    /// Whether all that was named is among these, each of the kind that it was named as.
    func isClosed(by ids: [ObjectID], _ kinds: [UInt8]) -> Bool {
        guard isSound else { return false }
        for (id, kind) in zip(ids, kinds) {
            switch ObjectKind(rawValue: Int32(kind)) {
            case .commit: commits.remove(id)
            case .tree: trees.remove(id)
            case .blob: files.remove(id)
            case .tag, nil: break
            }
        }
        return commits.isEmpty && trees.isEmpty && files.isEmpty
    }
}
