public import Files

/// Why a feed could not be written.
public enum FeedError: Error, Sendable {
    /// What it says of itself makes no feed.
    case setting(String)
    /// A file of a post cannot be laid down.
    case medium(String)
    /// The posts that are out already could not be told.
    case items(String)
    /// A file or folder would not do; readers see what they saw before.
    case file(FileError)
    /// One of the two documents may be the new one, and the other still the old.
    case halfway(FileError)
    /// Somebody wants an end; readers see what they saw before.
    case stopped
    /// The time is over in which something may be sent; readers see what they saw before.
    case late

    /// Whether readers may see something new already.
    var isHalfway: Bool {
        if case .halfway = self { true } else { false }
    }
}

extension FeedError: CustomStringConvertible {
    /// One line: what was not to be had, and what to do.
    public var description: String {
        switch self {
        case .setting(let text), .medium(let text): text
        case .items(let text): "the posts that are in the feed already cannot be told: \(text)"
        case .file(let error): error.description
        case .halfway(let error): "the feed may be half replaced: \(error); write it again"
        case .stopped: "the feed was not written: somebody wanted an end"
        case .late: "the feed was not written: it was too late for it"
        }
    }
}
