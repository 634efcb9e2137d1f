/// A repository's objects and references as Swift values.
///
/// This target is the only one that knows libgit2. It reads objects, references and settings through it, and
/// writes objects itself: loose files and packs that join the caller's one flush. It never touches a work tree,
/// never runs a program (no hooks, no filters, no credential helpers), never follows an include of a
/// repository's configuration, and knows nothing of records. No handle of libgit2 leaves it.
///
/// Begin with `Repository`; `Tree`, `Commit` and `ObjectID` are what it returns, `ObjectWriter` and `TreeEdit`
/// make new versions, `TreeDiff` tells what changed between two. With a git server somewhere else `Advertisement`,
/// `FetchSession` and `PushSession` speak, over a `WireChannel` that somebody else makes.
public enum Git {
    /// How many levels of folders are entered.
    ///
    /// A tree from elsewhere may be nested without end; what lies deeper than this is carried, never entered.
    public static let maximumDepth = 64
}
