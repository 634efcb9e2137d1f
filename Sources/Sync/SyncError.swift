import Files
import Git
import Store

/// Why a remote could not be used: what, which, and what to do.
public struct SyncError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Sendable, Equatable {
        /// The remote cannot be reached now; perhaps later.
        case offline
        /// It is not what it should be, and is not touched.
        case refused
        /// We are not allowed to, or do not believe that it is the right one.
        case denied
        /// Somebody here wanted an end.
        case stopped
        case damaged, locked, raceLost, noSpace, readOnly, io
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

    /// Says that there is no remote at a place, or not any more.
    static func missing(_ place: FilePath) -> SyncError {
        SyncError(
            .offline, "there is no remote at \(place)",
            hint: "mount its disk and try again; if it has moved, `offbeat remote set-url` says where it is now")
    }

    /// Says what a failure of the file system means for a remote.
    init(_ error: FileError) {
        if error.isOutOfSpace {
            self.init(.noSpace, error.description, hint: "free some space there and try again")
        } else if error.isDenied {
            self.init(
                .readOnly, error.description, hint: "ask whoever owns the remote for permission to write there")
        } else {
            self.init(.io, error.description)
        }
    }

    /// Says what a failure of git means for a remote.
    init(_ error: GitError, at place: FilePath) {
        if let cause = error.cause as? FileError {
            self.init(cause)
            return
        }
        switch error.code {
        case .notFound, .corrupt, .wrongKind:
            self.init(
                .damaged, "the remote \(place) is damaged: \(error.message)",
                hint:
                    "nothing here was changed; `offbeat fsck --remote` says more, and with --repair mends what can be"
            )
        case .locked: self.init(.locked, "\(error.message)", hint: "try again when the other program is done")
        case .moved: self.init(.raceLost, "somebody else was faster at \(place)", hint: "try again")
        case .noSpace: self.init(.noSpace, error.message, hint: "free some space there and try again")
        case .invalid:
            self.init(
                .refused, "cannot use the remote \(place): \(error.message)",
                hint: "`offbeat remote add` makes a remote at a place where there is nothing yet")
        default: self.init(.io, "cannot use the remote \(place): \(error.message)")
        }
    }
}
