/// What came of writing a feed.
public struct FeedOutcome: Sendable, Hashable {
    /// How many posts it has.
    public internal(set) var items = 0
    /// How many files were laid beside it that did not lie there.
    public internal(set) var copied = 0
    /// Whether readers see anything new.
    public internal(set) var isChanged = false
    /// The names of files that lie neither here nor there: their posts are told without them.
    public internal(set) var absent: [String] = []
}
