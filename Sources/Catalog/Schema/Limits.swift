/// The lengths that a person's edit may reach, in Unicode scalars, in one table.
///
/// They hold when something is written by a command. Records are *read* whatever the length, so that a value from
/// elsewhere, or one that a merge put together, never makes a record unreadable; `Catalog.recordLimit` bounds all.
public enum Limits {
    /// Title, artist, album and genre of a track; title of a post; a file's name.
    public static let title = 1_000
    /// A track's comment, a decision's note, an extension field (`x-…`).
    public static let comment = 10_000
    /// A post's text.
    public static let postText = 50_000
    /// A tag, a platform, a target's name.
    public static let tag = 100
    /// The name of a person, workspace or store; an e-mail address; a profile's key.
    public static let name = 200
    /// An address on the web.
    public static let url = 2_000
    /// The text of a marker.
    public static let marker = 1_000
    /// The name of a time zone.
    public static let zone = 64
    /// How many bytes the name of an extension field may have behind its `x-`.
    public static let extensionName = 64
    /// The years that a track may bear.
    public static let years: ClosedRange<Int64> = 0...9_999
    /// The numbers that a track may bear on its album.
    public static let trackNumbers: ClosedRange<Int64> = 1...9_999
    /// The ratings of a track.
    public static let ratings: ClosedRange<Int64> = 0...5
    /// The slowest and the fastest tempo; above the first, up to the second.
    public static let tempo: (above: Double, upTo: Double) = (0, 999)
}
