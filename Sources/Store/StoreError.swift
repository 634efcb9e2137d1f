import Blobs
import Catalog
public import Files
import Git

/// What went wrong with a store: what, which, and what to do.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Sendable, Equatable {
        case notAStore, newerFormat, notFound, ambiguous, exists, damaged, locked, raceLost
        case noSpace, readOnly, refused, tooLarge, io
        /// More would be made in a scratch store than may.
        case overQuota
        /// A file that was put is gone before a version named it.
        case fileGone
    }

    /// The kind.
    public let code: Code
    /// One line that says what and which.
    public let message: String
    /// One line that says what to do, where there is something.
    public let hint: String?

    /// Makes an error of a kind.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message with its hint.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }

    static func noSuchVersion(_ name: String) -> StoreError {
        StoreError(.notFound, "no version is named \(name)", hint: "`offbeat log` lists the versions")
    }
}

extension StoreError {
    /// Runs a step of the rooms below and says, should it fail, what was tried on what.
    static func wrapping<R: ~Copyable>(
        _ verb: String, _ what: String, _ step: () throws(GitError) -> R
    ) throws(StoreError) -> R {
        do { return try step() } catch { throw StoreError(error, verb: verb, what: what) }
    }

    /// Runs a step with files and says, should it fail, what that means for the store.
    static func wrappingFiles<R: ~Copyable>(_ step: () throws(FileError) -> R) throws(StoreError) -> R {
        do { return try step() } catch { throw StoreError(error) }
    }

    init(_ error: GitError, verb: String, what: String) {
        if let cause = error.cause as? FileError {
            self.init(cause)
            return
        }
        let text = "cannot \(verb) \(what): \(error.message)"
        switch error.code {
        case .notARepository:
            self.init(
                .notAStore, "\(what) is not an Offbeat store",
                hint: "make one with `offbeat init`, or name one with --store")
        case .notFound, .corrupt:
            self.init(
                .damaged, text,
                hint: "`offbeat fsck` says what is damaged, and `offbeat fsck --repair` mends what can be")
        case .locked: self.init(.locked, text, hint: "try again when the other program is done")
        case .moved: self.init(.raceLost, text, hint: "try again")
        case .noSpace: self.init(.noSpace, text, hint: "free some space and try again")
        default: self.init(.io, text)
        }
    }

    /// Says what a failure of the file system means for the store.
    public init(_ error: FileError) {
        if error.isOutOfSpace {
            self.init(.noSpace, error.description, hint: "free some space and try again")
        } else if error.isDenied {
            self.init(.readOnly, error.description, hint: "make the store writable")
        } else {
            self.init(.io, error.description)
        }
    }
}

extension StoreError {
    /// Says what a failure of the stored files means for the store.
    init(_ error: BlobError) {
        switch error.code {
        case .noSpace: self.init(.noSpace, error.message, hint: "free some space and try again")
        case .denied: self.init(.readOnly, error.message, hint: "make the store writable")
        case .overQuota: self.init(.overQuota, error.message)
        default: self.init(.io, error.message)
        }
    }
}
