/// Why there is no server, in one line.
public struct ServingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened, and what can be done.
    public let description: String

    init(_ words: String) { description = words }
}
