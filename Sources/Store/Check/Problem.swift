import Blobs
import Catalog
import Files
import Git

/// One thing that is wrong with a store, and what to do about it.
public struct Problem: Sendable, Hashable {
    /// What it is that is wrong. The raw values are those that scripts see.
    public enum Kind: String, Sendable, CaseIterable {
        /// An object of git: a version, a folder or a file of the history.
        case object
        /// A pack of such objects, or its index.
        case pack
        /// `HEAD`, a branch or a tag, or the file of packed references.
        case ref
        /// A record that cannot be read, or that speaks of another file than it should.
        case record
        /// A pointer that is missing, or is none, or has no record.
        case pointer
        /// A stored file: audio or an image.
        case file
        /// The list of which files are here.
        case journal
        /// This copy's own id and clock.
        case replica
        /// A lock of git that was left behind.
        case lock
        /// Settings, or the store's own record.
        case config
    }

    /// What is wrong.
    public let kind: Kind
    /// Which one: a path, an id or a hash.
    public let what: String
    /// What it means and what to do, in a sentence.
    public internal(set) var detail: String
    /// Whether it was seen to be mended.
    public internal(set) var repaired = false

    let remedy: Remedy

    /// What it means, without what to do.
    let statement: String

    init(_ kind: Kind, _ what: String, _ statement: String, _ advice: String, remedy: Remedy = .none) {
        self.kind = kind
        self.what = what
        self.statement = statement
        detail = "\(statement); \(advice)"
        self.remedy = remedy
    }

    /// A problem that another room has found, and sees to itself.
    public init(_ kind: Kind, _ what: String, saying statement: String, advising advice: String) {
        self.init(kind, what, statement, advice)
    }

    /// The same after somebody tried to mend it; `outcome` takes the place of the advice.
    public func seenTo(_ outcome: String, isMended: Bool) -> Problem {
        var problem = self
        problem.detail = "\(statement); \(outcome)"
        problem.repaired = isMended
        return problem
    }

    /// What tells two of them apart.
    var key: Key { Key(kind: kind, what: what) }

    struct Key: Hashable {
        let kind: Kind
        let what: String
    }
}

/// What can be done about a problem, for whoever repairs.
enum Remedy: Sendable, Hashable {
    /// Nothing, or nothing without a person.
    case none
    /// An object is needed again; a damaged file of its own is in the way.
    case object(ObjectID, ObjectKind)
    /// A pack's index is made anew, or what is sound in the pack is kept.
    case pack(PackReading)
    /// `HEAD` names the branch again.
    case head
    /// Damaged lines leave `packed-refs`.
    case packedReferences
    /// A branch or tag goes back to what its log says last.
    case reference(String)
    /// A pointer is written again.
    case pointer(RecordPath, Pointer)
    /// Bytes that plain git committed in a pointer's place become a file.
    case rawFile(RecordPath, ObjectID)
    /// The attributes by which git-lfs knows its files are written again.
    case attributes
    /// What is known of the audio is read again.
    case facts(TrackID, StemType?)
    /// A file is looked for elsewhere.
    case file(Pointer)
    /// The journal is made anew.
    case journal
    /// The copy gets an id of its own.
    case replica
    /// A lock that nobody can hold is removed.
    case lock(FilePath)
    /// The settings that can still be read are kept.
    case configuration
    /// The store's own record comes back from an earlier version.
    case storeRecord
}
