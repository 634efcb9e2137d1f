import Blobs
public import Store

/// What came of bringing a store and a remote together.
public struct RoundReport: Sendable {
    /// The head before.
    public internal(set) var from: Version
    /// The head after.
    public internal(set) var to: Version
    /// How many versions came.
    public internal(set) var pulled = 0
    /// How many versions went.
    public internal(set) var pushed = 0
    /// Whether a merge was made.
    public internal(set) var isMerge = false
    /// What was decided on the way.
    public internal(set) var merges = MergeReport()
    /// Files that went, and their bytes.
    public internal(set) var uploaded = (files: 0, bytes: Int64(0))
    /// How often it was tried, the last time included.
    public internal(set) var rounds = 0
    /// How many versions the remote had lost, as when a backup was put back, and has again.
    public internal(set) var restored = 0

    init(from version: Version) {
        from = version
        to = version
    }
}
