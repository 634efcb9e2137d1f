public import Git

/// What the two branches of a remote stand at; nil where there is none.
public struct RemoteHeads: Hashable, Sendable {
    /// The branch of the records.
    public var main: ObjectID?
    /// The branch of the analyses.
    public var analyses: ObjectID?

    /// Notes what they stand at.
    public init(main: ObjectID? = nil, analyses: ObjectID? = nil) {
        self.main = main
        self.analyses = analyses
    }

    /// Those that are there.
    public var all: [ObjectID] { [main, analyses].compactMap { $0 } }
}
