public import Catalog

/// What a person decides about a field of which a merge kept more than one value.
public enum ConflictChoice: Sendable {
    /// What stands goes on standing.
    case current
    /// One of those that lost takes its place.
    case other(Conflict)
    /// A new value does, or none.
    case value(JSON?)
    /// The same, as a person writes it.
    case text(String)
}
