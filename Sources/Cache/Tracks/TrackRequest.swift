public import Blobs
public import Catalog
import SQLite

/// Which page of which list of tracks.
public struct TrackRequest: Sendable {
    /// Whose tracks are listed.
    public enum Scope: Sendable, Hashable {
        /// All of the store.
        case everything
        /// Those that this person may use.
        case usable(by: PersonID)
        /// None.
        case nothing
    }

    /// Whose they are.
    public var scope: Scope
    /// Who asks; what is found does not depend on it.
    public var person: PersonID?
    /// What they have to match.
    public var query: Query
    /// Only those of the person of this handle, or of this id where nobody has it.
    public var owner: String?
    /// Only those with all of these tags, to the letter.
    public var tags: [String] = []
    /// What they are sorted by.
    public var sort = SortKey.added
    /// At most so many.
    public var limit: Int?
    /// Those behind this one.
    public var after: TrackID?
    /// Not the first so many of them.
    public var skip = 0
    /// The time that ages are counted back from, in milliseconds since 1970.
    public var now: Int64
    /// Tells whether a file is here; asked only where the query does.
    public var isHere: @Sendable (Pointer) -> Bool

    /// Asks for tracks that match a query.
    public init(
        _ query: Query, in scope: Scope, now: Int64, isHere: @escaping @Sendable (Pointer) -> Bool
    ) {
        self.query = query
        self.scope = scope
        self.now = now
        self.isHere = isHere
    }

    func conditions(with vocabulary: Vocabulary) throws -> TrackConditions {
        var conditions = TrackConditions()
        conditions.require(scope)
        if let owner {
            conditions.require(
                """
                (owner IN (SELECT id FROM people WHERE handle = ?) \
                OR lower(hex(owner)) = ? AND owner NOT IN (SELECT id FROM people WHERE handle IS NOT NULL))
                """, .text(owner), .text(owner))
        }
        for tag in tags {
            conditions.require(
                "row IN (SELECT row FROM tags WHERE folded = ? AND tag = ?)", .text(Folding.fold(tag)), .text(tag))
        }
        try conditions.require(query, now: now, vocabulary)
        return conditions
    }

    /// Whether a file has to be here, and whether it must not; both where the query contradicts itself.
    var places: Set<Bool> {
        Set(
            query.terms.compactMap { term in
                if case .here(let wanted) = term.test { wanted != term.isNegated } else { nil }
            })
    }
}

/// A page of a list of tracks.
public struct TrackPage: Sendable {
    /// How many there are in all.
    public let total: Int
    /// Those of this page.
    public let rows: [TrackRow]
    /// Whether there are more behind them.
    public let hasMore: Bool
}
