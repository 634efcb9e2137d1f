public import Catalog

/// What became of the tracks whose files were to come, to stay or to go.
public struct ContentOutcome: Sendable {
    /// The tracks for which something is different now.
    public internal(set) var changed: [TrackID] = []
    /// How many bytes: those that came or went, or that are to come or may go now.
    public internal(set) var bytes: Int64 = 0
    /// The tracks for which it was not done, and why.
    public internal(set) var refused: [(id: TrackID, reason: String)] = []
}
