public import Catalog

/// What became of putting records back to what they were.
public struct ReversalOutcome: Sendable {
    /// One record that is as it was before the step.
    public struct Change: Sendable {
        /// The record.
        public let folder: RecordFolder
        /// What the step had done to it, and what is taken back by this.
        public let kind: RecordChange.Kind
        /// The fields that were put back; none where the record came or went as a whole.
        public internal(set) var fields: [String]
    }

    /// What was left as it is.
    public struct Kept: Sendable {
        /// The record.
        public let folder: RecordFolder
        /// The field, and the element of a set behind a dot; nil for the record as a whole.
        public let field: String?
        /// Why.
        public let cause: Cause
    }

    /// Why something is left as it is.
    public enum Cause: Sendable {
        /// Somebody changed it since: the version that did, where it is known.
        case changed(by: HistoryEntry?)
        /// It was removed since.
        case removed
        /// It was added again since.
        case addedAgain
        /// It cannot be read.
        case unreadable
        /// It is not allowed, and why.
        case refused(String)
    }

    /// What was put back.
    public internal(set) var changes: [Change] = []
    /// What was left.
    public internal(set) var kept: [Kept] = []

    /// Nothing so far.
    public init() {}

    /// Whether nothing was put back, and nothing left either: there was nothing that could have been.
    public var isEmpty: Bool { changes.isEmpty && kept.isEmpty }
}

/// What putting back does to a record.
public enum ReversalStep: Sendable {
    /// Fields of it change.
    case change
    /// It goes.
    case remove
    /// It returns.
    case bringBack
}

/// How far somebody may put a record back. The store itself never asks who somebody is.
public enum ReversalPermission: Sendable {
    /// All of it.
    case all
    /// All but these fields, for this reason.
    case except([String], String)
    /// Not at all, for this reason.
    case none(String)
}

/// Says how far somebody may put a record back by a step.
public typealias ReversalPermissions = (RecordFolder, ReversalStep) throws -> ReversalPermission
