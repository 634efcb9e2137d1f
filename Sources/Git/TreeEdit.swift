/// Changes to a tree, collected and then applied at once.
///
/// They take effect as if done one after the other. Only the folders on touched paths are read and written, each
/// once; folders that end up empty vanish; what comes out as it was keeps its id.
public struct TreeEdit: Sendable {
    enum Action: Sendable {
        case put(EntryMode, ObjectID)
        case remove

        var isPut: Bool {
            if case .put = self { true } else { false }
        }
    }

    /// One change. `order` tells which of two for one path came later.
    struct Step: Sendable {
        let path: TreePath
        let order: Int
        let action: Action
    }

    private var steps: [Step] = []

    /// Creates an edit that changes nothing yet.
    public init() {}

    /// Whether nothing was asked for.
    public var isEmpty: Bool { steps.isEmpty }

    /// The paths at which changes were asked for, in the order of asking.
    public var paths: some Sequence<TreePath> { steps.lazy.map(\.path) }

    /// How many changes were asked for.
    public var count: Int { steps.count }

    /// Puts a file at a path, in place of whatever is there; folders above it are made, and files above it give way.
    public mutating func set(_ path: TreePath, blob id: ObjectID, mode: EntryMode = .blob) {
        steps.append(Step(path: path, order: steps.count, action: .put(mode, id)))
    }

    /// Puts a whole folder at a path, in place of whatever is there.
    public mutating func setTree(_ path: TreePath, _ id: ObjectID) {
        steps.append(Step(path: path, order: steps.count, action: .put(.tree, id)))
    }

    /// Removes the file or the whole folder at a path; it is no error when there is none.
    public mutating func remove(_ path: TreePath) {
        steps.append(Step(path: path, order: steps.count, action: .remove))
    }

    /// Makes room for that many changes.
    public mutating func reserveCapacity(_ count: Int) {
        steps.reserveCapacity(count)
    }

    /// Makes the changed tree and returns its id; nil when nothing is left in it.
    ///
    /// - Parameter base: the tree to change, in `repository`; nil for an empty one.
    /// - Throws: `tooDeep` for a path of more than `Git.maximumDepth` names, `invalid` for a file at the root.
    public func apply(
        to base: ObjectID?, reading repository: Repository, writing writer: ObjectWriter
    ) throws(GitError) -> ObjectID? {
        let sorted = isSorted ? steps : steps.sorted { Self.precedes($0, $1) }
        return try TreeEditor(steps: sorted, repository: repository, writer: writer).apply(to: base)
    }

    private var isSorted: Bool {
        zip(steps, steps.dropFirst()).allSatisfy { !Self.precedes($1, $0) }
    }

    /// Sorts by path so that all that is in one folder stands together, the folder itself first; then by age.
    private static func precedes(_ left: Step, _ right: Step) -> Bool {
        let order = left.path.bytes.withUnsafeBufferPointer { left in
            right.path.bytes.withUnsafeBufferPointer { right in compare(left, right) }
        }
        return order != 0 ? order < 0 : left.order < right.order
    }

    private static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let common = min(left.count, right.count)
        var index = 0
        while index < common, left[index] == right[index] { index += 1 }
        guard index < common else { return left.count - right.count }
        // Lower than any other byte, so that nothing comes between a folder and what is in it.
        let slash = UInt8(ascii: "/")
        if left[index] == slash { return -1 }
        if right[index] == slash { return 1 }
        return Int(left[index]) - Int(right[index])
    }
}
