public import Git

/// One state of a store, named by the commit that holds it.
public struct Version: Hashable, Sendable, CustomStringConvertible {
    /// The commit.
    public let id: ObjectID

    /// Names the version that a commit holds.
    public init(_ id: ObjectID) { self.id = id }

    /// All forty digits.
    public var description: String { id.hex }

    /// The digits that are shown to people.
    public var short: String { String(id.hex.prefix(10)) }
}
