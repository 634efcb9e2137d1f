public import Catalog
public import Files
public import Store

/// What is to be added, and what is said of it beforehand.
public struct AddRequest: Sendable {
    /// Files, and folders to walk.
    public var paths: [FilePath]
    /// The title, where a single file is added.
    public var title: String?
    /// The artist of all of them.
    public var artist: String?
    /// The album of all of them.
    public var album: String?
    /// Tags for all of them.
    public var tags: [String] = []
    /// The owner's handle; else who acts.
    public var owner: String?
    /// Remove each original once its bytes are durable in the store, and verified there.
    public var movesOriginals = false
    /// How much of a large addition is begun before it is made durable.
    public var pace = Pace()

    /// When a large addition is made durable on the way, so that one that is cut off need not begin again.
    public struct Pace: Sendable {
        /// After so many new bytes.
        public var bytes: Int64 = 1 << 30
        /// Or after so many seconds.
        public var seconds: Double = 30
        /// How many seconds ago a file must have changed last, to be known again by its times.
        public var settledAfter: Double = 2

        /// The usual pace.
        public init() {}
    }

    /// Asks for these files and folders.
    public init(paths: [FilePath]) { self.paths = paths }
}

/// What became of an `AddRequest`.
public struct AddOutcome: Sendable {
    /// The version that holds what was added.
    public internal(set) var version: Version
    /// The new tracks, in the order of the files.
    public internal(set) var added: [TrackSummary] = []
    /// The tracks whose audio was replaced.
    public internal(set) var replaced: [TrackSummary] = []
    /// The tracks that have this audio already.
    public internal(set) var present: [TrackID] = []
    /// Those of them whose bytes were missing, and are here again.
    public internal(set) var returned: [TrackID] = []
    /// What is no audio, met in a folder.
    public internal(set) var skipped: [FilePath] = []
    /// Those of them whose names call them audio that a decoder may read, where none is set.
    public internal(set) var undecoded: [FilePath] = []
    /// Files of an export's list that are not in its folder any more. Nothing is done to their tracks.
    public internal(set) var missing: [(path: FilePath, id: TrackID)] = []
    /// The originals that were removed.
    public internal(set) var moved: [FilePath] = []
    /// What could not be added, or not be removed, and why.
    public internal(set) var failed: [(path: FilePath, failure: Failure)] = []
}
