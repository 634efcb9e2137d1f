import Git

/// Merges the trees of whole versions. What comes of them follows from them alone, and which side is whose never matters.
protocol RootMerge: AnyObject {
    init(_ objects: ObjectOverlay)

    /// Whether one of two versions stands as it is where both came from the same changes, even if these were merged to
    /// different ends on the way.
    static var settlesByHistory: Bool { get }

    /// What a person should hear of.
    var report: MergeReport { get }

    /// Both trees together; nil where nothing is left.
    func merge(_ roots: Branches<ObjectID?>) throws(GitError) -> ObjectID?
}
