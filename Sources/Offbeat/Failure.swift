import Audio
import Blobs
import Catalog
import Files
import Git
import Guests
import Processes
import Store
import Sync

/// Why something was not done: what, which, and what to do. The one error that leaves this floor.
public struct Failure: Error, Sendable, CustomStringConvertible {
    /// The kinds that scripts tell apart; the raw value is what they see.
    public enum Code: String, Sendable, CaseIterable {
        case usage
        case notFound = "not-found"
        case ambiguous
        case notAStore = "not-a-store"
        case notAllowed = "not-allowed"
        case wrongState = "wrong-state"
        case overLimit = "over-limit"
        case newerFormat = "newer-format"
        case damaged
        case noSpace = "no-space"
        case readOnly = "read-only"
        case notAudio = "not-audio"
        case changed
        case io
        case offline
        case locked
        case raceLost = "race-lost"
        case interrupted
    }

    /// The kind.
    public let code: Code
    /// One line that says what and which.
    public let message: String
    /// What to do, where there is something.
    public let hint: String?

    /// Makes a failure of a kind.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message with its hint.
    public var description: String { hint.map { "\(message); \($0)" } ?? message }

    /// Says what any error of the rooms below means to a person.
    public init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as StoreError: self.init(error)
        case let error as SyncError: self.init(error)
        case let error as GuestError: self.init(error)
        case let error as BlobError: self.init(error)
        case let error as AudioError: self.init(.notAudio, error.description)
        case let error as FileError: self.init(error)
        case let error as ProcessError: self.init(error)
        case let error as GitError: self.init(.io, error.description)
        case let error as CatalogError:
            self.init(error.code == .overLimit ? .overLimit : .usage, error.description)
        default: self.init(.io, "\(error)")
        }
    }

    private init(_ error: StoreError) {
        let code: Code =
            switch error.code {
            case .notAStore: .notAStore
            case .newerFormat: .newerFormat
            case .notFound: .notFound
            case .ambiguous: .ambiguous
            case .exists, .refused: .wrongState
            case .damaged: .damaged
            case .locked: .locked
            case .raceLost, .fileGone: .raceLost
            case .noSpace: .noSpace
            case .readOnly: .readOnly
            case .tooLarge, .overQuota: .overLimit
            case .io: .io
            }
        self.init(code, error.message, hint: error.hint)
    }

    private init(_ error: SyncError) {
        let code: Code =
            switch error.code {
            case .offline: .offline
            case .refused, .denied: .notAllowed
            case .stopped: .interrupted
            case .damaged: .damaged
            case .locked: .locked
            case .raceLost: .raceLost
            case .noSpace: .noSpace
            case .readOnly: .readOnly
            case .io: .io
            }
        self.init(code, error.message, hint: error.hint)
    }

    private init(_ error: GuestError) {
        let code: Code =
            switch error.code {
            case .notFound: .notFound
            case .ambiguous: .ambiguous
            case .expired: .wrongState
            case .inUse: .locked
            case .damaged: .damaged
            }
        self.init(code, error.message, hint: error.hint)
    }

    private init(_ error: ProcessError) {
        let code: Code =
            switch error.code {
            case .notFound, .notRunnable: .notFound
            case .badCommand: .usage
            case .stopped: .interrupted
            case .tooMuchOutput: .overLimit
            case .timedOut, .closed, .io: .io
            }
        self.init(code, error.description)
    }

    private init(_ error: FileError) {
        switch error.code {
        case .notFound: self.init(.notFound, error.description)
        case _ where error.isOutOfSpace:
            self.init(.noSpace, error.description, hint: "free some space and try again")
        case .readOnly, .permission: self.init(.readOnly, error.description)
        default: self.init(.io, error.description)
        }
    }

    private init(_ error: BlobError) {
        switch error.code {
        case .noSpace: self.init(.noSpace, error.description, hint: "free some space and try again")
        case .changed: self.init(.changed, error.description, hint: "add it again when nothing writes to it")
        case .missing: self.init(.notFound, error.description)
        case .overQuota:
            self.init(
                .overLimit, error.description,
                hint: "nothing was changed; `offbeat rm` what you do not need, then `offbeat gc`")
        case .damaged: self.init(.damaged, error.description)
        case .denied: self.init(.readOnly, error.description, hint: "make it readable, or the store writable")
        default: self.init(.io, error.description)
        }
    }
}
