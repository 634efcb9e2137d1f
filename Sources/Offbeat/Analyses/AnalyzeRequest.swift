public import Catalog

/// Which audio to analyse.
public struct AnalyzeRequest: Sendable {
    /// What names the tracks; none means all whose analysis is missing and whose audio is here.
    public var names: [String]
    /// Only the audio of this type, ``AnalysisTarget/master`` for the tracks' own.
    public var stem: String?
    /// Whether to compute what is known already.
    public var isForced = false
    /// How many files at once; without a number, as many as there are processors.
    public var jobs: Int?

    /// Asks for tracks.
    public init(_ names: [String] = []) { self.names = names }
}

/// What became of it.
public struct AnalyzeOutcome: Sendable {
    /// One audio whose analysis is there now.
    public struct Item: Sendable {
        /// The track.
        public let id: TrackID
        /// The type of the stem, or ``AnalysisTarget/master``.
        public let stem: String
        /// How long it took to compute, in milliseconds; nothing where it was there.
        public let milliseconds: Int64
        /// Whether it was computed now.
        public let isComputed: Bool
    }

    /// What is analysed now.
    public internal(set) var analyzed: [Item] = []
    /// What could not be analysed, and why.
    public internal(set) var failed: [(id: TrackID, stem: String, failure: Failure)] = []
}
