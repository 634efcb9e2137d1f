/// What a git object is. The raw values are those of packs and of libgit2.
public enum ObjectKind: Int32, Sendable, Hashable, CaseIterable {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4

    /// The word that opens the object's header, which is part of what its id is the hash of.
    public var word: String {
        switch self {
        case .commit: "commit"
        case .tree: "tree"
        case .blob: "blob"
        case .tag: "tag"
        }
    }
}
