/// Which files a sync brings to this computer by itself.
public enum ContentPolicy: String, Sendable, CaseIterable {
    /// All that the newest version names, but what was dropped here.
    case all
    /// Those of pinned tracks, and the images of posts.
    case pinned
    /// None: they come one by one, when somebody fetches them.
    case none
}
